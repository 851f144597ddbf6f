import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, range, type Solid } from "../description.ts";
import { metalOf, patterned, woodOf } from "../materials.ts";
import { box, type Interval, moved } from "../solids.ts";
import { smallThing } from "./clutter.ts";

// Back at z = 0, foot at y = 0, middle at x = 0.

/** Books side by side from x[0] to x[1], at most `tall` high, standing at y. */
const bookRow = (
  key: Key,
  [from, to]: Interval,
  y: number,
  tall: number,
  depth: number,
): readonly Solid[] => {
  const groups = Math.max(2, Math.round((to - from) / 0.22));
  const step = (to - from) / groups;
  return range(groups).flatMap((at): readonly Solid[] => {
    const own = foldIn(key, at);
    const x = from + at * step;
    const fate = between(own, "fate", 0, 1);
    if (fate < 0.1) return [];
    if (fate < 0.22) return moved(smallThing(own), [x + step / 2, y, depth / 2]);
    const thick = between(own, "thick", 0.025, 0.045);
    const cover = patterned(own, "books", [0.3, 0.2, 0.1], [0.6, 0.6, 0.5], thick);
    const high = tall * between(own, "high", 0.62, 0.95);
    const deep = depth * between(own, "deep", 0.7, 0.92);
    return [box(cover, [x + 0.004, x + step - 0.004], [y, y + high], [0.02, deep])];
  });
};

/** Open shelves full of books and odds and ends; `half` its half width. */
export const bookshelf = (
  key: Key,
  half: number,
  height: number,
  depth = 0.3,
): readonly Solid[] => {
  const wood = woodOf(key);
  const rows = Math.max(2, Math.round(height / between(key, "row", 0.33, 0.42)));
  const tall = (height - 0.08) / rows;
  return [
    box(wood, [-half, -half + 0.03], [0, height], [0, depth]),
    box(wood, [half - 0.03, half], [0, height], [0, depth]),
    box(wood, [-half + 0.03, half - 0.03], [0, height], [0, 0.015]),
    ...range(rows + 1).map((at) =>
      box(wood, [-half + 0.03, half - 0.03], [0.05 + at * tall, 0.075 + at * tall], [0.015, depth])
    ),
    ...range(rows).flatMap((at) =>
      bookRow(foldIn(key, at), [-half + 0.04, half - 0.04], 0.075 + at * tall, tall - 0.03, depth)
    ),
  ];
};

/** A cupboard with `doors` doors and handles, standing or hanging from y[0] to y[1]. */
export const cupboard = (
  key: Key,
  half: number,
  y: Interval,
  depth: number,
  doors: number,
  handleAbove: boolean,
): readonly Solid[] => {
  const body = woodOf(key);
  const front = woodOf(foldIn(key, "front"));
  const metal = metalOf(key);
  const wide = 2 * half / doors;
  const grip = handleAbove ? y[1] - 0.2 : y[0] + 0.08;
  return [
    box(body, [-half, half], y, [0, depth]),
    ...range(doors).flatMap((at) => {
      const x = -half + at * wide;
      const edge = at % 2 === 0 ? x + wide - 0.06 : x + 0.05;
      return [
        box(front, [x + 0.01, x + wide - 0.01], [y[0] + 0.015, y[1] - 0.015], [depth, depth + 0.018]),
        box(metal, [edge, edge + 0.015], [grip, grip + 0.13], [depth + 0.018, depth + 0.04]),
      ];
    }),
  ];
};

/** A wardrobe about 2 m high. */
export const wardrobe = (key: Key, half: number): readonly Solid[] => {
  const height = between(key, "height", 1.85, 2.15);
  const doors = drawInteger(key, "doors", 2, 3);
  const parts = cupboard(key, half, [0.06, height], 0.58, doors, false);
  const shift = height * 0.45;
  return parts.map((part, at) =>
    at > 0 && at % 2 === 0 ? { ...part, centre: [part.centre[0], shift + 0.06, part.centre[2]] as const } : part
  );
};

/** A steel cabinet for files with `rows` drawers. */
export const filingCabinet = (key: Key): readonly Solid[] => {
  const metal = metalOf(key);
  const handle = metalOf(foldIn(key, "handle"));
  const rows = drawInteger(key, "rows", 2, 4);
  return [
    box(metal, [-0.23, 0.23], [0, rows * 0.33 + 0.04], [0, 0.55]),
    ...range(rows).flatMap((at) => [
      box(metal, [-0.215, 0.215], [0.03 + at * 0.33, 0.34 + at * 0.33], [0.55, 0.565]),
      box(handle, [-0.07, 0.07], [0.22 + at * 0.33, 0.25 + at * 0.33], [0.565, 0.59]),
    ]),
    ...(chance(key, "top", 0.6) ? moved(smallThing(key), [0, rows * 0.33 + 0.04, 0.28]) : []),
  ];
};
