import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior } from "../description.ts";
import { between, chance, pick } from "../draws.ts";
import { floorThing, strewn } from "../furniture/clutter.ts";
import { television } from "../furniture/electronics.ts";
import { floorLamp, lightsOf } from "../furniture/lamps.ts";
import { curtainedWindow, door } from "../furniture/openings.ts";
import { plant } from "../furniture/plants.ts";
import { sofa } from "../furniture/seating.ts";
import { bookshelf, cupboard } from "../furniture/storage.ts";
import { roundTable, table } from "../furniture/tables.ts";
import { picture } from "../furniture/wall_things.ts";
import { anyColour, carpetOf, patterned, planksOf, roomOf, wallOf } from "../materials.ts";
import { box, moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";
import { against } from "../walls.ts";

/** A sofa and armchairs around a low table on a rug, a television, shelves. */
export const livingRoom = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 4.6, 6),
    between(key, "height", 2.5, 3),
    between(key, "length", 4.6, 6.2),
  ];
  const [width, height, length] = size;
  const x = width * between(key, "sofa", 0.42, 0.55);
  const seats = pick(key, "seats", 2, 3, 3);
  const wide = seats * 0.34 + 0.2;
  const front = length - 1.75;
  const rug = patterned(
    key,
    "rug",
    anyColour(key, [0.2, 0.8], [0.1, 0.6]),
    anyColour(fold(key, "rug"), [0, 0.7], [0.3, 0.85]),
    0.3,
  );
  const low = chance(key, "round", 0.35) ? roundTable(key, 0.45, 0.42) : table(key, 0.55, 0.3, 0.42);
  const set = fold(key, "set");
  const solids = [
    ...against(size, "north", x, sofa(set, seats), 0.05),
    ...against(size, "north", x, picture(fold(key, "one")), 0, 1.65),
    ...(chance(key, "pair", 0.5) ? against(size, "north", x + 1, picture(fold(key, "two")), 0, 1.6) : []),
    box(rug, [x - 1.3, x + 1.3], [0, 0.012], [front - 0.75, front + 0.75]),
    ...moved([...low, ...strewn(fold(key, "on"), [-0.35, 0.35], 0.42, [-0.12, 0.12], 3)], [x, 0.012, front]),
    ...placed(moved(sofa(set, 1), [0, 0, -0.45]), yaw(between(key, "turn", 65, 115)), [x - 1.75, 0, front - 0.1]),
    ...moved(floorLamp(key), [Math.min(x + wide + 0.35, width - 0.3), 0, length - 0.4]),
    ...moved(plant(fold(key, "plant")), [Math.max(x - wide - 0.4, 0.3), 0, length - 0.4]),
    ...against(size, "east", length * 0.55, [
      ...cupboard(key, 0.8, [0.06, 0.5], 0.42, 3, true),
      ...moved(television(key, between(key, "tv", 0.45, 0.65)), [0, 0.5, 0.2]),
    ]),
    ...against(size, "east", length * 0.84, bookshelf(key, 0.42, between(key, "shelf", 1.2, 2.1))),
    ...against(size, "west", length * 0.55, curtainedWindow(fold(key, "window"), 0.75, 1.35, 0.75), 0, 0.75),
    ...against(size, "south", width * 0.7, door(key)),
    ...against(size, "south", width * 0.3, bookshelf(fold(key, "south"), 0.6, 1.9)),
    ...moved(floorThing(fold(key, "thing")), [x + 1.5, 0, front - 0.6]),
  ];
  return {
    room: roomOf(key, size, chance(key, "carpet", 0.35) ? carpetOf(key) : planksOf(key), wallOf(key)),
    solids,
    lights: lightsOf(
      key,
      size,
      chance(key, "day", 0.5)
        ? [0.2, 1.6, length * 0.55]
        : [width * between(key, "lit", 0.3, 0.7), height - 0.2, length * 0.5],
      [0.2, 0.2, 0.3],
    ),
    views: [
      { from: [[width * 0.25, 1.2, 0.7], [width * 0.75, 1.75, length * 0.3]], target: [x, 0.6, length - 1] },
      { from: [[width * 0.15, 1.3, 0.8], [width * 0.35, 1.9, length * 0.35]], target: [x + 0.7, 0.6, length - 1.2] },
      { from: [[width * 0.65, 1.2, 0.8], [width - 0.8, 1.9, length * 0.3]], target: [x - 0.7, 0.5, length - 1.2] },
    ],
  };
};
