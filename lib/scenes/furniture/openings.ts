import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, range, type Solid } from "../description.ts";
import { anyColour, fabricOf, glowing, metalOf, patterned, plain, woodOf } from "../materials.ts";
import { box, cylinder, type Interval } from "../solids.ts";

// All stand with their back at z = 0, on a wall, and their foot at y = 0.

/** A frame of four bars around x ± half, from y[0] to y[1]. */
const frame = (
  material: Solid["material"],
  half: number,
  y: Interval,
  bar: number,
  depth: number,
): readonly Solid[] => [
  box(material, [-half - bar, -half], [y[0], y[1] + bar], [0, depth]),
  box(material, [half, half + bar], [y[0], y[1] + bar], [0, depth]),
  box(material, [-half, half], [y[1], y[1] + bar], [0, depth]),
];

/** A door with its frame, panels and handle: about 1 m wide, 2.1 m high. */
export const door = (key: Key): readonly Solid[] => {
  const half = between(key, "half", 0.4, 0.46);
  const leaf = woodOf(foldIn(key, "leaf"));
  const trim = plain(foldIn(key, "trim"), anyColour(key, [0, 0.3], [0.3, 0.9]));
  const metal = metalOf(key);
  const side = chance(key, "side", 0.5) ? 1 : -1;
  const knob = side * (half - 0.08);
  const rows = drawInteger(key, "rows", 1, 3);
  const tall = 1.8 / rows;
  return [
    ...frame(trim, half, [0, 2.05], 0.09, 0.06),
    box(leaf, [-half, half], [0, 2.05], [0, 0.02]),
    ...range(rows).map((row) =>
      box(leaf, [-half + 0.13, half - 0.13], [
        0.14 + row * tall,
        0.04 + (row + 1) * tall,
      ], [0.02, 0.035])
    ),
    box(metal, [knob - 0.02, knob + 0.02], [0.95, 1.12], [0.02, 0.035]),
    box(metal, [Math.min(knob, knob - side * 0.12), Math.max(knob, knob - side * 0.12)], [1.05, 1.075], [0.06, 0.08]),
    box(metal, [knob - 0.012, knob + 0.012], [1.05, 1.075], [0.035, 0.06]),
  ];
};

/** A window with glazing bars and a sill; `half` its half width. The foot is the sill. */
export const windowFitting = (
  key: Key,
  half: number,
  height: number,
): readonly Solid[] => {
  const view = patterned(
    key,
    "window",
    anyColour(foldIn(key, "sky"), [0.1, 0.5], [0.6, 1]),
    [0, 0, 0],
  );
  const trim = plain(foldIn(key, "trim"), anyColour(key, [0, 0.3], [0.35, 0.9]));
  const columns = drawInteger(key, "columns", 1, 3);
  return [
    box(glowing(view, 0.9), [-half, half], [0, height], [0, 0.015]),
    ...frame(trim, half, [0, height], 0.07, 0.06),
    ...range(columns).slice(1).map((at) => {
      const x = -half + 2 * half * at / columns;
      return box(trim, [x - 0.025, x + 0.025], [0, height], [0, 0.05]);
    }),
    box(trim, [-half, half], [height * 0.62, height * 0.62 + 0.04], [0, 0.05]),
    box(trim, [-half - 0.12, half + 0.12], [-0.05, 0], [0, 0.16]),
  ];
};

/** A curtain in folds, hanging from y = height down to `bottom`, over x ± half. */
const curtain = (
  key: Key,
  from: number,
  to: number,
  bottom: number,
  height: number,
): readonly Solid[] => {
  const cloth = fabricOf(key);
  const folds = Math.max(3, Math.round((to - from) / 0.09));
  const step = (to - from) / folds;
  return range(folds).map((at) =>
    cylinder(
      cloth,
      [from + (at + 0.5) * step, bottom, 0.1 + (at % 2) * 0.035],
      step * 0.62,
      height - bottom,
    )
  );
};

/** A window of half width `half` with a rod and a curtain on each side; the foot is the sill, `sill` m above the floor. */
export const curtainedWindow = (
  key: Key,
  half: number,
  height: number,
  sill: number,
): readonly Solid[] => {
  const bottom = chance(key, "long", 0.6) ? 0.04 - sill : -0.15;
  const cloth = foldIn(key, "cloth");
  const top = height + 0.12;
  return [
    ...windowFitting(key, half, height),
    box(metalOf(key), [-half - 0.4, half + 0.4], [top, top + 0.03], [0.1, 0.13]),
    ...curtain(cloth, -half - 0.35, -half + 0.08, bottom, top),
    ...curtain(cloth, half - 0.08, half + 0.35, bottom, top),
  ];
};

/** A radiator, to stand under a window. */
export const radiator = (key: Key, half: number): readonly Solid[] => {
  const paint = plain(key, anyColour(key, [0, 0.15], [0.6, 0.9]), 0.2);
  const ribs = Math.max(4, Math.round(half * 2 / 0.1));
  const step = 2 * half / ribs;
  return range(ribs).map((at) => {
    const x = -half + (at + 0.5) * step;
    return box(paint, [x - step * 0.4, x + step * 0.4], [0.12, 0.68], [0.03, 0.13]);
  });
};
