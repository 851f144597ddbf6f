import { interpolateInferno, interpolateMagma, interpolateRdBu, interpolateViridis } from "../dependencies/colormap.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { isMeasured, type Range } from "./range.ts";
import { invalidGrey, type Rgb } from "./rgb.ts";

/** A colour for each value in [0, 1]; values outside are clamped, and NaN throws a `RangeError`. */
export type ColorMap = (unit: number) => Rgb;

const entries = 256;

/** A colour of CSS: "#rrggbb" or "rgb(r, g, b)". */
const parseColour = (text: string): Rgb => {
  const [red, green, blue] = text.startsWith("#")
    ? Array.from(text.matchAll(/[\da-f]{2}/gi), ([digits]) => parseInt(digits, 16))
    : Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));
  if (red === undefined || green === undefined || blue === undefined) throw new RangeError(`"${text}" is not a colour`);
  return [red, green, blue];
};

const tabulate = (colourAt: (unit: number) => string): ColorMap => {
  const table = Array.from(
    { length: entries },
    // The middle of an entry: its edge may fall into the neighbour by rounding.
    (_, index) => parseColour(colourAt((index + 0.5) / entries)),
  );
  return (unit) => {
    const index = Math.max(
      0,
      Math.min(entries - 1, Math.floor(unit * entries)),
    );
    const colour = table[index];
    if (colour === undefined) throw new RangeError(`colour of ${unit}: not a number`);
    return colour;
  };
};

/** Viridis (van der Walt and Smith, Matplotlib): dark violet to bright yellow, perceptually uniform. */
export const viridis: ColorMap = tabulate(interpolateViridis);

/** Magma (van der Walt and Smith, Matplotlib): black over purple to a pale yellow, perceptually uniform. */
export const magma: ColorMap = tabulate(interpolateMagma);

/** Inferno (van der Walt and Smith, Matplotlib): black over red to a bright yellow, perceptually uniform. */
export const inferno: ColorMap = tabulate(interpolateInferno);

/** The same colours in the opposite order. */
export const reversed = (map: ColorMap): ColorMap => (unit) => map(1 - unit);

/**
 * The map for depth: viridis with near bright and far dark. Its lightness falls steadily with depth, so that equal
 * steps in metres look equally large, also in grey print and to the colour-blind; rainbow maps show edges where there
 * are none.
 */
export const depthMap: ColorMap = reversed(viridis);

/** The map for errors: inferno, no error black, large errors bright. Not to be mistaken for {@link depthMap}. */
export const errorMap: ColorMap = inferno;

/**
 * The map for signed values, 0 in its middle: ColorBrewer's RdBu, from red below 0 over white to blue above, told apart by
 * the colour-blind, too.
 */
export const signedMap: ColorMap = tabulate(interpolateRdBu);

const unitWithin = (value: number, near: number, far: number): number => {
  if (far > near) return (value - near) / (far - near);
  return value < near ? 0 : value > near ? 1 : 0.5;
};

/**
 * Paints height × width values: `range` spans the map, values outside it are clamped, and those that are not `valid`
 * are {@link invalidGrey}. Throws a `RangeError` unless the range is finite and ascending.
 */
export const paint = (
  values: DepthImage,
  valid: (value: number) => boolean,
  [near, far]: Range,
  map: ColorMap,
): RgbImage => {
  if (!(Number.isFinite(near) && Number.isFinite(far) && near <= far)) {
    throw new RangeError(
      `range of a colour map: ${near} to ${far} is not a finite ascending range`,
    );
  }
  const { height, width, metres } = values;
  const pixels = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const value = metres[pixel]!;
    pixels.set(
      valid(value) ? map(unitWithin(value, near, far)) : invalidGrey,
      pixel * 3,
    );
  }
  return { height, width, pixels };
};

/**
 * A depth image in colour, of the same height and width. `range` in metres spans the map from `near` to `far`; depths
 * outside it are clamped; pixels without a measurement (0, negative or not finite) are {@link invalidGrey}. Throws a
 * `RangeError` unless the range is finite and ascending.
 */
export const colorize = (
  depth: DepthImage,
  range: Range,
  map: ColorMap = depthMap,
): RgbImage => paint(depth, isMeasured, range, map);
