import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, type Interior, pick, range, type Solid } from "../description.ts";
import { floorThing, plant, strewn } from "../furniture/clutter.ts";
import { deskLamp, keyboard, laptop, lightsOf, monitor, tableLamp } from "../furniture/electronics.ts";
import { door, radiator, windowFitting } from "../furniture/openings.ts";
import { chair, desk, officeChair, table } from "../furniture/seating.ts";
import { bookshelf, filingCabinet } from "../furniture/storage.ts";
import { ceilingPanel, clock, noticeBoard, picture, writingBoard } from "../furniture/wall_things.ts";
import { carpetOf, floorTilesOf, planksOf, roomOf, wallOf } from "../materials.ts";
import { against, moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";

/** A pupil's table with a chair behind it, facing ahead. */
const place = (key: Key, style: Key, half: number): readonly Solid[] => [
  ...table(style, half, 0.26, 0.72),
  ...(chance(key, "full", 0.5) ? strewn(key, [-half * 0.7, half * 0.7], 0.72, [-0.1, 0.15], 1) : []),
  ...placed(chair(foldIn(style, "chair")), yaw(between(key, "turn", -15, 15)), [
    between(key, "x", -0.1, 0.1),
    0,
    -0.4 - between(key, "z", 0, 0.15),
  ]),
];

/** Rows of desks before a writing board, a teacher's desk, windows along one side. */
export const classroom = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 5, 6.2),
    between(key, "height", 2.7, 3.2),
    between(key, "length", 5.8, 7),
  ];
  const [width, height, length] = size;
  const columns = drawInteger(key, "columns", 3, 4);
  const step = (width - 0.8) / columns;
  const half = Math.min(0.5, step / 2 - 0.18);
  const style = foldIn(key, "style");
  const solids = [
    ...against(size, "north", width / 2, writingBoard(key, between(key, "board", 1.1, 1.5), 0.55), 0, 1.6),
    ...moved(placed(desk(foldIn(key, "desk"), 0.7), yaw(0), [0, 0, 0]), [width * 0.7, 0, length - 1.5]),
    ...placed(chair(foldIn(key, "teacher")), yaw(180), [width * 0.7 + 0.1, 0, length - 0.6]),
    ...range(2).flatMap((row) =>
      range(columns).flatMap((column) =>
        moved(place(foldIn(foldIn(key, row), column), style, half), [
          0.4 + step * (column + 0.5),
          0,
          length - 2.4 - row * 1.25,
        ])
      )
    ),
    ...[0.35, 0.6, 0.85].flatMap((at) =>
      against(size, "west", length * at, windowFitting(foldIn(key, "window"), 0.62, 1.4), 0, 0.95)
    ),
    ...against(size, "east", length - 0.8, door(key)),
    ...against(size, "east", length * 0.6, noticeBoard(key), 0, 1.6),
    ...against(size, "east", length * 0.4, picture(key), 0, 1.6),
    ...against(size, "north", width * 0.12, clock(key), 0, 2.3),
    ...[0.3, 0.7].flatMap((x) =>
      [0.3, 0.7].flatMap((z) => moved(ceilingPanel(key, 0.15, 0.6), [width * x, height, length * z]))
    ),
  ];
  const floor = pick(key, "floor", floorTilesOf, planksOf, carpetOf);
  return {
    room: roomOf(key, size, floor(key), wallOf(key)),
    solids,
    lights: lightsOf(key, size, [
      width * between(key, "lit", 0.25, 0.75),
      height - 0.12,
      length * between(key, "lit z", 0.3, 0.7),
    ], [0.5, 0, 0.5]),
    views: [
      { from: [[width * 0.3, 1.4, 0.1], [width * 0.7, 1.9, 1]], target: [width / 2, 0.95, length] },
      { from: [[width * 0.6, 1.5, 0.1], [width - 0.8, 2.1, 1]], target: [width * 0.4, 0.8, length - 0.6] },
      { from: [[0.8, 1.5, 0.1], [width * 0.35, 2.1, 0.9]], target: [width * 0.6, 0.8, length - 0.6] },
    ],
  };
};

