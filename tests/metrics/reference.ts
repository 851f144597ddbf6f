/** Metrics in double precision, written plainly from their definitions and from nothing of the library. */
import type { DepthImage } from "../../lib/formats/raster.ts";
import type { PixelMetricName } from "../../lib/metrics/depth_metrics.ts";

/** Depths of one pixel in metres. */
export interface Pixel {
  readonly row: number;
  readonly column: number;
  /** Predicted. */
  readonly p: number;
  /** Ground truth. */
  readonly g: number;
}

/** A depth map from rows of metres. */
export const mapOf = (rows: readonly (readonly number[])[]): DepthImage => ({
  height: rows.length,
  width: rows[0]?.length ?? 0,
  metres: Float32Array.from(rows.flat()),
});

/** A depth map whose metres are a function of row and column. */
export const drawn = (height: number, width: number, metres: (row: number, column: number) => number): DepthImage =>
  mapOf(
    Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => metres(row, column))),
  );

/** Every pixel of two maps of one size. */
export const pixelsOf = (prediction: DepthImage, truth: DepthImage): readonly Pixel[] =>
  Array.from(truth.metres, (g, at) => ({
    row: Math.floor(at / truth.width),
    column: at % truth.width,
    p: prediction.metres[at] ?? NaN,
    g,
  }));

/** The mean of numbers. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle number, or the mean of the two that are. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return meanOf([sorted[Math.floor(middle)] ?? NaN, sorted[Math.ceil(middle)] ?? NaN]);
};

/** Each metric of pixels that all count, none of them clipped. */
export const metricsOfPixels = (pixels: readonly Pixel[]): Readonly<Record<PixelMetricName, number>> => {
  const mean = (of: (pixel: Pixel) => number): number => meanOf(pixels.map(of));
  const within = (limit: number): number => mean(({ p, g }) => p < g * limit && g < p * limit ? 1 : 0);
  const bias = mean(({ p, g }) => Math.log(p / g));
  return {
    rel: mean(({ p, g }) => Math.abs(p / g - 1)),
    sq_rel: mean(({ p, g }) => (p - g) * (p - g) / g),
    rms: Math.sqrt(mean(({ p, g }) => (p - g) * (p - g))),
    rms_log: Math.sqrt(mean(({ p, g }) => Math.log(p / g) ** 2)),
    log10: mean(({ p, g }) => Math.abs(Math.log10(p / g))),
    silog: Math.sqrt(mean(({ p, g }) => (Math.log(p / g) - bias) ** 2)),
    delta1: within(1.25),
    delta2: within(1.5625),
    delta3: within(1.953125),
  };
};

/** What counts and how, as plain numbers. */
export interface Rule {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly min: number;
  readonly max: number;
  readonly near: number;
  readonly far: number;
  readonly scaled: boolean;
}

/** The pixels that count, their predictions scaled and clipped. */
export const countedPixels = (pixels: readonly Pixel[], rule: Rule): readonly Pixel[] => {
  const inside = pixels.filter(({ row, column }) =>
    row >= rule.rows[0] && row < rule.rows[1] && column >= rule.columns[0] && column < rule.columns[1]
  );
  const valid = inside.filter(({ g }) => g > 0 && g > rule.min && g < rule.max);
  const factor = rule.scaled ? medianOf(valid.map(({ g }) => g)) / medianOf(valid.map(({ p }) => p)) : 1;
  const clipped = (p: number): number => p < rule.near ? rule.near : p > rule.far ? rule.far : p;
  return valid.map((pixel) => ({ ...pixel, p: clipped(pixel.p * factor) }));
};

/** The distance from a pixel to the nearest of some others. */
export const nearest = (
  { row, column }: Readonly<Record<"row" | "column", number>>,
  others: readonly Readonly<Record<"row" | "column", number>>[],
): number => Math.min(...others.map((other) => Math.sqrt((other.row - row) ** 2 + (other.column - column) ** 2)));

/** The pixels that are 1 in a row-major map. */
export const markedIn = (marks: Uint8Array, width: number): readonly Readonly<Record<"row" | "column", number>>[] =>
  Array.from(marks).flatMap((mark, at) => mark === 1 ? [{ row: Math.floor(at / width), column: at % width }] : []);
