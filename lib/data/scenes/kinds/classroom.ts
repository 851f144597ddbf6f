import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior, Solid } from "../description.ts";
import { between, chance, integer, pick, range } from "../draws.ts";
import { strewn } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/lamps.ts";
import { door, windowOf } from "../furniture/openings.ts";
import { chair } from "../furniture/seating.ts";
import { desk, table } from "../furniture/tables.ts";
import { ceilingPanel, clock, noticeBoard, picture, writingBoard } from "../furniture/wall_things.ts";
import { carpetOf, floorTilesOf, planksOf, roomOf, wallOf } from "../materials.ts";
import { moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";
import { against } from "../walls.ts";

/** A pupil's table with a chair behind it, facing ahead. */
const place = (key: Key, style: Key, half: number): readonly Solid[] => [
  ...table(style, half, 0.26, 0.72),
  ...(chance(key, "full", 0.5) ? strewn(key, [-half * 0.7, half * 0.7], 0.72, [-0.1, 0.15], 1) : []),
  ...placed(chair(fold(style, "chair")), yaw(between(key, "turn", -15, 15)), [
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
  const columns = integer(key, "columns", 3, 4);
  const step = (width - 0.8) / columns;
  const half = Math.min(0.5, step / 2 - 0.18);
  const style = fold(key, "style");
  const solids = [
    ...against(size, "north", width / 2, writingBoard(key, between(key, "board", 1.1, 1.5), 0.55), 0, 1.6),
    ...moved(placed(desk(fold(key, "desk"), 0.7), yaw(0), [0, 0, 0]), [width * 0.7, 0, length - 1.5]),
    ...placed(chair(fold(key, "teacher")), yaw(180), [width * 0.7 + 0.1, 0, length - 0.6]),
    ...range(2).flatMap((row) =>
      range(columns).flatMap((column) =>
        moved(place(fold(fold(key, row), column), style, half), [
          0.4 + step * (column + 0.5),
          0,
          length - 2.4 - row * 1.25,
        ])
      )
    ),
    ...[0.35, 0.6, 0.85].flatMap((at) =>
      against(size, "west", length * at, windowOf(fold(key, "window"), 0.62, 1.4), 0, 0.95)
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
