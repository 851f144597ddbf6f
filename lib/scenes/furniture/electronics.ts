import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, type Light, type Solid } from "../description.ts";
import { anyColour, glowing, metalOf, patterned, plain } from "../materials.ts";
import { box, cylinder, ellipsoid, moved, turned } from "../solids.ts";
import { pitch, type Vector } from "../vector.ts";

const shadeOf = (key: Key): Solid["material"] =>
  glowing(
    plain(foldIn(key, "shade"), anyColour(key, [0.05, 0.4], [0.6, 0.95])),
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
  const own = foldIn(key, "fill");
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

// Standing at the origin, the user sits at positive z.

const casing = (key: Key): Solid["material"] => plain(key, anyColour(key, [0, 0.1], [0.02, 0.7]), 0.3);

const display = (key: Key): Solid["material"] =>
  glowing(
    patterned(
      foldIn(key, "display"),
      "screen",
      anyColour(foldIn(key, "desktop"), [0.3, 0.9], [0.1, 0.6]),
      anyColour(foldIn(key, "pane"), [0, 0.1], [0.5, 0.9]),
    ),
    0.5,
  );

/** A monitor on a stand, about 0.5 m wide. */
export const monitor = (key: Key): readonly Solid[] => {
  const half = between(key, "half", 0.23, 0.31);
  const body = casing(key);
  return [
    box(body, [-0.11, 0.11], [0, 0.015], [-0.08, 0.08]),
    box(body, [-0.025, 0.025], [0.015, 0.2], [-0.04, -0.015]),
    box(body, [-half, half], [0.1, 0.14 + half * 1.15], [-0.015, 0.015]),
    box(display(key), [-half + 0.015, half - 0.015], [0.115, 0.125 + half * 1.15], [0.012, 0.017]),
  ];
};

/** A keyboard and a mouse. */
export const keyboard = (key: Key): readonly Solid[] => {
  const colour = anyColour(key, [0, 0.1], [0.03, 0.7]);
  const caps = patterned(key, "keys", colour, [0.02, 0.02, 0.02], 0.022);
  return [
    box(caps, [-0.2, 0.2], [0, 0.02], [-0.07, 0.07]),
    box(casing(key), [0.27, 0.33], [0, 0.03], [-0.05, 0.05]),
  ];
};

/** An open laptop. */
export const laptop = (key: Key): readonly Solid[] => {
  const body = casing(key);
  const caps = patterned(key, "keys", [0.1, 0.1, 0.1], [0.02, 0.02, 0.02], 0.02);
  return [
    box(body, [-0.17, 0.17], [0, 0.015], [-0.11, 0.12]),
    box(caps, [-0.15, 0.15], [0.015, 0.017], [-0.09, 0.03]),
    ...turned(
      [
        box(body, [-0.17, 0.17], [0.01, 0.24], [-0.12, -0.11]),
        box(display(key), [-0.155, 0.155], [0.025, 0.225], [-0.112, -0.107]),
      ],
      pitch(-18),
      [0, 0.01, -0.11],
    ),
  ];
};

/** A desk lamp with a bent arm. */
export const deskLamp = (key: Key): readonly Solid[] => {
  const paint = plain(key, anyColour(key, [0.2, 0.9], [0.1, 0.8]), 0.4);
  return [
    cylinder(paint, [0, 0, 0], 0.09, 0.02),
    ...turned([cylinder(paint, [0, 0, 0], 0.012, 0.35)], pitch(-15)),
    ...moved(turned([cylinder(paint, [0, 0, 0], 0.012, 0.3)], pitch(65)), [0, 0.335, -0.09]),
    ...moved(turned([cylinder(paint, [0, -0.06, 0], 0.09, 0.12, 0.4)], pitch(20)), [0, 0.45, 0.19]),
  ];
};

/** A flat television on a foot; `half` its half width. */
export const television = (key: Key, half: number): readonly Solid[] => {
  const body = plain(key, [0.02, 0.02, 0.022], 0.4);
  const tall = half * 1.15;
  const off = plain(key, [0.015, 0.016, 0.02], 0.6);
  return [
    box(body, [-0.2, 0.2], [0, 0.02], [-0.1, 0.1]),
    box(body, [-0.04, 0.04], [0.02, 0.1], [-0.02, 0.02]),
    box(body, [-half, half], [0.07, 0.07 + tall], [-0.025, 0.025]),
    box(
      chance(key, "on", 0.6) ? glowing(patterned(key, "landscape", [0, 0, 0], [0, 0, 0]), 0.5) : off,
      [-half + 0.02, half - 0.02],
      [0.09, 0.05 + tall],
      [0.02, 0.03],
    ),
  ];
};
