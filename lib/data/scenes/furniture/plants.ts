import { fold, type Key } from "../../../tensor/key.ts";
import type { Solid } from "../description.ts";
import { between, chance, integer, range } from "../draws.ts";
import { fromHue } from "../colour.ts";
import { anyColour, patterned, plain } from "../materials.ts";
import { cylinder, ellipsoid, placed, turned } from "../solids.ts";
import { compose, pitch, yaw } from "../vector.ts";

const green = (key: Key): Solid["material"] => {
  const leaf = fromHue(between(key, "hue", 0.22, 0.38), 0.7, between(key, "value", 0.2, 0.5));
  return patterned(key, "leaves", leaf, [leaf[0] * 1.5, leaf[1] * 1.5, leaf[2] * 1.5]);
};

/** Long leaves that fan out from `height`. */
const fan = (key: Key, height: number, length: number): readonly Solid[] => {
  const leaf = green(key);
  const count = integer(key, "leaves", 9, 13);
  return range(count).flatMap((at) => {
    const own = fold(key, at);
    const tilt = between(own, "tilt", 15, 75);
    const long = length * between(own, "long", 0.7, 1.1);
    const blade = ellipsoid(leaf, [0, long / 2, 0], [0.06, long / 2, 0.012]);
    return placed([blade], compose(yaw(360 * at / count), pitch(tilt)), [0, height, 0]);
  });
};

/** A round bush of overlapping balls. */
const bush = (key: Key, height: number, size: number): readonly Solid[] => {
  const leaf = green(key);
  return range(6).map((at) => {
    const own = fold(key, at);
    const radius = size * between(own, "radius", 0.5, 0.75);
    return ellipsoid(leaf, [
      between(own, "x", -0.5, 0.5) * size,
      height + size * between(own, "y", 0.3, 1.3),
      between(own, "z", -0.5, 0.5) * size,
    ], [radius, radius, radius]);
  });
};

/** A plant in a pot on the floor, 0.9 to 1.5 m high. */
export const plant = (key: Key): readonly Solid[] => {
  const pot = plain(key, anyColour(key, [0, 0.7], [0.15, 0.8]), 0.2);
  const tall = between(key, "tall", 0.26, 0.4);
  const soil = plain(key, [0.05, 0.03, 0.02]);
  const stem = between(key, "stem", 0, 0.45);
  const trunk = plain(key, [0.15, 0.09, 0.05]);
  return [
    cylinder(pot, [0, 0, 0], 0.13, tall, 1.35),
    cylinder(soil, [0, tall, 0], 0.155, 0.004),
    cylinder(trunk, [0, tall, 0], 0.02, stem + 0.1),
    ...(chance(key, "fan", 0.6) ? fan(key, tall + stem, 0.6) : bush(key, tall + stem, 0.26)),
  ];
};

/** A small plant for a table or sill, about 0.3 m high. */
export const pottedPlant = (key: Key): readonly Solid[] => [
  cylinder(plain(key, anyColour(key, [0, 0.7], [0.2, 0.8]), 0.2), [0, 0, 0], 0.055, 0.11, 1.3),
  ...turned(bush(key, 0.1, 0.1), yaw(0)),
];
