import type { Solid } from "./description.ts";
import { placed } from "./solids.ts";
import type { Vector } from "./vector.ts";
import { yaw } from "./vector.ts";

/** A wall of the room: north lies ahead (z = length), south at z = 0, west at x = 0, east at x = width. */
export type Wall = "north" | "south" | "west" | "east";

/**
 * Furniture whose back is at z = 0 and whose front looks along z, put against a wall.
 *
 * @param along metres from the room's origin along the wall (x for north and south, z for west and east)
 * @param gap metres between the wall and the back
 * @param above metres above the floor
 */
export const against = (
  [width, , length]: Vector,
  wall: Wall,
  along: number,
  solids: readonly Solid[],
  gap = 0,
  above = 0,
): readonly Solid[] => {
  switch (wall) {
    case "north":
      return placed(solids, yaw(180), [along, above, length - gap]);
    case "south":
      return placed(solids, yaw(0), [along, above, gap]);
    case "west":
      return placed(solids, yaw(90), [gap, above, along]);
    case "east":
      return placed(solids, yaw(-90), [width - gap, above, along]);
  }
};
