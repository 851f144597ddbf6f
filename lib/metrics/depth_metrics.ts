import type { DepthImage } from "../formats/raster.ts";

/** The errors of a prediction over the valid pixels of one image, or their means over images. */
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
  /** Share of pixels with max(p/g, g/p) < 1.25. */
  readonly delta1: number;
  /** The same below 1.25². */
  readonly delta2: number;
  /** The same below 1.25³. */
  readonly delta3: number;
}

/** The names of the metrics in the order in which they are shown. */
export const metricNames: readonly (keyof DepthMetrics)[] = [
  "rel",
  "sq_rel",
  "rms",
  "rms_log",
  "log10",
  "delta1",
  "delta2",
  "delta3",
];

/** Depths in metres to which predictions are clipped. The near end is above 0, where logarithms and ratios end. */
export interface DepthRange {
  /** The least depth that a prediction counts as, in metres, above 0. */
  readonly near: number;
  /** The greatest depth that a prediction counts as, in metres. */
  readonly far: number;
}

/** The protocol of the paper's evaluation on NYU Depth V2: predictions clipped to 0…10 m (here from 1 mm, for logarithms). */
export const paperRange: DepthRange = { near: 1e-3, far: 10 };

/**
 * The metrics of one image (PAPER, "Evaluation"), in double precision, over pixels whose ground truth is above 0. The
 * prediction is clipped to the range, the ground truth is not. Null if the image has no valid pixel.
 *
 * @throws Error if the sizes differ: a bug of the caller.
 */
export const imageMetrics = (
  prediction: DepthImage,
  truth: DepthImage,
  range: DepthRange = paperRange,
): DepthMetrics | null => {
  if (prediction.height !== truth.height || prediction.width !== truth.width) {
    throw new Error("prediction and ground truth have different sizes");
  }
  const sums = { count: 0, rel: 0, sq_rel: 0, square: 0, log: 0, log10: 0, delta1: 0, delta2: 0, delta3: 0 };
  truth.metres.forEach((g, at) => {
    if (!(g > 0)) return;
    const p = Math.min(Math.max(prediction.metres[at] ?? NaN, range.near), range.far);
    const difference = p - g;
    const logarithm = Math.log(p) - Math.log(g);
    const ratio = Math.max(p / g, g / p);
    sums.count += 1;
    sums.rel += Math.abs(difference) / g;
    sums.sq_rel += difference ** 2 / g;
    sums.square += difference ** 2;
    sums.log += logarithm ** 2;
    sums.log10 += Math.abs(logarithm) / Math.LN10;
    sums.delta1 += Number(ratio < 1.25);
    sums.delta2 += Number(ratio < 1.25 ** 2);
    sums.delta3 += Number(ratio < 1.25 ** 3);
  });
  const mean = (sum: number): number => sum / sums.count;
  return sums.count === 0 ? null : {
    rel: mean(sums.rel),
    sq_rel: mean(sums.sq_rel),
    rms: Math.sqrt(mean(sums.square)),
    rms_log: Math.sqrt(mean(sums.log)),
    log10: mean(sums.log10),
    delta1: mean(sums.delta1),
    delta2: mean(sums.delta2),
    delta3: mean(sums.delta3),
  };
};

/** How many pixels of a depth map are measured. */
export const countValid = (truth: DepthImage): number =>
  truth.metres.reduce((count, metres) => count + Number(metres > 0), 0);
