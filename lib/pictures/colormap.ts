import { interpolateInferno, interpolateMagma, interpolateRdBu, interpolateViridis } from "../dependencies/pictures.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { quantiles } from "./quantiles.ts";

/** The values in metres at the two ends of a scale, in ascending order.
 * @category Pictures */
export type Range = readonly [near: number, far: number];

/** Whether a depth in metres is a measurement: finite and above 0. */
export const isMeasured = (metres: number): boolean => Number.isFinite(metres) && metres > 0;

const lowest = 0.02;
const highest = 0.98;
// A scale narrower than this, relative to its far end, becomes one that reaches the margin to both sides.
const narrowest = 1e-3;
const margin = 0.1;

/**
 * A range that a scale can be drawn for: one that is narrower than a thousandth of its far end, as of a depth that is
 * the same everywhere, becomes its middle ±10 %. Throws a `RangeError` unless the range is finite, ascending and from
 * 0.
 */
export const readable = ([near, far]: Range): Range => {
  if (!(Number.isFinite(far) && near >= 0 && near <= far)) {
    throw new RangeError(
      `range of depth: ${near} to ${far} m is not finite, ascending and from 0`,
    );
  }
  if (far === 0) return [0, 1];
  const middle = near + (far - near) / 2;
  return far - near >= narrowest * far ? [near, far] : [middle * (1 - margin), middle * (1 + margin)];
};

/**
 * The scale for a depth image: its 2nd to 98th percentile over the valid pixels, in metres, so that single outliers do
 * not spend the colours; made {@link readable}. `null` if no pixel is valid.
 */
export const depthRange = ({ metres }: DepthImage): Range | null => {
  const [near, far] = quantiles(metres, isMeasured, [lowest, highest]) ?? [];
  return near === undefined || far === undefined ? null : readable([near, far]);
};

/**
 * The scale for errors in metres: 0 to the 98th percentile of those that are finite, or 0 to 1 m if that percentile is
 * 0. `null` if none is finite.
 */
export const errorRange = ({ metres }: DepthImage): Range | null => {
  const [most] = quantiles(metres, Number.isFinite, [highest]) ?? [];
  return most === undefined ? null : readable([0, most]);
};

/**
 * The scale for signed values, with 0 in its middle: up to the 98th percentile of the magnitudes of those that are finite,
 * or their largest if that percentile is 0, or ±1 if all are 0. `null` if none is finite.
 */
export const signedRange = (values: Float32Array): Range | null => {
  const [most, largest] = quantiles(values.map(Math.abs), Number.isFinite, [highest, 1]) ?? [];
  if (most === undefined) return null;
  const reach = most || largest || 1;
  return [-reach, reach];
};

/** A mark on a scale. */
export interface Tick {
  /** In the unit of the scale. */
  readonly value: number;
  /** The value as text, all ticks of a scale with the same number of decimals. */
  readonly text: string;
}

const roundFactors = [1, 2, 2.5, 5] as const;

// Without it 0.3 would not be the third multiple of 0.1: 0.3 / 0.1 is 2.9999999999999996.
const tolerance = 1e-9;

const roundStep = (span: number, most: number): number => {
  const smallest = span / most;
  const power = 10 ** Math.floor(Math.log10(smallest));
  const factor = roundFactors.find((candidate) => candidate * power >= smallest * (1 - tolerance)) ?? 10;
  return factor * power;
};

const decimalsOf = (step: number): number => {
  const text = step.toExponential();
  const end = text.indexOf("e");
  // Before the e stand one digit and, if there are more, a point and these.
  const fraction = Math.max(0, end - 2);
  return Math.max(0, fraction - Number(text.slice(end + 1)));
};

const textOf = (value: number, step: number, largest: number): string => {
  const decimals = decimalsOf(step);
  return decimals <= 6 && largest < 1e6 ? value.toFixed(decimals) : String(value);
};

/**
 * Round marks within a range, ascending: multiples of 1, 2, 2.5 or 5 times a power of ten, at most `most` + 1 of them
 * and for `most` ≥ 4 and a range that is wide enough for the precision of numbers at least 2. Throws a `RangeError`
 * unless the range is finite and strictly ascending and `most` is at least 1.
 */
export const roundTicks = (
  [near, far]: Range,
  most: number,
): readonly Tick[] => {
  if (!(Number.isFinite(far - near) && near < far && most >= 1)) {
    throw new RangeError(
      `ticks of a scale: no ticks (${most}) for the range ${near} to ${far}`,
    );
  }
  const step = Number(roundStep(far - near, most).toPrecision(2));
  const first = Math.ceil(near / step - tolerance);
  // The bound matters where the range is so narrow that neighbouring multiples are the same number.
  const length = Math.min(
    Math.floor(most) + 1,
    Math.floor(far / step + tolerance) - first + 1,
  );
  const largest = Math.max(Math.abs(near), Math.abs(far));
  return Array.from(
    { length: Math.max(0, length) },
    (_, index) => Number(((first + index) * step).toPrecision(12)) + 0,
  )
    .filter((value) => value >= near && value <= far)
    .map((value) => ({ value, text: textOf(value, step, largest) }))
    .filter((tick, index, all) => tick.value !== all[index - 1]?.value);
};

/** One 8-bit sRGB colour: red, green, blue, each a whole number 0…255.
 * @category Pictures */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The background of panels. */
export const white: Rgb = [255, 255, 255];

/** Text, ticks and frames. */
export const ink: Rgb = [24, 24, 24];

/** Pixels without a valid value. The colour maps here pass no grey of this lightness. */
export const invalidGrey: Rgb = [128, 128, 128];

/** Lines between the panels of a contact sheet. */
export const separatorGrey: Rgb = [200, 200, 200];

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
  let to = 0;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const value = metres[pixel]!;
    const colour = valid(value) ? map(unitWithin(value, near, far)) : invalidGrey;
    pixels[to++] = colour[0];
    pixels[to++] = colour[1];
    pixels[to++] = colour[2];
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
