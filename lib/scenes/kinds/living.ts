import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, type Interior, pick, type Solid } from "../description.ts";
import { floorThing, plant, strewn } from "../furniture/clutter.ts";
import { floorLamp, lightsOf, pendant, tableLamp, television } from "../furniture/electronics.ts";
import { curtainedWindow, door } from "../furniture/openings.ts";
import { drawers, legs, roundTable, sofa, table } from "../furniture/seating.ts";
import { bookshelf, cupboard, wardrobe } from "../furniture/storage.ts";
import { picture, wallMirror } from "../furniture/wall_things.ts";
import {
  anyColour,
  carpetOf,
  fabricOf,
  patterned,
  plain,
  planksOf,
  roomOf,
  shade,
  wallOf,
  woodOf,
} from "../materials.ts";
import { against, box, ellipsoid, moved, placed, turned } from "../solids.ts";
import { pitch, type Vector, yaw } from "../vector.ts";

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
    anyColour(foldIn(key, "rug"), [0, 0.7], [0.3, 0.8]),
    0.2,
  );
  const floor = chance(key, "carpet", 0.4) ? carpetOf(key) : planksOf(key);
  const table = foldIn(key, "night table");
  const lampHeight = 0.525;
  const sides = [x - half - 0.36, x + half + 0.36];
  const solids = [
    ...against(size, "north", x, bed(key, half), 0.02),
    ...sides.flatMap((at) => [
      ...against(size, "north", at, drawers(table, 0.22, 0.5, 0.38, 2), 0.02),
      ...against(size, "north", at, tableLamp(foldIn(key, "lamp")), 0.22, lampHeight),
    ]),
    ...against(size, "north", x, picture(foldIn(key, "picture")), 0, 1.75),
    ...against(size, "west", length * 0.45, curtainedWindow(foldIn(key, "window"), 0.6, 1.2, 0.9), 0, 0.9),
    ...against(size, "east", length * 0.55, wardrobe(foldIn(key, "wardrobe"), 0.7)),
    ...against(size, "south", width * 0.75, door(foldIn(key, "door"))),
    ...against(size, "south", width * 0.3, drawers(foldIn(key, "chest"), 0.5, 0.85, 0.45, 3)),
    ...against(size, "south", width * 0.3, wallMirror(0.3, 0.4, key), 0, 1.5),
    ...moved(strewn(foldIn(key, "things"), [-0.4, 0.4], 0.875, [0.1, 0.35], 3), [width * 0.3, 0, 0]),
    ...moved([box(rug, [-1, 1], [0, 0.012], [-0.6, 0.6])], [x, 0, length - 2.4]),
    ...moved(floorThing(foldIn(key, "floor")), [width * 0.2, 0, length * 0.75]),
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

/** A bed with headboard, pillows and a blanket; its head at z = 0, 2.1 m long, `half` its half width. */
const bed = (key: Key, half: number): readonly Solid[] => {
  const wood = woodOf(key);
  const sheet = plain(foldIn(key, "sheet"), anyColour(foldIn(key, "sheet"), [0, 0.25], [0.6, 0.9]));
  const cover = chance(key, "patterned", 0.35)
    ? patterned(
      key,
      "checker",
      anyColour(key, [0.2, 0.8], [0.2, 0.7]),
      anyColour(foldIn(key, "b"), [0, 0.5], [0.3, 0.85]),
      between(key, "check", 0.1, 0.25),
    )
    : fabricOf(foldIn(key, "cover"));
  const head = between(key, "head", 0.9, 1.25);
  const pillows = half > 0.6 ? [-half / 2, half / 2] : [0];
  const fringe = { ...cover, colour: shade(cover.colour, 0.9) };
  return [
    box(wood, [-half - 0.04, half + 0.04], [0.1, head], [0, 0.07]),
    box(wood, [-half - 0.02, half + 0.02], [0.14, 0.32], [0.07, 2.08]),
    box(wood, [-half - 0.04, half + 0.04], [0.1, 0.42], [2.06, 2.12]),
    ...placed(legs(wood, half - 0.05, 0.95, 0.14, 0.04), yaw(0), [0, 0, 1.07]),
    box(sheet, [-half, half], [0.32, 0.52], [0.07, 2.05]),
    box(cover, [-half - 0.03, half + 0.03], [0.5, 0.58], [0.75, 2.07]),
    box(fringe, [-half - 0.035, half + 0.035], [0.3, 0.52], [0.8, 2.07]),
    box(sheet, [-half - 0.032, half + 0.032], [0.5, 0.59], [0.6, 0.8]),
    ...pillows.flatMap((x, at) =>
      placed(
        turned([ellipsoid(sheet, [0, 0, 0], [Math.min(0.36, half * 0.8), 0.13, 0.24])], pitch(14)),
        yaw(between(key, at, -6, 6)),
        [x, 0.6, 0.34],
      )
    ),
  ];
};

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
    anyColour(foldIn(key, "rug"), [0, 0.7], [0.3, 0.85]),
    0.3,
  );
  const low = chance(key, "round", 0.35) ? roundTable(key, 0.45, 0.42) : table(key, 0.55, 0.3, 0.42);
  const set = foldIn(key, "set");
  const solids = [
    ...against(size, "north", x, sofa(set, seats), 0.05),
    ...against(size, "north", x, picture(foldIn(key, "one")), 0, 1.65),
    ...(chance(key, "pair", 0.5) ? against(size, "north", x + 1, picture(foldIn(key, "two")), 0, 1.6) : []),
    box(rug, [x - 1.3, x + 1.3], [0, 0.012], [front - 0.75, front + 0.75]),
    ...moved([...low, ...strewn(foldIn(key, "on"), [-0.35, 0.35], 0.42, [-0.12, 0.12], 3)], [x, 0.012, front]),
    ...placed(moved(sofa(set, 1), [0, 0, -0.45]), yaw(between(key, "turn", 65, 115)), [x - 1.75, 0, front - 0.1]),
    ...moved(floorLamp(key), [Math.min(x + wide + 0.35, width - 0.3), 0, length - 0.4]),
    ...moved(plant(foldIn(key, "plant")), [Math.max(x - wide - 0.4, 0.3), 0, length - 0.4]),
    ...against(size, "east", length * 0.55, [
      ...cupboard(key, 0.8, [0.06, 0.5], 0.42, 3, true),
      ...moved(television(key, between(key, "tv", 0.45, 0.65)), [0, 0.5, 0.2]),
    ]),
    ...against(size, "east", length * 0.84, bookshelf(key, 0.42, between(key, "shelf", 1.2, 2.1))),
    ...against(size, "west", length * 0.55, curtainedWindow(foldIn(key, "window"), 0.75, 1.35, 0.75), 0, 0.75),
    ...against(size, "south", width * 0.7, door(key)),
    ...against(size, "south", width * 0.3, bookshelf(foldIn(key, "south"), 0.6, 1.9)),
    ...moved(floorThing(foldIn(key, "thing")), [x + 1.5, 0, front - 0.6]),
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
