import type { DepthImage } from "../formats/raster.ts";

/** The values in metres at the two ends of a scale, in ascending order. */
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
 * The value at `fraction` (0…1) of `sorted`, ascending and not empty, with linear interpolation between neighbours (the
 * default of NumPy's `quantile`).
 */
export const quantile = (sorted: Float32Array, fraction: number): number => {
  const position = fraction * (sorted.length - 1);
  const index = Math.floor(position);
  const below = sorted[index]!;
  const above = sorted[Math.min(index + 1, sorted.length - 1)]!;
  return below + (above - below) * (position - index);
};

/**
 * The scale for a depth image: its 2nd to 98th percentile over the valid pixels, in metres, so that single outliers do
 * not spend the colours; made {@link readable}. `null` if no pixel is valid.
 */
export const depthRange = (depth: DepthImage): Range | null => {
  const sorted = depth.metres.filter(isMeasured).sort();
  if (sorted.length === 0) return null;
  return readable([quantile(sorted, lowest), quantile(sorted, highest)]);
};

/**
 * The scale for errors in metres: 0 to the 98th percentile of those that are finite, or 0 to 1 m if that percentile is
 * 0. `null` if none is finite.
 */
export const errorRange = (errors: DepthImage): Range | null => {
  const sorted = errors.metres.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  return readable([0, quantile(sorted, highest)]);
};

/**
 * The scale for signed values, with 0 in its middle: up to the 98th percentile of the magnitudes of those that are finite,
 * or their largest if that percentile is 0, or ±1 if all are 0. `null` if none is finite.
 */
export const signedRange = (values: Float32Array): Range | null => {
  const sorted = values.filter(Number.isFinite).map(Math.abs).sort();
  if (sorted.length === 0) return null;
  const most = quantile(sorted, highest) || sorted.at(-1) || 1;
  return [-most, most];
};
