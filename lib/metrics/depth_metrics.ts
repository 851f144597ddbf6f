import type { BoundarySums } from "./boundary_sums.ts";
import type { PixelSums } from "./pixel_sums.ts";

/** The errors of predictions p against ground truth g over valid pixels. */
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

/** The metrics of pixels, which every image with a valid pixel has. */
export type PixelMetricName = Exclude<keyof DepthMetrics, BoundaryMetricName>;

/** The metrics of depth boundaries, which an image may lack. */
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

/** The names of the metrics in the order in which they are shown. */
export const metricNames: readonly (keyof DepthMetrics)[] = [...pixelMetricNames, ...boundaryMetricNames];

/**
 * The metrics that follow from sums over the pixels of one image, or of many that are pooled. Null if there is no
 * pixel.
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
