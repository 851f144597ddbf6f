import { fold, type Key } from "../../../tensor/key.ts";
import type { Solid } from "../description.ts";
import { between, chance, range } from "../draws.ts";
import { anyColour, metalOf, patterned, plain } from "../materials.ts";
import { box, cylinder, turned } from "../solids.ts";
import { pitch } from "../vector.ts";

// Back at z = 0, foot at y = 0, middle at x = 0; 0.6 m deep; worktops end at y = 0.9.

/** A cooker 0.6 m wide: oven door, knobs and four plates. */
export const cooker = (key: Key): readonly Solid[] => {
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
    ...(chance(key, "pot", 0.65) ? pot(fold(key, "pot"), -0.14, 0.16) : []),
    ...(chance(key, "pan", 0.5) ? pot(fold(key, "pan"), 0.14, 0.42) : []),
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
export const hood = (key: Key, ceiling: number): readonly Solid[] => {
  const metal = metalOf(key);
  return [
    { ...cylinder(metal, [0, 1.58, 0.25], 0.42, 0.26, 0.35) },
    box(metal, [-0.32, 0.32], [1.52, 1.59], [0, 0.5]),
    box(metal, [-0.13, 0.13], [1.7, ceiling], [0, 0.26]),
  ];
};

/** A sink let into the worktop, with its tap. */
export const sink = (key: Key): readonly Solid[] => {
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
export const fridge = (key: Key): readonly Solid[] => {
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
          patterned(fold(key, at), "abstract", [0, 0, 0], [0, 0, 0]),
          [-0.24 + at * 0.13, -0.15 + at * 0.13],
          [split + 0.1 + 0.05 * (at % 2), split + 0.2 + 0.05 * (at % 2)],
          [0.65, 0.654],
        )]
        : []
    ),
  ];
};
