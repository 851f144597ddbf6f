import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, type Interior, type Material, range, type Solid } from "../description.ts";
import { floorThing, strewn } from "../furniture/clutter.ts";
import { lightsOf, pendant } from "../furniture/electronics.ts";
import { door, windowFitting } from "../furniture/openings.ts";
import { chair, roundTable, table } from "../furniture/seating.ts";
import { cupboard } from "../furniture/storage.ts";
import { clock } from "../furniture/wall_things.ts";
import {
  anyColour,
  floorTilesOf,
  metalOf,
  patterned,
  plain,
  planksOf,
  roomOf,
  wallOf,
  wallTilesOf,
  woodOf,
} from "../materials.ts";
import { against, box, cylinder, type Interval, moved, placed, turned } from "../solids.ts";
import { pitch, type Vector, yaw } from "../vector.ts";

const worktopOf = (key: Key): Material =>
  chance(key, "stone", 0.5)
    ? patterned(key, "marble", anyColour(key, [0, 0.2], [0.05, 0.8]), anyColour(key, [0, 0.1], [0.3, 0.7]), 1, 0.4)
    : woodOf(key);

/** Base units with a worktop over x. */
const counter = (key: Key, top: Material, [from, to]: Interval): readonly Solid[] => {
  const middle = (from + to) / 2, half = (to - from) / 2;
  const doors = Math.max(1, Math.round((to - from) / 0.5));
  return [
    ...moved(cupboard(foldIn(key, "units"), half, [0.1, 0.86], 0.56, doors, true), [middle, 0, 0]),
    box(top, [from, to], [0.86, 0.9], [0, 0.61]),
  ];
};

/** The long wall: counter, cooker, counter with sink, refrigerator; its middle at x = 0, `half` its half length. */
const kitchenWall = (key: Key, half: number, ceiling: number): readonly Solid[] => {
  const stove = between(key, "stove", -0.35, -0.1) * half;
  const top = worktopOf(key);
  const last = half - 0.66;
  const tiles = wallTilesOf(key);
  const basin = (stove + 0.3 + last) / 2;
  const high = foldIn(key, "units");
  const wall: Interval = [1.45, 2.15];
  const left = (stove - 0.5 + half) / 2;
  return [
    ...counter(key, top, [-half, stove - 0.3]),
    ...counter(key, top, [stove + 0.3, last]),
    ...moved(cooker(key), [stove, 0, 0]),
    ...moved(hood(key, ceiling), [stove, 0, 0]),
    ...moved(sink(key), [basin, 0, 0]),
    ...moved(fridge(key), [half - 0.33, 0, 0]),
    box(tiles, [-half, last], [0.9, 1.45], [0, 0.012]),
    ...moved(cupboard(high, left, wall, 0.33, Math.max(1, Math.round(left * 4)), false), [-half + left, 0, 0]),
    ...(chance(key, "window", 0.45)
      ? moved(windowFitting(key, Math.min(0.5, (last - stove - 0.9) / 2), 0.95), [basin, 1.2, 0.012])
      : moved(cupboard(high, (last - stove - 0.5) / 2, wall, 0.33, 3, false), [(last + stove + 0.5) / 2, 0, 0])),
    ...strewn(foldIn(key, "left"), [-half + 0.1, stove - 0.4], 0.9, [0.15, 0.45], 4),
    ...strewn(foldIn(key, "right"), [basin + 0.35, last - 0.05], 0.9, [0.15, 0.4], 2),
  ];
};

