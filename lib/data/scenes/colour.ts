import type { Colour } from "./description.ts";

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
