import type { Monoid } from "../dependencies/fp.ts";
import {
  type BoundaryMetricName,
  boundaryMetricNames,
  boundarySum,
  type BoundarySums,
  type DepthMetrics,
  type ImageResult,
  metricNames,
  metricsOf,
  type PixelMetricName,
  pixelMetricNames,
  pixelSum,
  type PixelSums,
  recordOf,
  sumsOf,
} from "./depth_metrics.ts";
import type { Protocol } from "./protocols.ts";

/**
 * What is known of a set of images that one protocol measured: only counts and sums, so that sets measured apart can be
 * joined, and plain numbers, so that they can be written as JSON in between.
 * @category Metrics
 */
export interface MetricSum {
  /** Images with a valid pixel. */
  readonly images: number;
  /** Images without any, which count nowhere else. */
  readonly withoutTruth: number;
  /** Images whose ground truth has a boundary. */
  readonly withBoundary: number;
  /** Sums over the pixels of all images. */
  readonly pixels: PixelSums;
  /** Sums over the boundary pixels of all images. */
  readonly boundaries: BoundarySums;
  /** The metrics of each image, summed over the images. */
  readonly ofImages: Readonly<Record<PixelMetricName, number>>;
  /** The same of boundaries, summed over the images that have one. */
  readonly ofBoundaries: Readonly<Record<BoundaryMetricName, number>>;
}

const pixelMetricSum = sumsOf(pixelMetricNames);
const boundaryMetricSum = sumsOf(boundaryMetricNames);

/** Sums of metrics under addition: in any order and grouping the same counts, and the same sums up to rounding.
 * @category Metrics */
export const metricSum: Monoid<MetricSum> = {
  empty: {
    images: 0,
    withoutTruth: 0,
    withBoundary: 0,
    pixels: pixelSum.empty,
    boundaries: boundarySum.empty,
    ofImages: pixelMetricSum.empty,
    ofBoundaries: boundaryMetricSum.empty,
  },
  concat: (first, second) => ({
    images: first.images + second.images,
    withoutTruth: first.withoutTruth + second.withoutTruth,
    withBoundary: first.withBoundary + second.withBoundary,
    pixels: pixelSum.concat(first.pixels, second.pixels),
    boundaries: boundarySum.concat(first.boundaries, second.boundaries),
    ofImages: pixelMetricSum.concat(first.ofImages, second.ofImages),
    ofBoundaries: boundaryMetricSum.concat(first.ofBoundaries, second.ofBoundaries),
  }),
};

/** What one image adds.
 * @category Metrics */
export const sumOfImage = ({ metrics, pixels, boundaries }: ImageResult): MetricSum =>
  metrics === null ? { ...metricSum.empty, withoutTruth: 1 } : {
    images: 1,
    withoutTruth: 0,
    withBoundary: Number(boundaries.truth > 0),
    pixels,
    boundaries,
    ofImages: recordOf(pixelMetricNames, (name) => metrics[name]),
    ofBoundaries: recordOf(boundaryMetricNames, (name) => metrics[name] ?? 0),
  };

const overImages = ({ images, withBoundary, ofImages, ofBoundaries }: MetricSum): DepthMetrics => {
  const { dbe_acc, dbe_comp } = ofBoundaries;
  const ofThose = (sum: number): number | null => withBoundary === 0 ? null : sum / withBoundary;
  return {
    ...recordOf(pixelMetricNames, (name) => ofImages[name] / images),
    dbe_acc: ofThose(dbe_acc),
    dbe_comp: ofThose(dbe_comp),
  };
};

/**
 * The metrics of a set of images, averaged as the protocol says: each over the images that have it, or over the pixels
 * of all images. Null if no image has a valid pixel.
 * @category Metrics
 */
export const summarize = (protocol: Protocol, sum: MetricSum): DepthMetrics | null => {
  if (sum.images === 0) return null;
  return protocol.average === "images"
    ? overImages(sum)
    : metricsOf(sum.pixels, sum.boundaries, protocol.boundaries.reach);
};

const usualWidth = 18;
const columnWidth = (name: string): number => Math.max(name.length, 7) + 2;

/** One line of a table: a label and every metric with four digits, a dash where there is none.
 * @category Metrics */
export const metricsLine = (label: string, metrics: DepthMetrics | null, width: number = usualWidth): string =>
  label.padEnd(width) +
  metricNames.map((name) => (metrics?.[name]?.toFixed(4) ?? "–").padStart(columnWidth(name))).join("");

/** The heading of a table of {@link metricsLine}.
 * @category Metrics */
export const metricsHeading = (label: string = "", width: number = usualWidth): string =>
  label.padEnd(width) + metricNames.map((name) => name.padStart(columnWidth(name))).join("");

const cell = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The results of images as CSV (RFC 4180, but lines end with a line feed): a heading and a line an image, with its
 * name, its valid pixels, the scale of its prediction, and its metrics with all digits, empty where there is none.
 * @category Metrics
 */
export const imageTable = (results: readonly ImageResult[]): string => {
  const lines = results.map(({ name, pixels, scale, metrics }) => [
    cell(name),
    pixels.count,
    scale,
    ...metricNames.map((metric) => metrics?.[metric] ?? ""),
  ]);
  return [["image", "valid_pixels", "scale", ...metricNames], ...lines].map((line) => `${line.join(",")}\n`).join("");
};