const dining = (key: Key): readonly Solid[] => {
  const round = chance(key, "round", 0.4);
  const x = between(key, "x", 0.45, 0.7);
  const seats = drawInteger(key, "seats", 2, 4);
  const places: readonly (readonly [turn: number, at: Vector])[] = [
    [90, [-x - 0.15, 0, 0]],
    [-90, [x + 0.15, 0, 0]],
    [180, [0.05, 0, 0.55]],
    [0, [-0.05, 0, -0.55]],
  ];
  return [
    ...(round ? roundTable(key, x, 0.75) : table(key, x, 0.42, 0.75)),
    ...strewn(foldIn(key, "on"), [-x * 0.6, x * 0.6], 0.75, [-0.2, 0.2], 3),
    ...places.slice(0, seats).flatMap(([turn, at]) => placed(chair(foldIn(key, "chair")), yaw(turn), at)),
  ];
};

/** Units with cooker, hood, sink and refrigerator along a wall; a table with chairs. */
export const kitchen = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 3.5, 4.6),
    between(key, "height", 2.4, 2.8),
    between(key, "length", 3.6, 5),
  ];
  const [width, height, length] = size;
  const half = width / 2 - 0.02;
  const corner = length - 0.65;
  const reach = between(key, "reach", 1.2, 1.7);
  const floor = chance(key, "tiles", 0.7) ? floorTilesOf(key) : planksOf(key);
  const spot: Vector = [width * between(key, "tx", 0.55, 0.68), 0, length - between(key, "tz", 1.9, 2.2)];
  const solids = [
    ...against(size, "north", width / 2, kitchenWall(key, half, height)),
    ...against(size, "west", corner - reach / 2, [
      ...counter(foldIn(key, "run"), worktopOf(key), [-reach / 2, reach / 2]),
      ...strewn(foldIn(key, "side"), [-reach / 2 + 0.1, reach / 2 - 0.1], 0.9, [0.15, 0.4], 4),
    ]),
    ...placed(dining(foldIn(key, "dining")), yaw(between(key, "turn", -15, 15)), spot),
    ...against(size, "east", length * 0.4, door(key)),
    ...against(size, "west", length * 0.45, clock(key), 0, 1.9),
    ...moved(floorThing(foldIn(key, "bin")), [0.4, 0, corner - reach - 0.35]),
    ...moved(pendant(key, 0.6), [spot[0], height, spot[2]]),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width * between(key, "lit", 0.35, 0.65), height - 0.25, length * 0.5], [0.3, 0, 0.3]),
    views: [
      { from: [[width * 0.25, 1.35, 0.6], [width * 0.75, 1.8, 1.4]], target: [width / 2, 0.95, length - 0.4] },
      { from: [[width * 0.6, 1.4, 0.6], [width - 0.6, 1.9, 1.4]], target: [width * 0.4, 0.9, length - 0.4] },
      { from: [[0.7, 1.4, 0.6], [width * 0.4, 1.9, 1.3]], target: [width * 0.55, 0.9, length - 0.4] },
    ],
  };
};

// Back at z = 0, foot at y = 0, middle at x = 0; 0.6 m deep; worktops end at y = 0.9.

/** A cooker 0.6 m wide: oven door, knobs and four plates. */
const cooker = (key: Key): readonly Solid[] => {
  const body = plain(key, anyColour(key, [0, 0.15], [0.1, 0.9]), 0.5);
  const black = plain(key, [0.02, 0.02, 0.022], 0.8);
  const metal = metalOf(key);
  return [
    box(body, [-0.3, 0.3], [0.08, 0.895], [0, 0.61]),
    box(black, [-0.3, 0.3], [0.895, 0.91], [0, 0.62]),
    box(black, [-0.23, 0.23], [0.25, 0.62], [0.61, 0.625]),
    box(metal, [-0.24, 0.24], [0.68, 0.705], [0.64, 0.665]),
    ...([[-0.14, 0.16], [0.14, 0.16], [-0.14, 0.44], [0.14, 0.44]] as const).map((
      [x, z],
    ) => cylinder(plain(key, [0.12, 0.11, 0.11], 0.3), [x, 0.91, z], 0.1, 0.012)),
    ...range(5).flatMap((at) =>
      turned([cylinder(metal, [-0.2 + 0.1 * at, 0, 0], 0.022, 0.03)], pitch(90))
        .map((knob) => ({
          ...knob,
          centre: [knob.centre[0], 0.8, 0.625] as const,
        }))
    ),
    ...(chance(key, "pot", 0.65) ? pot(foldIn(key, "pot"), -0.14, 0.16) : []),
    ...(chance(key, "pan", 0.5) ? pot(foldIn(key, "pan"), 0.14, 0.42) : []),
  ];
};

