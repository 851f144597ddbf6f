/**
 * Losses by family, the hierarchical embedding loss, objectives and schedules.
 *
 * ```ts
 * import { hierarchical, huber, named, scale, sobel, sum, warmup } from "@cliffnet/cliffnet/loss";
 * import { pipe } from "@cliffnet/cliffnet";
 *
 * const objective = sum(
 *   named("huber", huber(0.25)), // metres
 *   pipe(named("edges", hierarchical(sobel, [0, 1])), scale(0.5), warmup(100)),
 * );
 * ```
 *
 * @module
 */
export type { Monoid } from "../dependencies/fp.ts";
export { type Embedding, multiScaleSobel, sobel } from "../embedding/embedding.ts";
export type { ValueOf, ValuesOf, VariantOf } from "../formats/fields.ts";
export type { DepthImage, ValueMap } from "../formats/raster.ts";
export {
  type Explanation,
  type GeneratorExplanation,
  type LevelExplanation,
  pullOf,
  type TermExplanation,
} from "./explanation.ts";
export {
  type ComparedLevel,
  comparedLevels,
  gradientLoss,
  hierarchical,
  levelMaps,
  multiScaleGradientLoss,
} from "./hierarchical.ts";
export { learned, type LearnedLoss, learnedWeights } from "./learned.ts";
export {
  addLosses,
  type DepthLoss,
  type Loss,
  type LossContext,
  lossContext,
  type LossTraits,
  noLoss,
  scaleLoss,
  withTraits,
} from "./loss.ts";
export {
  delay,
  evaluateTerms,
  type LearnedPart,
  named,
  type Objective,
  objectiveMonoid,
  scale,
  sum,
  type Term,
  totalOf,
  warmup,
} from "./objective.ts";
export {
  berHu,
  depthAware,
  errorOnValidPixels,
  huber,
  l1,
  l2,
  meanOfEachImage,
  meanOverImages,
  onValidPixels,
} from "./pixel.ts";
export {
  loadPixelLoss,
  pixelLosses,
  type PixelLossFields,
  type PixelLossName,
  type PixelLossParameters,
} from "./pixel_losses.ts";
export {
  eigen,
  logDepth,
  logL1,
  logRatio,
  scaleAndShiftInvariant,
  type ScaleShiftInvariantOptions,
  siLog,
} from "./scale_invariant.ts";
export { edgeAwareSmoothness } from "./smoothness.ts";
export { ssim, type SsimOptions } from "./ssim.ts";
export {
  type CameraOfSize,
  cameraOfView,
  type Pinhole,
  virtualNormal,
  type VirtualNormalOptions,
} from "./virtual_normal.ts";
export { maskedMean, sumOfValues } from "../nn/operations.ts";
export { constant, ramp, type Schedule, stepwise, times } from "../optim/transformation.ts";
export type { channels, DepthMaps, Features, HasChannels, Scalar, Tensor4D, ValidMasks } from "../tensor/features.ts";
export { type Drawn, drawNormal, drawTensors, drawUniform } from "../tensor/draw.ts";
export type { Key } from "../tensor/key.ts";
