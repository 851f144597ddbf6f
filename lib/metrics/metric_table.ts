import { type DepthMetrics, metricNames } from "./depth_metrics.ts";
import type { ImageResult } from "./evaluate_image.ts";

const usualWidth = 18;
const columnWidth = (name: string): number => Math.max(name.length, 7) + 2;

/** One line of a table: a label and every metric with four digits, a dash where there is none. */
export const metricsLine = (label: string, metrics: DepthMetrics | null, width: number = usualWidth): string =>
  label.padEnd(width) +
  metricNames.map((name) => (metrics?.[name]?.toFixed(4) ?? "–").padStart(columnWidth(name))).join("");

/** The heading of a table of {@link metricsLine}. */
export const metricsHeading = (label: string = "", width: number = usualWidth): string =>
  label.padEnd(width) + metricNames.map((name) => name.padStart(columnWidth(name))).join("");

const cell = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The results of images as CSV (RFC 4180, but lines end with a line feed): a heading and a line an image, with its
 * name, its valid pixels, the scale of its prediction, and its metrics with all digits, empty where there is none.
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