const pot = (key: Key, x: number, z: number): readonly Solid[] => {
  const metal = plain(key, anyColour(key, [0, 0.8], [0.1, 0.7]), 0.6);
  const tall = between(key, "tall", 0.07, 0.17);
  return [
    cylinder(metal, [x, 0.922, z], 0.1, tall),
    cylinder(metal, [x, 0.922 + tall, z], 0.1, 0.02, 0.7),
    cylinder(metalOf(key), [x, 0.942 + tall, z], 0.015, 0.025),
    box(metalOf(key), [x - 0.15, x + 0.15], [0.9 + tall, 0.915 + tall], [z - 0.012, z + 0.012]),
  ];
};

/** An extractor hood to hang above a cooker, with its chimney up to the ceiling. */
const hood = (key: Key, ceiling: number): readonly Solid[] => {
  const metal = metalOf(key);
  return [
    { ...cylinder(metal, [0, 1.58, 0.25], 0.42, 0.26, 0.35) },
    box(metal, [-0.32, 0.32], [1.52, 1.59], [0, 0.5]),
    box(metal, [-0.13, 0.13], [1.7, ceiling], [0, 0.26]),
  ];
};

/** A sink let into the worktop, with its tap. */
const sink = (key: Key): readonly Solid[] => {
  const steel = plain(key, [0.5, 0.52, 0.54], 0.6);
  const dark = plain(key, [0.2, 0.21, 0.22], 0.5);
  return [
    box(steel, [-0.3, 0.3], [0.9, 0.912], [0.1, 0.54]),
    box(dark, [-0.25, 0.25], [0.905, 0.915], [0.16, 0.5]),
    cylinder(steel, [0, 0.912, 0.12], 0.018, 0.26),
    box(steel, [-0.014, 0.014], [1.16, 1.185], [0.11, 0.32]),
    box(steel, [-0.012, 0.012], [1.12, 1.17], [0.3, 0.325]),
    box(steel, [0.06, 0.08], [0.912, 0.97], [0.1, 0.13]),
  ];
};

/** A refrigerator, 0.62 m wide and 1.5 to 1.95 m high, sometimes with notes on it. */
const fridge = (key: Key): readonly Solid[] => {
  const body = plain(key, anyColour(key, [0, 0.4], [0.25, 0.9]), 0.4);
  const metal = metalOf(key);
  const height = between(key, "height", 1.5, 1.95);
  const split = height * between(key, "split", 0.6, 0.72);
  return [
    box(body, [-0.31, 0.31], [0.03, height], [0, 0.6]),
    box(body, [-0.305, 0.305], [0.06, split - 0.008], [0.6, 0.65]),
    box(body, [-0.305, 0.305], [split + 0.008, height], [0.6, 0.65]),
    box(metal, [0.22, 0.25], [split - 0.45, split - 0.08], [0.65, 0.69]),
    box(metal, [0.22, 0.25], [split + 0.08, split + 0.32], [0.65, 0.69]),
    ...range(3).flatMap((at) =>
      chance(key, at, 0.5)
        ? [box(
          patterned(foldIn(key, at), "abstract", [0, 0, 0], [0, 0, 0]),
          [-0.24 + at * 0.13, -0.15 + at * 0.13],
          [split + 0.1 + 0.05 * (at % 2), split + 0.2 + 0.05 * (at % 2)],
          [0.65, 0.654],
        )]
        : []
    ),
  ];
};
