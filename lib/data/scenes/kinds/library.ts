import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior, Solid } from "../description.ts";
import { between, chance, range } from "../draws.ts";
import { floorThing, strewn } from "../furniture/clutter.ts";
import { lightsOf, tableLamp } from "../furniture/lamps.ts";
import { windowOf } from "../furniture/openings.ts";
import { chair } from "../furniture/seating.ts";
import { bookshelf } from "../furniture/storage.ts";
import { table } from "../furniture/tables.ts";
import { ceilingPanel } from "../furniture/wall_things.ts";
import { carpetOf, planksOf, roomOf, wallOf } from "../materials.ts";
import { moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";
import { against } from "../walls.ts";

const readingTable = (key: Key): readonly Solid[] => [
  ...table(key, 0.75, 0.4, 0.75),
  ...moved(tableLamp(key), [0, 0.75, 0]),
  ...strewn(fold(key, "on"), [-0.6, -0.15], 0.75, [-0.2, 0.2], 2),
  ...strewn(fold(key, "too"), [0.2, 0.6], 0.75, [-0.2, 0.2], 2),
  ...[-0.35, 0.35].flatMap((x, at) => [
    ...placed(chair(key), yaw(between(key, at, -20, 20)), [x, 0, -0.55]),
    ...placed(chair(key), yaw(180 + between(fold(key, "b"), at, -20, 20)), [x, 0, 0.55]),
  ]),
];

/** Bookcases along the walls and in rows, a reading table. */
export const library = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 4.4, 5.6),
    between(key, "height", 2.7, 3.2),
    between(key, "length", 5.5, 7.2),
  ];
  const [width, height, length] = size;
  const high = between(key, "high", 1.9, 2.3);
  const own = fold(key, "shelf");
  const wood = (at: number): readonly Solid[] => bookshelf(fold(own, at), 0.72, high);
  const along = Math.floor((length - 1.6) / 1.5);
  const rows = chance(key, "rows", 0.55);
  const solids = [
    ...range(along).flatMap((at) => [
      ...against(size, "west", length - 0.85 - at * 1.5, wood(at)),
      ...against(size, "east", length - 0.85 - at * 1.5, wood(at + 20)),
    ]),
    ...(rows
      ? [length - 1, length - 2.4].flatMap((z, at) =>
        placed(bookshelf(fold(own, 40 + at), 0.8, high * 0.75), yaw(180), [width / 2, 0, z])
      )
      : [
        ...against(size, "north", width / 2 - 0.75, wood(50)),
        ...against(size, "north", width / 2 + 0.75, wood(51)),
        ...moved(readingTable(fold(key, "table")), [width / 2, 0, length - 2.1]),
      ]),
    ...(rows ? against(size, "north", width / 2, windowOf(key, 0.6, 1.2), 0, 1.2) : []),
    ...moved(floorThing(key), [width * 0.36, 0, length - 1.2]),
    ...[0.35, 0.7].flatMap((at) => moved(ceilingPanel(key, 0.2, 0.6), [width / 2, height, length * at])),
  ];
  return {
    room: roomOf(key, size, chance(key, "carpet", 0.6) ? carpetOf(key) : planksOf(key), wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width / 2, height - 0.12, length * between(key, "lit", 0.35, 0.65)], [0.4, 0, 0.6]),
    views: [
      { from: [[width * 0.3, 1.3, 0.5], [width * 0.7, 1.8, 1.4]], target: [width / 2, 1, length - 1.2] },
      { from: [[width * 0.3, 1.3, 0.5], [width * 0.45, 1.9, 1.6]], target: [width * 0.7, 1, length - 1] },
      { from: [[width * 0.55, 1.2, 0.5], [width * 0.7, 1.6, 1.4]], target: [width * 0.25, 1, length - 1.2] },
    ],
  };
};
