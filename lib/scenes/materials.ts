import { foldIn, type Key } from "../tensor/key.ts";
import { between, chance, type Colour, type Material, type Pattern, pick, type Room } from "./description.ts";
import type { Vector } from "./vector.ts";

/** A colour times a number. */
export const shade = (colour: Colour, factor: number): Colour => [
  colour[0] * factor,
  colour[1] * factor,
  colour[2] * factor,
];

/** From `first` (share 0) to `second` (share 1). */
export const blend = (
  first: Colour,
  second: Colour,
  share: number,
): Colour => [
  first[0] + (second[0] - first[0]) * share,
  first[1] + (second[1] - first[1]) * share,
  first[2] + (second[2] - first[2]) * share,
];

const channel = (offset: number, hue: number): number => {
  const k = (offset + hue * 6) % 6;
  return Math.max(0, Math.min(k, 4 - k, 1));
};

/** A colour from hue, saturation and value, each 0…1 (the hue wraps around). */
export const fromHue = (
  hue: number,
  saturation: number,
  value: number,
): Colour => {
  const turn = hue - Math.floor(hue);
  return [
    value * (1 - saturation * channel(5, turn)),
    value * (1 - saturation * channel(3, turn)),
    value * (1 - saturation * channel(1, turn)),
  ];
};

/** The brightness of a linear colour (Rec. 709 weights). */
export const luminance = (colour: Colour): number => 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];

/** A material of two colours with a pattern. */
export const patterned = (
  key: Key,
  pattern: Pattern,
  colour: Colour,
  second: Colour,
  period = 0.2,
  gloss = 0,
): Material => ({
  pattern,
  colour,
  second,
  period,
  gloss,
  glow: 0,
  mirror: 0,
  grain: foldIn(key, "grain")[0] | 0,
});

/** A material of one colour. */
export const plain = (key: Key, colour: Colour, gloss = 0): Material =>
  patterned(key, "plain", colour, colour, 1, gloss);

/** The same material, but giving off light. */
export const glowing = (material: Material, glow: number): Material => ({
  ...material,
  glow,
});

/** Any colour; `value` is its largest channel. */
export const anyColour = (
  key: Key,
  saturation: readonly [number, number],
  value: readonly [number, number],
): Colour =>
  fromHue(
    between(key, "hue", 0, 1),
    between(key, "saturation", ...saturation),
    between(key, "value", ...value),
  );

/** Wood, from pale birch to dark walnut; sometimes painted. */
export const woodOf = (key: Key): Material => {
  const tone = between(key, "tone", 0, 1);
  const light: Colour = blend([0.62, 0.42, 0.22], [0.16, 0.07, 0.03], tone);
  const painted = anyColour(foldIn(key, "paint"), [0, 0.5], [0.2, 0.85]);
  return chance(key, "painted", 0.25)
    ? plain(key, painted, 0.1)
    : patterned(key, "wood", light, shade(light, 0.55), 1, 0.12);
};

/** Cloth of any colour, sometimes striped. */
export const fabricOf = (key: Key): Material => {
  const colour = anyColour(key, [0.1, 0.75], [0.08, 0.75]);
  const other = anyColour(foldIn(key, "other"), [0, 0.6], [0.1, 0.8]);
  const period = between(key, "period", 0.03, 0.09);
  return chance(key, "striped", 0.2)
    ? patterned(key, "stripes", colour, other, period)
    : patterned(key, "fabric", colour, colour);
};

/** Steel, brass or dark metal. */
export const metalOf = (key: Key): Material =>
  plain(
    key,
    pick<Colour>(
      key,
      "metal",
      [0.5, 0.52, 0.55],
      [0.3, 0.31, 0.32],
      [0.55, 0.42, 0.18],
      [0.05, 0.05, 0.055],
    ),
    0.7,
  );

/** Whitish glazed ceramic. */
export const ceramicOf = (key: Key): Material => plain(key, anyColour(key, [0, 0.12], [0.75, 0.92]), 0.6);

/** Painted plaster, wallpaper or brick for a wall. */
export const wallOf = (key: Key): Material => {
  const colour = anyColour(key, [0, 0.5], [0.18, 0.85]);
  const other = blend(colour, anyColour(foldIn(key, "o"), [0, 0.4], [0.2, 0.9]), 0.4);
  const style = between(key, "style", 0, 1);
  const width = between(key, "width", 0.06, 0.25);
  if (style < 0.12) return patterned(key, "stripes", colour, other, width);
  if (style < 0.2) {
    const clay: Colour = [0.4, 0.17, 0.1];
    const brick = blend(clay, colour, between(key, "paint", 0, 1));
    return patterned(key, "bricks", brick, shade(other, 0.8), 0.075);
  }
  return plain(key, colour);
};

/** Glazed tiles for a wall. */
export const wallTilesOf = (key: Key): Material => {
  const colour = anyColour(key, [0, 0.55], [0.25, 0.88]);
  const grout = anyColour(foldIn(key, "grout"), [0, 0.1], [0.2, 0.85]);
  const period = between(key, "period", 0.1, 0.28);
  const pattern = pick<Pattern>(key, "pattern", "tiles", "tiles", "bricks");
  return patterned(key, pattern, colour, grout, period * 0.8, 0.3);
};

/** Planks. */
export const planksOf = (key: Key): Material => {
  const tone = between(key, "tone", 0, 1);
  const light = blend([0.6, 0.42, 0.25], [0.13, 0.07, 0.04], tone);
  const width = between(key, "width", 0.09, 0.2);
  return patterned(key, "planks", light, shade(light, 0.6), width, 0.12);
};

/** Tiles or a chequered floor. */
export const floorTilesOf = (key: Key): Material => {
  const colour = anyColour(key, [0, 0.45], [0.1, 0.8]);
  const other = anyColour(foldIn(key, "other"), [0, 0.4], [0.05, 0.85]);
  const period = between(key, "period", 0.25, 0.5);
  return chance(key, "chequered", 0.4)
    ? patterned(key, "checker", colour, other, period, 0.25)
    : patterned(key, "tiles", colour, shade(other, 0.6), period, 0.25);
};

/** Fitted carpet. */
export const carpetOf = (key: Key): Material => {
  const colour = anyColour(key, [0, 0.6], [0.08, 0.6]);
  return patterned(key, "carpet", colour, colour);
};

/** A room with walls of one material, one of them perhaps of another. */
export const roomOf = (
  key: Key,
  size: Vector,
  floor: Material,
  wall: Material,
): Room => {
  const accent = chance(key, "accent", 0.35) ? wallOf(foldIn(key, "wall")) : wall;
  const bright = plain(key, anyColour(key, [0, 0.2], [0.3, 0.9]));
  return { size, floor, ceiling: bright, walls: [wall, wall, wall, accent] };
};
