import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior, Solid } from "../description.ts";
import { between, chance, pick, range } from "../draws.ts";
import { floorThing } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/lamps.ts";
import { door, radiator, windowOf } from "../furniture/openings.ts";
import { plant } from "../furniture/plants.ts";
import { bench } from "../furniture/seating.ts";
import { ceilingPanel, clock, coatRail, noticeBoard, picture } from "../furniture/wall_things.ts";
import { anyColour, carpetOf, fabricOf, floorTilesOf, plain, planksOf, roomOf, wallOf } from "../materials.ts";
import { box, cylinder, moved } from "../solids.ts";
import type { Vector } from "../vector.ts";
import { against, type Wall } from "../walls.ts";

const extinguisher = (key: Key): readonly Solid[] => [
  cylinder(plain(key, [0.6, 0.03, 0.03], 0.5), [0, 0, 0.1], 0.08, 0.42),
  cylinder(plain(key, [0.02, 0.02, 0.02]), [0, 0.42, 0.1], 0.04, 0.1, 0.5),
];

const wallDecor = (key: Key, height: number): readonly [readonly Solid[], number] =>
  pick<readonly [readonly Solid[], number]>(
    key,
    "decor",
    [picture(key), 1.55],
    [noticeBoard(key), 1.5],
    [extinguisher(key), 0.5],
    [radiator(key, 0.45), 0],
    [bench(key, 0.6), 0],
    [coatRail(key, fabricOf), 1.65],
    [clock(key), Math.min(2.1, height - 0.3)],
  );

const side = (
  key: Key,
  size: Vector,
  wall: Wall,
  step: number,
): readonly Solid[] => {
  const first = between(key, "first", 0.8, step);
  const count = Math.floor((size[2] - first - 0.6) / step) + 1;
  return range(count).flatMap((at) => {
    const own = fold(key, at);
    const z = first + at * step;
    const [decor, above] = wallDecor(own, size[1]);
    return [
      ...(chance(own, "door", 0.85) ? against(size, wall, z, door(fold(key, "door"))) : []),
      ...(z + step / 2 < size[2] - 0.6 ? against(size, wall, z + step / 2, decor, 0, above) : []),
    ];
  });
};

/** A long passage with doors on both sides and lamps in a row. */
export const corridor = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 1.7, 2.5),
    between(key, "height", 2.4, 2.9),
    between(key, "length", 6.8, 9.2),
  ];
  const [width, height, length] = size;
  const step = between(key, "step", 2.1, 2.8);
  const floor = pick(key, "floor", floorTilesOf, carpetOf, planksOf)(key);
  const skirt = plain(key, anyColour(key, [0, 0.4], [0.05, 0.7]));
  const end = pick(
    key,
    "end",
    against(size, "north", width / 2, door(fold(key, "end"))),
    against(size, "north", width / 2, windowOf(fold(key, "end"), 0.55, 1.3), 0, 0.85),
    against(size, "north", width / 2, picture(fold(key, "end")), 0, 1.55),
  );
  const solids = [
    ...side(fold(key, "west"), size, "west", step),
    ...side(fold(key, "east"), size, "east", step),
    ...end,
    box(skirt, [0, 0.015], [0, 0.1], [0, length]),
    box(skirt, [width - 0.015, width], [0, 0.1], [0, length]),
    ...range(Math.floor(length / 2)).flatMap((at) =>
      moved(ceilingPanel(fold(key, "lamp"), 0.3, 0.3), [width / 2, height, 1 + at * 2])
    ),
    ...(chance(key, "plant", 0.5) ? moved(plant(key), [0.35, 0, length - 0.4]) : []),
    ...(chance(key, "thing", 0.6)
      ? moved(floorThing(key), [width - 0.3, 0, length * between(key, "at", 0.3, 0.8)])
      : []),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width / 2, height - 0.12, length * between(key, "lit", 0.2, 0.8)], [0.2, 0, 1.2]),
    views: [
      { from: [[0.65, 1.1, 0.1], [width - 0.65, 1.75, 1.2]], target: [width / 2, 1.1, length] },
      { from: [[0.75, 1.7, 0.1], [width - 0.75, 2, 1]], target: [width / 2, 0.5, length * 0.8] },
      { from: [[0.7, 0.75, 0.1], [width - 0.7, 1.1, 1]], target: [width / 2, 1.2, length] },
    ],
  };
};
