import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior } from "../description.ts";
import { between, chance } from "../draws.ts";
import { basin, bathTub, paperRoll, toilet, towelRail } from "../furniture/bathroom_fittings.ts";
import { floorThing } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/lamps.ts";
import { door, radiator, windowOf } from "../furniture/openings.ts";
import { stool } from "../furniture/seating.ts";
import { ceilingPanel } from "../furniture/wall_things.ts";
import { anyColour, floorTilesOf, patterned, roomOf, wallOf, wallTilesOf } from "../materials.ts";
import { box, moved } from "../solids.ts";
import type { Vector } from "../vector.ts";
import { against } from "../walls.ts";

/** Tiles, a bath tub, a toilet, a basin under a mirror. */
export const bathroom = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 2.3, 3),
    between(key, "height", 2.35, 2.7),
    between(key, "length", 3, 3.9),
  ];
  const [width, height, length] = size;
  const wall = wallTilesOf(key);
  const high = chance(key, "half tiled", 0.4) ? between(key, "tiled", 1.2, 1.6) : 0;
  const skin = 0.012;
  const mat = patterned(
    key,
    "rug",
    anyColour(key, [0.1, 0.8], [0.2, 0.8]),
    anyColour(fold(key, "m"), [0, 0.5], [0.3, 0.9]),
    0.12,
  );
  const tub = fold(key, "tub");
  const cistern = length - between(key, "toilet", 1.35, 1.5);
  const solids = [
    ...against(size, "north", Math.min(0.85, width / 2), bathTub(tub), skin),
    ...against(size, "east", cistern, toilet(key), skin),
    ...against(size, "east", cistern + 0.4, paperRoll(key), skin, 0.75),
    ...against(size, "east", cistern - 0.95, basin(fold(key, "basin")), skin),
    ...against(size, "west", length * 0.45, towelRail(key), skin, 1.25),
    ...(chance(key, "window", 0.6) ? against(size, "north", width * 0.7, windowOf(key, 0.3, 0.6), skin, 1.5) : []),
    ...(chance(key, "radiator", 0.5) ? against(size, "west", length * 0.25, radiator(key, 0.3), skin) : []),
    ...against(size, "south", width * 0.4, door(key)),
    ...moved([box(mat, [-0.4, 0.4], [0, 0.015], [-0.25, 0.25])], [width * 0.4, 0, length - 1.2]),
    ...(chance(key, "stool", 0.35) ? moved(stool(key), [width * 0.75, 0, length - 0.95]) : []),
    ...moved(floorThing(fold(key, "bin")), [0.3, 0, length - 1.1]),
    ...moved(ceilingPanel(key, 0.2, 0.2), [width / 2, height, length * 0.5]),
    ...(high === 0 ? [] : [
      box(wall, [0, width], [0, high], [length - skin, length]),
      box(wall, [0, skin], [0, high], [0, length]),
      box(wall, [width - skin, width], [0, high], [0, length]),
    ]),
  ];
  return {
    room: roomOf(key, size, floorTilesOf(key), high === 0 ? wall : wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width / 2, height - 0.12, length * between(key, "lit", 0.3, 0.6)], [0.25, 0, 0.25]),
    views: [
      { from: [[0.55, 1.3, 0.1], [width * 0.6, 1.8, 0.8]], target: [width * 0.6, 0.65, length - 0.8] },
      { from: [[0.5, 1.3, 0.2], [width * 0.4, 1.9, 0.9]], target: [width - 0.5, 0.6, length - 1.3] },
      { from: [[0.6, 1, 0.1], [width * 0.5, 1.4, 0.6]], target: [width * 0.6, 0.7, length - 0.8] },
    ],
  };
};