const readingTable = (key: Key): readonly Solid[] => [
  ...table(key, 0.75, 0.4, 0.75),
  ...moved(tableLamp(key), [0, 0.75, 0]),
  ...strewn(foldIn(key, "on"), [-0.6, -0.15], 0.75, [-0.2, 0.2], 2),
  ...strewn(foldIn(key, "too"), [0.2, 0.6], 0.75, [-0.2, 0.2], 2),
  ...[-0.35, 0.35].flatMap((x, at) => [
    ...placed(chair(key), yaw(between(key, at, -20, 20)), [x, 0, -0.55]),
    ...placed(chair(key), yaw(180 + between(foldIn(key, "b"), at, -20, 20)), [x, 0, 0.55]),
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
  const own = foldIn(key, "shelf");
  const wood = (at: number): readonly Solid[] => bookshelf(foldIn(own, at), 0.72, high);
  const along = Math.floor((length - 1.6) / 1.5);
  const rows = chance(key, "rows", 0.55);
  const solids = [
    ...range(along).flatMap((at) => [
      ...against(size, "west", length - 0.85 - at * 1.5, wood(at)),
      ...against(size, "east", length - 0.85 - at * 1.5, wood(at + 20)),
    ]),
    ...(rows
      ? [length - 1, length - 2.4].flatMap((z, at) =>
        placed(bookshelf(foldIn(own, 40 + at), 0.8, high * 0.75), yaw(180), [width / 2, 0, z])
      )
      : [
        ...against(size, "north", width / 2 - 0.75, wood(50)),
        ...against(size, "north", width / 2 + 0.75, wood(51)),
        ...moved(readingTable(foldIn(key, "table")), [width / 2, 0, length - 2.1]),
      ]),
    ...(rows ? against(size, "north", width / 2, windowFitting(key, 0.6, 1.2), 0, 1.2) : []),
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

/** A desk with a computer, a lamp and clutter, its chair in front; the desk's back at z = 0. */
const workplace = (key: Key, half: number): readonly Solid[] => {
  const screen = chance(key, "laptop", 0.3) ? moved(laptop(key), [0, 0.74, 0.35]) : [
    ...moved(monitor(key), [-0.05, 0.74, 0.2]),
    ...moved(keyboard(key), [-0.05, 0.74, 0.5]),
  ];
  const second = chance(key, "second", 0.35)
    ? placed(monitor(foldIn(key, "second")), yaw(-18), [-half + 0.35, 0.74, 0.22])
    : [];
  const turn = between(key, "turn", 140, 220);
  return [
    ...desk(key, half),
    ...screen,
    ...second,
    ...moved(deskLamp(key), [half - 0.2, 0.74, 0.15]),
    ...strewn(foldIn(key, "right"), [0.38, half - 0.1], 0.74, [0.35, 0.6], 2),
    ...placed(officeChair(key), yaw(turn), [between(key, "x", -0.25, 0.15), 0, between(key, "z", 0.85, 1.15)]),
  ];
};

/** One or two desks with computers, swivel chairs, shelves, a board. */
export const office = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 3.8, 5.2),
    between(key, "height", 2.5, 3),
    between(key, "length", 4, 5.6),
  ];
  const [width, height, length] = size;
  const half = between(key, "desk", 0.75, 0.95);
  const x = width * between(key, "at", 0.35, 0.5);
  const floor = chance(key, "carpet", 0.6) ? carpetOf(key) : planksOf(key);
  const upon = pick(
    key,
    "upon",
    against(size, "north", x, writingBoard(key, 0.8, 0.45), 0, 1.75),
    against(size, "north", x, noticeBoard(key), 0, 1.7),
    against(size, "north", x, windowFitting(key, 0.75, 1.2), 0, 1.15),
  );
  const solids = [
    ...against(size, "north", x, workplace(foldIn(key, "first"), half), 0.02),
    ...upon,
    ...against(
      size,
      "north",
      Math.min(x + half + 0.65, width - 0.46),
      bookshelf(key, 0.42, between(key, "shelf", 1.5, 2.1)),
      0.01,
    ),
    ...against(size, "east", length * 0.55, filingCabinet(key)),
    ...(chance(key, "two", 0.5) ? against(size, "west", length * 0.42, workplace(foldIn(key, "other"), 0.75), 0.02) : [
      ...against(size, "west", length * 0.5, radiator(key, 0.6)),
      ...against(size, "west", length * 0.5, windowFitting(foldIn(key, "w"), 0.8, 1.3), 0, 0.95),
    ]),
    ...against(size, "east", length * 0.3, clock(key), 0, 2),
    ...against(size, "south", width * 0.7, door(key)),
    ...moved(plant(foldIn(key, "plant")), [0.35, 0, length - 0.4]),
    ...moved(floorThing(foldIn(key, "bin")), [x + half + 0.3, 0, length - 0.75]),
    ...moved(floorThing(foldIn(key, "box")), [width - 0.5, 0, length * 0.25]),
    ...moved(ceilingPanel(key, 0.3, 0.6), [width * 0.3, height, length * 0.5]),
    ...moved(ceilingPanel(key, 0.3, 0.6), [width * 0.7, height, length * 0.5]),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width * between(key, "lit", 0.3, 0.7), height - 0.12, length * 0.5], [0.4, 0, 0.4]),
    views: [
      { from: [[width * 0.3, 1.3, 0.7], [width * 0.8, 1.8, length * 0.4]], target: [x + 0.2, 0.85, length - 0.6] },
      { from: [[width * 0.6, 1.4, 0.8], [width - 0.7, 1.9, length * 0.5]], target: [x, 0.8, length - 0.8] },
      { from: [[width * 0.3, 1.2, 0.6], [width * 0.6, 1.6, length * 0.35]], target: [x + 0.5, 0.9, length - 0.5] },
    ],
  };
};
