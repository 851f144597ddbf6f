import { fold, type Key } from "../../../tensor/key.ts";
import type { Light, Solid } from "../description.ts";
import { between, chance } from "../draws.ts";
import { anyColour, glowing, metalOf, plain } from "../materials.ts";
import { cylinder, ellipsoid } from "../solids.ts";
import type { Vector } from "../vector.ts";

const shadeOf = (key: Key): Solid["material"] =>
  glowing(
    plain(fold(key, "shade"), anyColour(key, [0.05, 0.4], [0.6, 0.95])),
    between(key, "glow", 0.5, 1.6),
  );

/** A standing lamp 1.5 to 1.8 m high; its foot at the origin. */
export const floorLamp = (key: Key): readonly Solid[] => {
  const height = between(key, "height", 1.35, 1.6);
  const metal = metalOf(key);
  return [
    cylinder(metal, [0, 0, 0], 0.15, 0.03),
    cylinder(metal, [0, 0.03, 0], 0.015, height),
    cylinder(shadeOf(key), [0, height - 0.08, 0], 0.22, 0.3, 0.6),
  ];
};

/** A lamp for a table, about 0.45 m high. */
export const tableLamp = (key: Key): readonly Solid[] => {
  const body = plain(key, anyColour(key, [0, 0.7], [0.1, 0.8]), 0.4);
  const foot = chance(key, "round", 0.5)
    ? ellipsoid(body, [0, 0.12, 0], [0.09, 0.12, 0.09])
    : cylinder(body, [0, 0, 0], 0.08, 0.24, 0.35);
  return [foot, cylinder(shadeOf(key), [0, 0.22, 0], 0.15, 0.2, 0.65)];
};

/** A lamp that hangs `drop` m below the ceiling; the ceiling at y = 0. */
export const pendant = (key: Key, drop: number): readonly Solid[] => [
  cylinder(metalOf(key), [0, -drop, 0], 0.008, drop - 0.001),
  chance(key, "ball", 0.35)
    ? ellipsoid(shadeOf(key), [0, -drop, 0], [0.17, 0.17, 0.17])
    : cylinder(shadeOf(key), [0, -drop - 0.1, 0], 0.24, 0.2, 0.3),
];

/** The lights of a room: one strong, at a place that the scene names, and one weak anywhere. */
export const lightsOf = (
  key: Key,
  size: Vector,
  centre: Vector,
  spread: Vector,
): readonly Light[] => {
  const own = fold(key, "fill");
  const power = between(key, "power", 0.8, 1.4);
  const tint = anyColour(key, [0, 0.3], [1, 1]);
  const fill = anyColour(own, [0, 0.35], [1, 1]);
  const weak = between(own, "power", 0.15, 0.6);
  const at = (name: string, axis: 0 | 1 | 2, low: number, high: number): number =>
    size[axis] * between(own, name, low, high);
  return [
    { centre, spread, shadows: true, colour: [tint[0] * power, tint[1] * power, tint[2] * power] },
    {
      centre: [at("x", 0, 0.15, 0.85), at("y", 1, 0.6, 0.9), at("z", 2, 0.05, 0.95)],
      spread: [0, 0, 0],
      shadows: false,
      colour: [fill[0] * weak, fill[1] * weak, fill[2] * weak],
    },
  ];
};
