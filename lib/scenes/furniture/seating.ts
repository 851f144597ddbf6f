import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, type Material, pick, range, type Solid } from "../description.ts";
import { fabricOf, metalOf, woodOf } from "../materials.ts";
import { box, cylinder, ellipsoid, moved, placed, turned } from "../solids.ts";
import { pitch, upright, yaw } from "../vector.ts";

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
  const front = woodOf(foldIn(key, "front"));
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
  const front = woodOf(foldIn(key, "front"));
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

// Foot at y = 0. Chairs: middle at the origin, the sitter looks along z. Sofas: back at z = 0.

/** Four legs under the corners of 2·x by 2·z, `height` high. */
export const legs = (
  material: Material,
  x: number,
  z: number,
  height: number,
  thick: number,
): readonly Solid[] =>
  ([[-x, -z], [x, -z], [-x, z], [x, z]] as const).map(([a, b]) =>
    box(material, [a - thick, a + thick], [0, height], [b - thick, b + thick])
  );

/** A wooden chair with a back of slats or a board. */
export const chair = (key: Key): readonly Solid[] => {
  const frame = woodOf(key);
  const seat = chance(key, "padded", 0.4) ? fabricOf(key) : frame;
  const back = between(key, "back", 0.38, 0.5);
  const slats = drawInteger(key, "slats", 2, 4);
  const upper: readonly Solid[] = [
    box(frame, [-0.21, -0.17], [0.45, 0.45 + back], [-0.21, -0.175]),
    box(frame, [0.17, 0.21], [0.45, 0.45 + back], [-0.21, -0.175]),
    box(frame, [-0.17, 0.17], [0.37 + back, 0.45 + back], [-0.205, -0.18]),
    ...(chance(key, "board", 0.4)
      ? [box(frame, [-0.17, 0.17], [0.6, 0.37 + back], [-0.2, -0.185])]
      : range(slats).map((at) => {
        const x = -0.17 + 0.34 * (at + 0.5) / slats;
        return box(frame, [x - 0.02, x + 0.02], [0.45, 0.37 + back], [-0.2, -0.185]);
      })),
  ];
  return [
    ...legs(frame, 0.185, 0.185, 0.43, 0.02),
    box(seat, [-0.22, 0.22], [0.43, 0.47], [-0.22, 0.22]),
    ...turned(upper, pitch(-8), [0, 0.45, -0.19]),
  ];
};

/** A swivel chair on five feet, with arms. */
export const officeChair = (key: Key): readonly Solid[] => {
  const cloth = fabricOf(key);
  const metal = metalOf(key);
  const back = between(key, "back", 0.5, 0.7);
  const spokes = range(5).flatMap((at) =>
    turned([
      box(metal, [-0.02, 0.02], [0.06, 0.1], [0, 0.3]),
      ellipsoid(metal, [0, 0.04, 0.29], [0.03, 0.04, 0.03]),
    ], yaw(72 * at + 20))
  );
  return [
    ...spokes,
    cylinder(metal, [0, 0.08, 0], 0.03, 0.34),
    box(cloth, [-0.24, 0.24], [0.42, 0.51], [-0.23, 0.25]),
    ...turned([box(cloth, [-0.22, 0.22], [0.58, 0.55 + back], [-0.27, -0.2])], pitch(-8), [0, 0.5, -0.23]),
    box(metal, [-0.03, 0.03], [0.45, 0.7], [-0.29, -0.26]),
    ...[-0.27, 0.27].flatMap((x) => [
      box(metal, [x - 0.02, x + 0.02], [0.45, 0.66], [-0.05, 0]),
      box(metal, [x - 0.03, x + 0.03], [0.66, 0.7], [-0.15, 0.15]),
    ]),
  ];
};

/** A sofa for `seats` people, or an armchair for one; about 0.75 m a seat wide, 0.9 m deep. */
export const sofa = (key: Key, seats: number): readonly Solid[] => {
  const cloth = fabricOf(key);
  const pillow = fabricOf(foldIn(key, "pillow"));
  const half = seats * 0.34;
  const arm = between(key, "arm", 0.54, 0.66);
  const seat = half * 2 / seats;
  return [
    box(cloth, [-half, half], [0.1, 0.28], [0.02, 0.86]),
    box(cloth, [-half, half], [0.1, 0.72], [0, 0.2]),
    box(cloth, [-half - 0.2, -half], [0.08, arm], [0, 0.88]),
    box(cloth, [half, half + 0.2], [0.08, arm], [0, 0.88]),
    ...[-half - 0.1, half + 0.1].map((x) => turned([cylinder(cloth, [x, 0, 0], 0.1, 0.88)], pitch(90))).flatMap((
      roll,
    ) => placed(roll, upright, [0, arm, 0])),
    ...range(seats).flatMap((at) => {
      const x = -half + seat * (at + 0.5);
      return [
        box(cloth, [x - seat / 2 + 0.012, x + seat / 2 - 0.012], [0.28, 0.43], [0.2, 0.87]),
        ...turned(
          [
            box(cloth, [x - seat / 2 + 0.02, x + seat / 2 - 0.02], [0.42, 0.84], [0.16, 0.32]),
          ],
          pitch(-10),
          [x, 0.42, 0.2],
        ),
      ];
    }),
    ...range(drawInteger(key, "pillows", 0, seats)).flatMap((at) =>
      placed(
        turned([ellipsoid(pillow, [0, 0, 0], [0.22, 0.2, 0.09])], pitch(-25)),
        yaw(between(key, at, -25, 25)),
        [between(foldIn(key, at), "x", -half + 0.15, half - 0.15), 0.6, 0.42],
      )
    ),
    ...legs(metalOf(key), half + 0.1, 0.36, 0.1, 0.03).map((leg) => ({
      ...leg,
      centre: [leg.centre[0], leg.centre[1], leg.centre[2] + 0.44] as const,
    })),
  ];
};

/** A round or square stool. */
export const stool = (key: Key): readonly Solid[] => {
  const wood = woodOf(key);
  const height = between(key, "height", 0.42, 0.65);
  return [
    ...legs(wood, 0.12, 0.12, height, 0.018),
    pick(
      key,
      "seat",
      cylinder(wood, [0, height, 0], 0.19, 0.04),
      box(wood, [-0.18, 0.18], [height, height + 0.04], [-0.18, 0.18]),
    ),
  ];
};

/** A bench of planks, its back at z = 0; `half` its half length. */
export const bench = (key: Key, half: number): readonly Solid[] => {
  const wood = woodOf(key);
  const metal = metalOf(key);
  return [
    ...[-half + 0.15, half - 0.15].map((x) => box(metal, [x - 0.03, x + 0.03], [0, 0.42], [0.06, 0.42])),
    ...range(3).map((at) => box(wood, [-half, half], [0.42, 0.46], [0.06 + at * 0.13, 0.17 + at * 0.13])),
    ...(chance(key, "back", 0.6) ? [0.6, 0.74].map((y) => box(wood, [-half, half], [y, y + 0.1], [0.02, 0.05])) : []),
    ...(chance(key, "back", 0.6)
      ? [-half + 0.15, half - 0.15].map((x) => box(metal, [x - 0.02, x + 0.02], [0.4, 0.84], [0, 0.02]))
      : []),
  ];
};
