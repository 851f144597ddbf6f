import { fold, type Key } from "../../../tensor/key.ts";
import { shade } from "../colour.ts";
import type { Solid } from "../description.ts";
import { between, chance } from "../draws.ts";
import { anyColour, fabricOf, patterned, plain, woodOf } from "../materials.ts";
import { box, ellipsoid, placed, turned } from "../solids.ts";
import { pitch, yaw } from "../vector.ts";
import { legs } from "./seating.ts";

/** A bed with headboard, pillows and a blanket; its head at z = 0, 2.1 m long, `half` its half width. */
export const bed = (key: Key, half: number): readonly Solid[] => {
  const wood = woodOf(key);
  const sheet = plain(fold(key, "sheet"), anyColour(fold(key, "sheet"), [0, 0.25], [0.6, 0.9]));
  const cover = chance(key, "patterned", 0.35)
    ? patterned(
      key,
      "checker",
      anyColour(key, [0.2, 0.8], [0.2, 0.7]),
      anyColour(fold(key, "b"), [0, 0.5], [0.3, 0.85]),
      between(key, "check", 0.1, 0.25),
    )
    : fabricOf(fold(key, "cover"));
  const head = between(key, "head", 0.9, 1.25);
  const pillows = half > 0.6 ? [-half / 2, half / 2] : [0];
  const fringe = { ...cover, colour: shade(cover.colour, 0.9) };
  return [
    box(wood, [-half - 0.04, half + 0.04], [0.1, head], [0, 0.07]),
    box(wood, [-half - 0.02, half + 0.02], [0.14, 0.32], [0.07, 2.08]),
    box(wood, [-half - 0.04, half + 0.04], [0.1, 0.42], [2.06, 2.12]),
    ...placed(legs(wood, half - 0.05, 0.95, 0.14, 0.04), yaw(0), [0, 0, 1.07]),
    box(sheet, [-half, half], [0.32, 0.52], [0.07, 2.05]),
    box(cover, [-half - 0.03, half + 0.03], [0.5, 0.58], [0.75, 2.07]),
    box(fringe, [-half - 0.035, half + 0.035], [0.3, 0.52], [0.8, 2.07]),
    box(sheet, [-half - 0.032, half + 0.032], [0.5, 0.59], [0.6, 0.8]),
    ...pillows.flatMap((x, at) =>
      placed(
        turned([ellipsoid(sheet, [0, 0, 0], [Math.min(0.36, half * 0.8), 0.13, 0.24])], pitch(14)),
        yaw(between(key, at, -6, 6)),
        [x, 0.6, 0.34],
      )
    ),
  ];
};
