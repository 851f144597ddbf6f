import type { Monoid } from "../dependencies/fp.ts";
import { type DepthMetrics, metricNames } from "./depth_metrics.ts";

/** Metrics that are summed over images; sums of parts that are evaluated apart can be joined. */
export interface MetricSum {
  /** How many images had a valid pixel and so were counted. */
  readonly images: number;
  /** The valid pixels of these images. */
  readonly pixels: number;
  /** Each metric, which is a mean over an image's pixels, summed over the images. */
  readonly sums: DepthMetrics;
}

const metricsOf = (value: (name: keyof DepthMetrics) => number): DepthMetrics => ({
  rel: value("rel"),
  sq_rel: value("sq_rel"),
  rms: value("rms"),
  rms_log: value("rms_log"),
  log10: value("log10"),
  delta1: value("delta1"),
  delta2: value("delta2"),
  delta3: value("delta3"),
});

/** Sums of metrics under addition. */
export const metricSum: Monoid<MetricSum> = {
  empty: { images: 0, pixels: 0, sums: metricsOf(() => 0) },
  concat: (first, second) => ({
    images: first.images + second.images,
    pixels: first.pixels + second.pixels,
    sums: metricsOf((name) => first.sums[name] + second.sums[name]),
  }),
};

/** What one image adds; an image without valid pixels adds nothing. */
export const ofImage = (metrics: DepthMetrics | null, pixels: number): MetricSum =>
  metrics === null ? metricSum.empty : { images: 1, pixels, sums: metrics };

/** Each metric averaged over images, as the paper does; NaN if there is no image. */
export const averageOverImages = ({ images, sums }: MetricSum): DepthMetrics =>
  metricsOf((name) => sums[name] / images);

/** One line of a table: a label and every metric with four digits. */
export const metricsLine = (label: string, metrics: DepthMetrics, width = 24): string =>
  label.padEnd(width) + metricNames.map((name) => metrics[name].toFixed(4).padStart(9)).join("");

/** The heading of a table of {@link metricsLine}. */
export const metricsHeading = (label = "", width = 24): string =>
  label.padEnd(width) + metricNames.map((name) => name.padStart(9)).join("");
