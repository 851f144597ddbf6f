import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, type Colour, drawInteger, type Pattern, pick, range, type Solid } from "../description.ts";
import { anyColour, glowing, metalOf, patterned, plain, woodOf } from "../materials.ts";
import { box, oval, placed, turned } from "../solids.ts";
import { pitch, upright } from "../vector.ts";

// All hang with their back at z = 0 and their middle at the origin.

/** A framed painting. */
export const picture = (key: Key): readonly Solid[] => {
  const wide = between(key, "wide", 0.2, 0.48);
  const tall = between(key, "tall", 0.18, 0.38);
  const rim = woodOf(foldIn(key, "rim"));
  const pattern = pick<Pattern>(key, "what", "landscape", "abstract");
  const canvas = patterned(key, pattern, [0, 0, 0], [0, 0, 0]);
  return [
    box(rim, [-wide - 0.04, wide + 0.04], [-tall - 0.04, tall + 0.04], [0, 0.025]),
    box(canvas, [-wide, wide], [-tall, tall], [0.02, 0.03]),
  ];
};

/** A round clock. */
export const clock = (key: Key): readonly Solid[] => {
  const radius = between(key, "radius", 0.14, 0.2);
  const face = patterned(key, "clock", [0.85, 0.85, 0.82], [0.04, 0.04, 0.05]);
  return turned([oval(face, [0, 0, 0], [radius, 0.025, radius])], pitch(90));
};

/** A blackboard, green board or whiteboard with a tray. */
export const writingBoard = (
  key: Key,
  half: number,
  tall: number,
): readonly Solid[] => {
  const [dark, chalk] = pick<readonly [Colour, Colour]>(
    key,
    "board",
    [[0.03, 0.035, 0.035], [0.7, 0.7, 0.68]],
    [[0.03, 0.1, 0.06], [0.75, 0.75, 0.7]],
    [[0.88, 0.88, 0.88], [0.1, 0.15, 0.5]],
  );
  const rim = woodOf(foldIn(key, "rim"));
  return [
    box(rim, [-half - 0.05, half + 0.05], [-tall - 0.05, tall + 0.05], [0, 0.025]),
    box(patterned(key, "board", dark, chalk), [-half, half], [-tall, tall], [0.02, 0.03]),
    box(rim, [-half, half], [-tall - 0.06, -tall - 0.03], [0.02, 0.12]),
  ];
};

/** Papers pinned to cork. */
export const noticeBoard = (key: Key): readonly Solid[] => {
  const half = between(key, "half", 0.35, 0.6);
  const cork = patterned(key, "carpet", [0.42, 0.27, 0.13], [0.4, 0.25, 0.1]);
  return [
    box(woodOf(key), [-half - 0.03, half + 0.03], [-0.38, 0.38], [0, 0.015]),
    box(cork, [-half, half], [-0.35, 0.35], [0.01, 0.02]),
    ...range(drawInteger(key, "papers", 3, 6)).map((at) => {
      const own = foldIn(key, at);
      const x = between(own, "x", -half + 0.12, half - 0.12);
      const y = between(own, "y", -0.2, 0.2);
      const paper = plain(own, anyColour(own, [0, 0.5], [0.5, 0.9]));
      return box(paper, [x - 0.09, x + 0.09], [y - 0.12, y + 0.12], [0.02, 0.024]);
    }),
  ];
};

/** A framed mirror. */
export const wallMirror = (half: number, tall: number, key: Key): readonly Solid[] => {
  const glass = { ...plain(key, [0.8, 0.85, 0.85], 0), mirror: 0.85 };
  const rim = chance(key, "metal", 0.5) ? metalOf(key) : woodOf(key);
  return [
    box(rim, [-half - 0.03, half + 0.03], [-tall - 0.03, tall + 0.03], [0, 0.02]),
    box(glass, [-half, half], [-tall, tall], [0.015, 0.025]),
  ];
};

/** A flat ceiling lamp of half sides `half` and `long`; its top at y = 0. */
export const ceilingPanel = (
  key: Key,
  half: number,
  long: number,
): readonly Solid[] => {
  const glass = glowing(plain(key, [0.9, 0.9, 0.85]), 2);
  return [
    box(metalOf(key), [-half - 0.03, half + 0.03], [-0.06, -0.002], [-long - 0.03, long + 0.03]),
    box(glass, [-half, half], [-0.07, -0.05], [-long, long]),
  ];
};

/** A rail with hooks and coats. */
export const coatRail = (key: Key, coat: (own: Key) => Solid["material"]): readonly Solid[] => [
  box(woodOf(key), [-0.5, 0.5], [-0.05, 0.05], [0, 0.03]),
  ...range(4).flatMap((at) =>
    chance(key, at, 0.7)
      ? placed(
        [oval(coat(foldIn(key, at)), [0, -0.45, 0], [0.13, 0.45, 0.07], 0.5)],
        upright,
        [-0.38 + 0.25 * at, 0, 0.12],
      )
      : []
  ),
];
