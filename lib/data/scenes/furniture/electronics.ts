import { fold, type Key } from "../../../tensor/key.ts";
import type { Solid } from "../description.ts";
import { between, chance } from "../draws.ts";
import { anyColour, glowing, patterned, plain } from "../materials.ts";
import { box, cylinder, moved, turned } from "../solids.ts";
import { pitch } from "../vector.ts";

// Standing at the origin, the user sits at positive z.

const casing = (key: Key): Solid["material"] => plain(key, anyColour(key, [0, 0.1], [0.02, 0.7]), 0.3);

const display = (key: Key): Solid["material"] =>
  glowing(
    patterned(
      fold(key, "display"),
      "screen",
      anyColour(fold(key, "desktop"), [0.3, 0.9], [0.1, 0.6]),
      anyColour(fold(key, "pane"), [0, 0.1], [0.5, 0.9]),
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
