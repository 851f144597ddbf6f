import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior } from "../description.ts";
import { between, chance } from "../draws.ts";
import { bed } from "../furniture/beds.ts";
import { floorThing, strewn } from "../furniture/clutter.ts";
import { lightsOf, pendant, tableLamp } from "../furniture/lamps.ts";
import { curtainedWindow, door } from "../furniture/openings.ts";
import { plant } from "../furniture/plants.ts";
import { wardrobe } from "../furniture/storage.ts";
import { drawers } from "../furniture/tables.ts";
import { mirror, picture } from "../furniture/wall_things.ts";
import { anyColour, carpetOf, patterned, planksOf, roomOf, wallOf } from "../materials.ts";
import { box, moved } from "../solids.ts";
import type { Vector } from "../vector.ts";
import { against } from "../walls.ts";

/** A bed between night tables, a wardrobe, a window with curtains. */
export const bedroom = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 3.6, 4.6),
    between(key, "height", 2.4, 2.9),
    between(key, "length", 3.9, 5),
  ];
  const [width, height, length] = size;
  const half = chance(key, "double", 0.7) ? between(key, "half", 0.7, 0.9) : 0.48;
  const x = width * between(key, "bed", 0.42, 0.52);
  const rug = patterned(
    key,
    "rug",
    anyColour(key, [0.2, 0.8], [0.1, 0.6]),
    anyColour(fold(key, "rug"), [0, 0.7], [0.3, 0.8]),
    0.2,
  );
  const floor = chance(key, "carpet", 0.4) ? carpetOf(key) : planksOf(key);
  const table = fold(key, "night table");
  const lampHeight = 0.525;
  const sides = [x - half - 0.36, x + half + 0.36];
  const solids = [
    ...against(size, "north", x, bed(key, half), 0.02),
    ...sides.flatMap((at) => [
      ...against(size, "north", at, drawers(table, 0.22, 0.5, 0.38, 2), 0.02),
      ...against(size, "north", at, tableLamp(fold(key, "lamp")), 0.22, lampHeight),
    ]),
    ...against(size, "north", x, picture(fold(key, "picture")), 0, 1.75),
    ...against(size, "west", length * 0.45, curtainedWindow(fold(key, "window"), 0.6, 1.2, 0.9), 0, 0.9),
    ...against(size, "east", length * 0.55, wardrobe(fold(key, "wardrobe"), 0.7)),
    ...against(size, "south", width * 0.75, door(fold(key, "door"))),
    ...against(size, "south", width * 0.3, drawers(fold(key, "chest"), 0.5, 0.85, 0.45, 3)),
    ...against(size, "south", width * 0.3, mirror(0.3, 0.4, key), 0, 1.5),
    ...moved(strewn(fold(key, "things"), [-0.4, 0.4], 0.875, [0.1, 0.35], 3), [width * 0.3, 0, 0]),
    ...moved([box(rug, [-1, 1], [0, 0.012], [-0.6, 0.6])], [x, 0, length - 2.4]),
    ...moved(floorThing(fold(key, "floor")), [width * 0.2, 0, length * 0.75]),
    ...(chance(key, "plant", 0.5) ? moved(plant(key), [width - 0.4, 0, length - 0.35]) : []),
    ...moved(pendant(key, 0.5), [width * 0.5, height, length * 0.45]),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(
      key,
      size,
      chance(key, "day", 0.5) ? [0.15, 1.5, length * 0.45] : [width * 0.5, height - 0.5, length * 0.45],
      [0.1, 0.2, 0.1],
    ),
    views: [
      { from: [[0.9, 1.1, 0.8], [width - 1, 1.75, 1.4]], target: [x, 0.75, length - 1.2] },
      { from: [[0.6, 1.2, 0.7], [1.1, 1.9, 1.5]], target: [x + 0.3, 0.7, length - 1.2] },
      { from: [[width - 1.2, 1.3, 0.7], [width - 0.9, 1.8, 1.2]], target: [x - 0.4, 0.8, length - 1.3] },
    ],
  };
};
