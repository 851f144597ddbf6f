import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior, Solid } from "../description.ts";
import { between, chance, pick } from "../draws.ts";
import { floorThing, strewn } from "../furniture/clutter.ts";
import { deskLamp, keyboard, laptop, monitor } from "../furniture/electronics.ts";
import { lightsOf } from "../furniture/lamps.ts";
import { door, radiator, windowOf } from "../furniture/openings.ts";
import { plant } from "../furniture/plants.ts";
import { officeChair } from "../furniture/seating.ts";
import { bookshelf, filingCabinet } from "../furniture/storage.ts";
import { desk } from "../furniture/tables.ts";
import { ceilingPanel, clock, noticeBoard, writingBoard } from "../furniture/wall_things.ts";
import { carpetOf, planksOf, roomOf, wallOf } from "../materials.ts";
import { moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";
import { against } from "../walls.ts";

/** A desk with a computer, a lamp and clutter, its chair in front; the desk's back at z = 0. */
const workplace = (key: Key, half: number): readonly Solid[] => {
  const screen = chance(key, "laptop", 0.3) ? moved(laptop(key), [0, 0.74, 0.35]) : [
    ...moved(monitor(key), [-0.05, 0.74, 0.2]),
    ...moved(keyboard(key), [-0.05, 0.74, 0.5]),
  ];
  const second = chance(key, "second", 0.35)
    ? placed(monitor(fold(key, "second")), yaw(-18), [-half + 0.35, 0.74, 0.22])
    : [];
  const turn = between(key, "turn", 140, 220);
  return [
    ...desk(key, half),
    ...screen,
    ...second,
    ...moved(deskLamp(key), [half - 0.2, 0.74, 0.15]),
    ...strewn(fold(key, "right"), [0.38, half - 0.1], 0.74, [0.35, 0.6], 2),
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
    against(size, "north", x, windowOf(key, 0.75, 1.2), 0, 1.15),
  );
  const solids = [
    ...against(size, "north", x, workplace(fold(key, "first"), half), 0.02),
    ...upon,
    ...against(
      size,
      "north",
      Math.min(x + half + 0.65, width - 0.46),
      bookshelf(key, 0.42, between(key, "shelf", 1.5, 2.1)),
      0.01,
    ),
    ...against(size, "east", length * 0.55, filingCabinet(key)),
    ...(chance(key, "two", 0.5) ? against(size, "west", length * 0.42, workplace(fold(key, "other"), 0.75), 0.02) : [
      ...against(size, "west", length * 0.5, radiator(key, 0.6)),
      ...against(size, "west", length * 0.5, windowOf(fold(key, "w"), 0.8, 1.3), 0, 0.95),
    ]),
    ...against(size, "east", length * 0.3, clock(key), 0, 2),
    ...against(size, "south", width * 0.7, door(key)),
    ...moved(plant(fold(key, "plant")), [0.35, 0, length - 0.4]),
    ...moved(floorThing(fold(key, "bin")), [x + half + 0.3, 0, length - 0.75]),
    ...moved(floorThing(fold(key, "box")), [width - 0.5, 0, length * 0.25]),
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
