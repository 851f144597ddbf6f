import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, type Interior, pick, range, type Solid } from "../description.ts";
import { floorThing, plant } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/electronics.ts";
import { door, radiator, windowFitting } from "../furniture/openings.ts";
import { bench } from "../furniture/seating.ts";
import { ceilingPanel, clock, coatRail, noticeBoard, picture } from "../furniture/wall_things.ts";
import {
  anyColour,
  carpetOf,
  fabricOf,
  floorTilesOf,
  metalOf,
  plain,
  planksOf,
  roomOf,
  wallOf,
  woodOf,
} from "../materials.ts";
import { against, box, cylinder, moved, type Wall } from "../solids.ts";
import type { Vector } from "../vector.ts";

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
    const own = foldIn(key, at);
    const z = first + at * step;
    const [decor, above] = wallDecor(own, size[1]);
    return [
      ...(chance(own, "door", 0.85) ? against(size, wall, z, door(foldIn(key, "door"))) : []),
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
    against(size, "north", width / 2, door(foldIn(key, "end"))),
    against(size, "north", width / 2, windowFitting(foldIn(key, "end"), 0.55, 1.3), 0, 0.85),
    against(size, "north", width / 2, picture(foldIn(key, "end")), 0, 1.55),
  );
  const solids = [
    ...side(foldIn(key, "west"), size, "west", step),
    ...side(foldIn(key, "east"), size, "east", step),
    ...end,
    box(skirt, [0, 0.015], [0, 0.1], [0, length]),
    box(skirt, [width - 0.015, width], [0, 0.1], [0, length]),
    ...range(Math.floor(length / 2)).flatMap((at) =>
      moved(ceilingPanel(foldIn(key, "lamp"), 0.3, 0.3), [width / 2, height, 1 + at * 2])
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

/** A flight of stairs with banisters that climbs along the left wall to a landing. */
export const stairwell = (key: Key): Interior => {
  const half = between(key, "half", 0.48, 0.65);
  const flight = flightOf(key, drawInteger(key, "count", 8, 12), half);
  const climb = flight.count * flight.rise;
  const start = between(key, "start", 2, 2.5);
  const size: Vector = [
    2 * half + between(key, "beside", 0.9, 2),
    climb + between(key, "above", 2.2, 2.4),
    start + flight.count * flight.run + between(key, "landing", 1, 1.3),
  ];
  const [width, height, length] = size;
  const end = start + flight.count * flight.run;
  const floor = pick(key, "floor", floorTilesOf, planksOf, carpetOf)(key);
  const rail = foldIn(key, "banister");
  const across = chance(key, "landing", 0.5) ? width : 2 * half;
  const solids = [
    ...moved(stairs(key, flight), [half, 0, start]),
    ...moved(banister(rail, flight, half - 0.06), [half, 0, start]),
    ...(chance(key, "both", 0.3) ? moved(banister(rail, flight, 0.08 - half), [half, 0, start]) : []),
    box(floor, [0, across], [climb - 0.2, climb], [end - 0.001, length]),
    ...against(size, "north", half, door(foldIn(key, "up")), 0, climb),
    ...(chance(key, "under", 0.5) ? against(size, "north", width - 0.55, door(foldIn(key, "down"))) : []),
    ...against(size, "west", start + 0.9, picture(foldIn(key, "a")), 0, 2.1),
    ...against(size, "west", start + 2.1, picture(foldIn(key, "b")), 0, 2.9),
    ...against(size, "east", length * 0.6, windowFitting(key, 0.45, 1.1), 0, 1.3),
    ...moved(plant(key), [width - 0.35, 0, length * between(key, "plant", 0.45, 0.75)]),
    ...moved(floorThing(foldIn(key, "thing")), [width - 0.3, 0, start + 0.3]),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width * 0.6, height - 0.2, length * between(key, "lit", 0.25, 0.6)], [0.3, 0, 0.3]),
    views: [
      {
        from: [[width * 0.4, 1.2, 0.1], [width - 0.6, 1.7, 0.6]],
        target: [half, climb * 0.6, start + flight.count * flight.run * 0.6],
      },
      { from: [[width * 0.5, 1, 0.1], [width - 0.55, 1.5, 0.5]], target: [half, climb * 0.5, end] },
      { from: [[width * 0.35, 1.6, 0.1], [width - 0.6, 2.2, 0.5]], target: [half + 0.2, climb * 0.45, end] },
    ],
  };
};

