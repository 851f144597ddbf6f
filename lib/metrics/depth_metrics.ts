import { E, type Either, type Monoid, pipe } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { depthBoundaries, markDistances } from "./boundaries.ts";
import { compare, type Comparison } from "./comparison.ts";
import type { BoundaryRule, Protocol } from "./protocols.ts";

/** A record with a number for each of these names. */
export const recordOf = <K extends string>(
  names: readonly K[],
  value: (name: K) => number,
): Readonly<Record<K, number>> => Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, number>;

/** Records of numbers under addition, name by name. */
export const sumsOf = <K extends string>(names: readonly K[]): Monoid<Readonly<Record<K, number>>> => ({
  empty: recordOf(names, () => 0),
  concat: (first, second) => recordOf(names, (name) => first[name] + second[name]),
});

/** Sums over valid pixels, in double precision, from which the metrics of these pixels follow.
 * @category Metrics */
export interface PixelSums {
  /** How many pixels. */
  readonly count: number;
  /** Σ |p − g| / g */
  readonly rel: number;
  /** Σ (p − g)² / g, metres */
  readonly sq_rel: number;
  /** Σ (p − g)², square metres */
  readonly square: number;
  /** Σ (ln p − ln g) */
  readonly log: number;
  /** Σ (ln p − ln g)² */
  readonly log_square: number;
  /** Σ |ln p − ln g| */
  readonly log_absolute: number;
  /** How many pixels have max(p/g, g/p) < 1.25. */
  readonly delta1: number;
  /** The same below 1.25². */
  readonly delta2: number;
  /** The same below 1.25³. */
  readonly delta3: number;
  /** How many predictions were clipped. */
  readonly clipped: number;
  /** How many pixels have ground truth outside the range that predictions are clipped to. */
  readonly beyond: number;
}

const names: readonly (keyof PixelSums)[] = [
  ...["count", "rel", "sq_rel", "square", "log", "log_square", "log_absolute"] as const,
  ...["delta1", "delta2", "delta3", "clipped", "beyond"] as const,
];

/** Sums over pixels under addition: exact for counts, up to rounding for the others. */
export const pixelSum: Monoid<PixelSums> = sumsOf(names);

const pixelSumsOf = ({ truth, prediction, clipped, beyond }: Comparison): PixelSums => {
  const sums: { -readonly [K in keyof PixelSums]: number } = { ...pixelSum.empty, clipped, beyond };
  for (let at = 0; at < truth.length; at++) {
    const g = truth[at]!;
    if (!(g > 0)) continue;
    const p = prediction[at]!;
    const difference = p - g;
    const logarithm = Math.log(p) - Math.log(g);
    const ratio = Math.max(p / g, g / p);
    sums.count += 1;
    sums.rel += Math.abs(difference) / g;
    sums.sq_rel += difference ** 2 / g;
    sums.square += difference ** 2;
    sums.log += logarithm;
    sums.log_square += logarithm ** 2;
    sums.log_absolute += Math.abs(logarithm);
    sums.delta1 += Number(ratio < 1.25);
    sums.delta2 += Number(ratio < 1.25 ** 2);
    sums.delta3 += Number(ratio < 1.25 ** 3);
  }
  return sums;
};

/** Sums over boundary pixels, from which the depth boundary errors of Koch et al. (2018) follow.
 * @category Metrics */
export interface BoundarySums {
  /** Boundary pixels of the ground truth. */
  readonly truth: number;
  /** Σ over them of the distance to the nearest predicted boundary, `reach` where it is farther, in pixels. */
  readonly missed: number;
  /** Boundary pixels of the prediction that have one of the ground truth within `reach`. */
  readonly near: number;
  /** Σ over them of the distance to it, in pixels. */
  readonly displaced: number;
}

/** Sums over boundary pixels under addition. */
export const boundarySum: Monoid<BoundarySums> = sumsOf(["truth", "missed", "near", "displaced"]);

const total = (distances: Float64Array): number => distances.reduce((sum, distance) => sum + distance, 0);

/** The sums of one image; all 0 if its ground truth has no boundary, as then there is nothing to compare with. */
export const boundarySumsOf = (
  { height, width, truth, prediction }: Pick<Comparison, "height" | "width" | "truth" | "prediction">,
  { slope, reach }: BoundaryRule,
): BoundarySums => {
  const valid = new Uint8Array(truth.length);
  for (let at = 0; at < truth.length; at++) valid[at] = truth[at]! > 0 ? 1 : 0;
  const measured = depthBoundaries({ height, width, valid, depth: truth }, slope);
  if (!measured.includes(1)) return boundarySum.empty;
  const predicted = depthBoundaries({ height, width, valid, depth: prediction }, slope);
  const toPredicted = markDistances(measured, predicted, width, reach).map((distance) => Math.min(distance, reach));
  const toMeasured = markDistances(predicted, measured, width, reach).filter((distance) => distance <= reach);
  return {
    truth: toPredicted.length,
    missed: total(toPredicted),
    near: toMeasured.length,
    displaced: total(toMeasured),
  };
};

/** The errors of predictions p against ground truth g over valid pixels.
 * @category Metrics */
