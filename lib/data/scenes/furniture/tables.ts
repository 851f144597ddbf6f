import { fold, type Key } from "../../../tensor/key.ts";
import type { Solid } from "../description.ts";
import { between, chance, range } from "../draws.ts";
import { metalOf, woodOf } from "../materials.ts";
import { box, cylinder, moved } from "../solids.ts";
import { legs } from "./seating.ts";

// Foot at y = 0, middle at the origin unless said otherwise.

/** A table with four legs; `x` and `z` are half its sides. */
export const table = (
  key: Key,
  x: number,
  z: number,
  height: number,
): readonly Solid[] => {
  const wood = woodOf(key);
  const leg = chance(key, "metal", 0.3) ? metalOf(key) : wood;
  const thick = between(key, "thick", 0.02, 0.035);
  return [
    box(wood, [-x, x], [height - 0.04, height], [-z, z]),
    ...legs(leg, x - 0.07, z - 0.07, height - 0.04, thick),
    box(leg, [-x + 0.07, x - 0.07], [height - 0.12, height - 0.04], [-z + 0.06, -z + 0.08]),
    box(leg, [-x + 0.07, x - 0.07], [height - 0.12, height - 0.04], [z - 0.08, z - 0.06]),
  ];
};

/** A round table on one foot. */
export const roundTable = (
  key: Key,
  radius: number,
  height: number,
): readonly Solid[] => {
  const wood = woodOf(key);
  const foot = chance(key, "metal", 0.5) ? metalOf(key) : wood;
  return [
    cylinder(wood, [0, height - 0.035, 0], radius, 0.035),
    cylinder(foot, [0, 0.03, 0], 0.05, height - 0.065),
    cylinder(foot, [0, 0, 0], radius * 0.55, 0.03),
  ];
};

/** A writing desk with drawers on one side; its back at z = 0, 0.7 m deep, `half` its half width. */
export const desk = (key: Key, half: number): readonly Solid[] => {
  const wood = woodOf(key);
  const front = woodOf(fold(key, "front"));
  const metal = metalOf(key);
  const side = chance(key, "side", 0.5) ? 1 : -1;
  const middle = side * (half - 0.25);
  return [
    box(wood, [-half, half], [0.7, 0.74], [0, 0.7]),
    box(wood, [middle - 0.22, middle + 0.22], [0.05, 0.7], [0.03, 0.63]),
    ...range(3).flatMap((at) => [
      box(front, [middle - 0.205, middle + 0.205], [0.07 + at * 0.21, 0.26 + at * 0.21], [0.63, 0.65]),
      box(metal, [middle - 0.07, middle + 0.07], [0.16 + at * 0.21, 0.18 + at * 0.21], [0.65, 0.67]),
    ]),
    box(wood, [-side * (half - 0.02) - 0.02, -side * (half - 0.02) + 0.02], [0, 0.7], [0.03, 0.66]),
    box(wood, [-half + 0.02, half - 0.02], [0.35, 0.7], [0.03, 0.05]),
  ];
};

/** A low chest of drawers, its back at z = 0; `half` its half width. */
export const drawers = (
  key: Key,
  half: number,
  height: number,
  depth: number,
  rows: number,
): readonly Solid[] => {
  const wood = woodOf(key);
  const front = woodOf(fold(key, "front"));
  const metal = metalOf(key);
  const tall = (height - 0.16) / rows;
  return [
    box(wood, [-half, half], [0.08, height], [0, depth]),
    box(wood, [-half - 0.02, half + 0.02], [height, height + 0.025], [0, depth + 0.02]),
    ...moved(legs(metal, half - 0.04, depth / 2 - 0.04, 0.08, 0.02), [0, 0, depth / 2]),
    ...range(rows).flatMap((at) => {
      const low = 0.11 + at * tall;
      return [
        box(front, [-half + 0.025, half - 0.025], [low, low + tall - 0.025], [depth, depth + 0.015]),
        box(metal, [-half * 0.35, half * 0.35], [low + tall * 0.5, low + tall * 0.5 + 0.02], [
          depth + 0.015,
          depth + 0.04,
        ]),
      ];
    }),
  ];
};