/** The measures of a flight of stairs. */
export interface Flight {
  /** How many steps. */
  readonly count: number;
  /** The height of a step, metres. */
  readonly rise: number;
  /** The depth of a step, metres. */
  readonly run: number;
  /** Half the width of the stairs, metres. */
  readonly half: number;
}

/** The angle of rise over run, by its sine and cosine, as a pitch of a beam that lies along z. */
const slopeOf = ({ rise, run }: Flight): Vector => {
  const length = Math.sqrt(rise * rise + run * run);
  return [0, rise / length, run / length];
};

/** A beam from the first to the last step, `above` m over their edges, at x. */
const beam = (
  material: Solid["material"],
  flight: Flight,
  x: number,
  above: number,
  thick: number,
): Solid => {
  const [, s, c] = slopeOf(flight);
  const { count, rise, run } = flight;
  const long = count * Math.sqrt(rise * rise + run * run) / 2;
  return {
    shape: "box",
    centre: [x, count * rise / 2 + rise / 2 + above, count * run / 2],
    half: [thick, thick, long],
    rotation: [[1, 0, 0], [0, c, -s], [0, s, c]],
    taper: 1,
    material,
  };
};

/** Posts and a rail along one side of a flight. */
const banister = (
  key: Key,
  flight: Flight,
  x: number,
): readonly Solid[] => {
  const { count, rise, run } = flight;
  const rail = woodOf(foldIn(key, "rail"));
  const post = chance(key, "metal", 0.5) ? metalOf(key) : woodOf(key);
  const newel = (z: number, y: number): readonly Solid[] => [
    box(rail, [x - 0.05, x + 0.05], [y, y + 1.1], [z - 0.05, z + 0.05]),
    box(rail, [x - 0.065, x + 0.065], [y + 1.1, y + 1.14], [z - 0.065, z + 0.065]),
  ];
  return [
    beam(rail, flight, x, 0.88, 0.032),
    ...range(count).map((at) => cylinder(post, [x, (at + 1) * rise, (at + 0.5) * run], 0.016, 0.88)),
    ...newel(-0.02, 0),
    ...newel(count * run - 0.05, count * rise),
  ];
};

/** Closed or open stairs that climb along z from the origin; the foot at y = 0. */
export const stairs = (key: Key, flight: Flight): readonly Solid[] => {
  const { count, rise, run, half } = flight;
  const tread = woodOf(key);
  const riser = chance(key, "same", 0.4) ? tread : plain(key, anyColour(key, [0, 0.3], [0.2, 0.85]));
  const open = chance(key, "open", 0.3);
  const lip = 0.03;
  return [
    ...range(count).flatMap((at) => {
      const y = (at + 1) * rise;
      const z = at * run;
      return [
        box(tread, [-half, half], [y - 0.04, y], [z - lip, z + run]),
        ...(open ? [] : [box(riser, [-half + 0.01, half - 0.01], [0, y - 0.04], [z, z + run])]),
      ];
    }),
    ...(open ? [-half + 0.05, half - 0.05].map((x) => beam(tread, flight, x, -0.25, 0.05)) : []),
    ...(chance(key, "runner", 0.4) && !open ? runner(key, flight) : []),
  ];
};

/** A strip of carpet over the middle of the steps. */
const runner = (key: Key, { count, rise, run, half }: Flight): readonly Solid[] => {
  const cloth = plain(foldIn(key, "runner"), anyColour(foldIn(key, "runner"), [0.4, 0.9], [0.15, 0.6]));
  return range(count).map((at) =>
    box(cloth, [-half * 0.6, half * 0.6], [at * rise, (at + 1) * rise + 0.008], [
      at * run - 0.036,
      (at + 1) * run,
    ])
  );
};

/** How much stairs rise and run for a storey. */
const flightOf = (key: Key, count: number, half: number): Flight => ({
  count,
  rise: between(key, "rise", 0.165, 0.18),
  run: between(key, "run", 0.25, 0.29),
  half,
});