export interface DepthMetrics {
  /** mean |p − g| / g */
  readonly rel: number;
  /** mean (p − g)² / g, metres */
  readonly sq_rel: number;
  /** √mean (p − g)², metres */
  readonly rms: number;
  /** √mean (ln p − ln g)² */
  readonly rms_log: number;
  /** mean |log₁₀ p − log₁₀ g| */
  readonly log10: number;
  /**
   * The standard deviation of e = ln p − ln g: √(mean e² − (mean e)²), which a common factor of all p does not change
   * (Eigen, Puhrsch, Fergus 2014, with λ = 1). KITTI shows 100 times this as SILog.
   */
  readonly silog: number;
  /** Share of pixels with max(p/g, g/p) < 1.25. */
  readonly delta1: number;
  /** The same below 1.25². */
  readonly delta2: number;
  /** The same below 1.25³. */
  readonly delta3: number;
  /**
   * ε_acc, the depth boundary error of accuracy (Koch, Liebel, Fraundorfer, Körner 2018): the mean distance, in pixels,
   * from predicted boundary pixels to the nearest one of the ground truth, of those that have one within the protocol's
   * reach; the reach if there is none such. Null where the ground truth has no boundary.
   */
  readonly dbe_acc: number | null;
  /**
   * ε_comp, that of completeness: the mean distance, in pixels, from the ground truth's boundary pixels to the nearest
   * predicted one, those beyond the reach counting as the reach. Null where the ground truth has no boundary.
   */
  readonly dbe_comp: number | null;
}

/** The metrics of pixels, which every image with a valid pixel has.
 * @category Metrics */
export type PixelMetricName = Exclude<keyof DepthMetrics, BoundaryMetricName>;

/** The metrics of depth boundaries, which an image may lack.
 * @category Metrics */
export type BoundaryMetricName = "dbe_acc" | "dbe_comp";

/** The names of the metrics of pixels. */
export const pixelMetricNames: readonly PixelMetricName[] = [
  "rel",
  "sq_rel",
  "rms",
  "rms_log",
  "log10",
  "silog",
  "delta1",
  "delta2",
  "delta3",
];

/** The names of the metrics of boundaries. */
export const boundaryMetricNames: readonly BoundaryMetricName[] = ["dbe_acc", "dbe_comp"];

/** The names of the metrics in the order in which they are shown.
 * @category Metrics */
export const metricNames: readonly (keyof DepthMetrics)[] = [...pixelMetricNames, ...boundaryMetricNames];

/**
 * The metrics that follow from sums over the pixels of one image, or of many that are pooled. Null if there is no pixel.
 *
 * @param reach Up to which distance boundaries were compared, in pixels.
 */
export const metricsOf = (
  { count, ...sums }: PixelSums,
  boundaries: BoundarySums,
  reach: number,
): DepthMetrics | null => {
  const mean = (sum: number): number => sum / count;
  const { truth, missed, near, displaced } = boundaries;
  return count === 0 ? null : {
    rel: mean(sums.rel),
    sq_rel: mean(sums.sq_rel),
    rms: Math.sqrt(mean(sums.square)),
    rms_log: Math.sqrt(mean(sums.log_square)),
    log10: mean(sums.log_absolute) / Math.LN10,
    // The difference of two almost equal numbers may be rounded below 0.
    silog: Math.sqrt(Math.max(mean(sums.log_square) - mean(sums.log) ** 2, 0)),
    delta1: mean(sums.delta1),
    delta2: mean(sums.delta2),
    delta3: mean(sums.delta3),
    dbe_acc: truth === 0 ? null : near === 0 ? reach : displaced / near,
    dbe_comp: truth === 0 ? null : missed / truth,
  };
};

/** What a protocol measures of one image: sums, from which averages over images and over pixels follow.
 * @category Metrics */
export interface ImageResult {
  /** The image's name. */
  readonly name: string;
  /** What its prediction was multiplied by, 1 without median scaling. */
  readonly scale: number;
  /** Sums over its valid pixels; their count is 0 if it has none. */
  readonly pixels: PixelSums;
  /** Sums over its boundary pixels. */
  readonly boundaries: BoundarySums;
  /** The metrics of the image alone; null without a valid pixel. */
  readonly metrics: DepthMetrics | null;
}

/**
 * Compares a prediction, of any size, with the ground truth of its image by a protocol, in double precision. The flip
 * test is the business of who predicts.
 *
 * Errors: "data" if the crop is for another size, "numeric" if a prediction that counts is not finite, or the median
 * that scales is not above 0, "format" if the size of comparison is too large, all naming the image; "configuration"
 * for a protocol that makes no sense.
 *
 * @param name The image's name, for messages and tables.
 * @category Metrics
 */
export const evaluateImage = (
  protocol: Protocol,
  name: string,
  prediction: DepthImage,
  truth: DepthImage,
): Either<Failure, ImageResult> =>
  pipe(
    compare(protocol, name, prediction, truth),
    E.map((comparison) => {
      const pixels = pixelSumsOf(comparison);
      const boundaries = boundarySumsOf(comparison, protocol.boundaries);
      const metrics = metricsOf(pixels, boundaries, protocol.boundaries.reach);
      return { name, scale: comparison.scale, pixels, boundaries, metrics };
    }),
  );
