/**
 * Embedding generators: functions from a depth map to feature maps, learned (HEG-S, HEG-R) or fixed.
 *
 * ```ts
 * import { multiScaleSobel, sceneClassifier } from "@cliffnet/cliffnet/embedding";
 * import { hierarchical } from "@cliffnet/cliffnet";
 *
 * const classifier = sceneClassifier([16, 32, 64], 10); // HEG-S with its head: depth maps to logits of 10 scenes
 * const loss = hierarchical(multiScaleSobel(3), [0, 1, 1, 1]);
 * ```
 *
 * @module
 */
export type { Intrinsics, Sample } from "../data/dataset.ts";
export type { Either } from "../dependencies/fp.ts";
export {
  coarsest,
  type Embedding,
  type EmbeddingStages,
  embeddingStages,
  firstLevels,
  frozen,
  multiScaleSobel,
  sobel,
} from "./embedding.ts";
export { codePerPixel, type GeneratorReport } from "./generator.ts";
export { type GeneratorName, generatorNamed, generatorNames, generators } from "./generators.ts";
export type { GreyScale } from "./image.ts";
export {
  type ReconstructionBatch,
  type ReconstructionError,
  reconstructionStages,
  type Reconstructor,
  reconstructor,
  type ReconstructorParams,
  type ReconstructorStatistics,
} from "./reconstruction.ts";
export {
  type SceneAccuracy,
  type SceneBatch,
  type SceneBatches,
  type SceneClassifier,
  sceneClassifier,
  type SceneClassifierParams,
  type SceneClassifierStatistics,
  sceneStages,
  softmaxCrossEntropy,
} from "./scene.ts";
export type { Failure, FailureKind } from "../errors.ts";
export type { DepthImage, RgbImage } from "../formats/raster.ts";
export type { BiasedConvParams, LinearParams } from "../nn/conv.ts";
export type { Layer, Mode, Parametrized, Variables } from "../nn/layer.ts";
export type {
  channels,
  DepthMaps,
  Features,
  HasChannels,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
  ValidMasks,
} from "../tensor/features.ts";
export type { Key } from "../tensor/key.ts";
export type { Branch, Form, Shape, Tree } from "../tensor/tree.ts";
