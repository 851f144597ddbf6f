/**
 * Metrics, alignments and protocols, as values.
 *
 * ```ts
 * import { evaluateImage, protocols, sumOfImage, summarize } from "@cliffnet/cliffnet/metrics";
 * import { orThrow } from "@cliffnet/cliffnet";
 *
 * const map = (metres: number) => ({ height: 2, width: 2, metres: new Float32Array(4).fill(metres) });
 * const protocol = protocols["own-size"];
 * const result = orThrow(evaluateImage(protocol, "a wall", map(2.2), map(2)));
 * const rel = summarize(protocol, sumOfImage(result))?.rel; // 0.1
 * ```
 *
 * @module
 */
export type { Monoid } from "../dependencies/fp.ts";
export { bestConstant } from "./best_constant.ts";
export { depthBoundaries, type MaskedDepth, nearBoundaries } from "./boundaries.ts";
export {
  type BoundaryMetricName,
  type BoundarySums,
  type DepthMetrics,
  evaluateImage,
  type ImageResult,
  metricNames,
  type PixelMetricName,
  type PixelSums,
} from "./depth_metrics.ts";
export {
  comparisonSize,
  type Crop,
  describeCrop,
  eigenCrop,
  gargCrop,
  noCrop,
  resizePrediction,
  type Resizing,
  type Span,
} from "./geometry.ts";
export {
  type BoundaryRule,
  checkProtocol,
  clippedTo,
  type DepthRange,
  describeProtocol,
  namedProtocols,
  type Protocol,
  type ProtocolName,
  protocolNames,
  protocols,
} from "./protocols.ts";
export { type BySeed, pairedDifference, type Spread, spreadOf, studentQuantile } from "./statistics.ts";
export {
  imageTable,
  metricsHeading,
  metricsLine,
  type MetricSum,
  metricSum,
  summarize,
  sumOfImage,
} from "./summary.ts";
