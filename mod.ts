/**
 * CLIFFNet (Wang et al., ECCV 2020) for Deno: monocular depth estimation with cross-level identity feature fusion, trained
 * with a learned loss. Networks, blocks, embedding generators, losses and optimizers are typed functions that compose. Here
 * is what scripts need; more lies behind `@cliffnet/cliffnet/nn`, `…/loss`, `…/data` and the other entries.
 *
 * Shapes are NHWC and depths are metres throughout. What can fail for a user's reason gives an `Either` or a `TaskEither`
 * of fp-ts with a {@link Failure} on its left; {@link orThrow} takes the value out. Who is returned a tensor owns it.
 *
 * ```ts
 * import { asFeatures, cliffBlock, keyOf, openDevice, orThrow, tf } from "@cliffnet/cliffnet";
 *
 * orThrow(await openDevice("wasm")()); // "auto" takes WebGPU on a real adapter
 * const block = cliffBlock(4); // (low, high) → features, all with 4 channels
 * const levels = [asFeatures(4, tf.ones([1, 6, 8, 4])), asFeatures(4, tf.ones([1, 3, 4, 4]))] as const;
 * const [fused] = block.apply(block.init(keyOf(0)), levels, "inference"); // (1, 6, 8, 4)
 * ```
 *
 * @module
 */
/**
 * TensorFlow.js, whose own documentation tells what is in it: the one that this library computes with. A program that loaded
 * another would have tensors that this one does not know.
 *
 * @internal
 */
export * as tf from "./lib/dependencies/tensorflow_exports.ts";
export { countTensors, openDevice, readValues } from "./lib/backend/device.ts";
export { resNet, resNetOfWidth } from "./lib/cliffnet/backbone.ts";
export { cliffBlock } from "./lib/cliffnet/cliff.ts";
export { depthEstimator } from "./lib/cliffnet/estimator.ts";
export { topDownFusion } from "./lib/cliffnet/levels.ts";
export { cliffNet, cliffNetOn, depthNetworkOn, preprocess } from "./lib/cliffnet/network.ts";
export { featurePyramid, upsampleTo } from "./lib/cliffnet/pyramid.ts";
export { type Augmentation, colourJitter, mirror, randomMirror } from "./lib/data/augment.ts";
export { type Intrinsics, type Sample, splitOf } from "./lib/data/dataset.ts";
export { openDataset } from "./lib/data/open_dataset.ts";
export { centreCrop, resizeSample } from "./lib/data/resize.ts";
export { scenesDataset } from "./lib/data/scenes_dataset.ts";
export { mapSplit } from "./lib/data/split.ts";
export { type Pipe, pipe } from "./lib/dependencies/fp.ts";
export {
  type Embedding,
  embeddingStages,
  firstLevels,
  frozen,
  multiScaleSobel,
  sobel,
} from "./lib/embedding/embedding.ts";
export { reconstructionBatch, reconstructor } from "./lib/embedding/reconstruction.ts";
export { sceneBatch, sceneClassifier, sceneStages } from "./lib/embedding/scene.ts";
export { attempt, describe, type Failure, failure, FailureError, type FailureKind, orThrow } from "./lib/errors.ts";
export { runAblation } from "./lib/experiment/ablation/ablate.ts";
export { planOf } from "./lib/experiment/ablation/plan.ts";
export { decodeConfiguration, readConfiguration } from "./lib/experiment/configuration_file.ts";
export { runExperiment } from "./lib/experiment/experiment.ts";
export { loadDepthNetwork } from "./lib/experiment/trained_network.ts";
export { decodeImage } from "./lib/formats/image.ts";
export { encodeNpy } from "./lib/formats/npy.ts";
export { encodeGrey16Png, encodeRgbPng } from "./lib/formats/png.ts";
export type { DepthImage, RgbImage } from "./lib/formats/raster.ts";
export { gradientLoss, hierarchical, multiScaleGradientLoss } from "./lib/loss/hierarchical.ts";
export { delay, named, scale, sum, warmup } from "./lib/loss/objective.ts";
export { berHu, depthAware, errorOnValidPixels, huber, l1, l2, type Loss, onValidPixels } from "./lib/loss/pixel.ts";
export { eigen, logDepth, logL1, scaleAndShiftInvariant, siLog } from "./lib/loss/scale_invariant.ts";
export { ssim } from "./lib/loss/ssim.ts";
export { virtualNormal } from "./lib/loss/virtual_normal.ts";
export { evaluateImage } from "./lib/metrics/depth_metrics.ts";
export type { Crop, Resizing, Span } from "./lib/metrics/geometry.ts";
export {
  type BoundaryRule,
  type DepthRange,
  namedProtocols,
  type Protocol,
  type ProtocolName,
  protocols,
} from "./lib/metrics/protocols.ts";
export { pairedDifference, spreadOf } from "./lib/metrics/statistics.ts";
export { summarize } from "./lib/metrics/summary.ts";
export { batchNorm } from "./lib/nn/batch_norm.ts";
export { collectLayer, collectOutputs, fanOut, residual, sequential, withInput } from "./lib/nn/combinators.ts";
export { biasedConv, conv, linear } from "./lib/nn/conv.ts";
export { biasedConvNormRelu, convNorm, convNormLeakyRelu, convNormRelu } from "./lib/nn/conv_norm.ts";
export {
  compose,
  fromFunction,
  identityLayer,
  inputFeatures,
  layer,
  mapOutput,
  namedPart,
  untyped,
} from "./lib/nn/layer.ts";
export {
  absolute,
  asConstant,
  globalAveragePool,
  leakyRelu,
  maskedMean,
  maxPool,
  relu,
  squareRoot,
  stopGradient,
  sumOfValues,
} from "./lib/nn/operations.ts";
export { resizeBilinear } from "./lib/nn/resize.ts";
export { adam } from "./lib/optim/adam.ts";
export {
  addWeightDecay,
  chain,
  clipByGlobalNorm,
  constant,
  ramp,
  stepwise,
  times,
} from "./lib/optim/transformation.ts";
export { contactSheet, depthPicture, samplePanel } from "./lib/pictures/panel.ts";
export {
  asFeatures,
  type channels,
  type DepthMaps,
  type Features,
  type HasChannels,
  type Scalar,
  type Tensor4D,
  validMask,
  type ValidMasks,
} from "./lib/tensor/features.ts";
export { valueAndGradient } from "./lib/tensor/gradient.ts";
export { foldIn, type Key, keyOf, normals, permutation, uniforms } from "./lib/tensor/key.ts";
export { scope } from "./lib/tensor/scope.ts";
export * from "./lib/tensor/gradient.ts";
export * from "./lib/tensor/key.ts";
export * from "./lib/backend/device.ts";
export type { KernelChoice } from "./lib/backend/kernels.ts";

export * from "./lib/nn/layer.ts";
export * from "./lib/nn/combinators.ts";
export * from "./lib/nn/conv.ts";
export * from "./lib/nn/batch_norm.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/conv.ts";
export * from "./lib/nn/conv_norm.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/resize.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/optim/fields.ts";

export * from "./lib/cliffnet/levels.ts";
export * from "./lib/cliffnet/backbone.ts";
export * from "./lib/cliffnet/backbone.ts";
export * from "./lib/cliffnet/pyramid.ts";
export type { CliffParams, CliffStatistics, CrossLevelBlock } from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/levels.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/fusions.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/fields.ts";
export * from "./lib/cliffnet/estimator.ts";
export * from "./lib/cliffnet/network.ts";
export * from "./lib/cliffnet/network.ts";

export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/scene.ts";
export * from "./lib/embedding/reconstruction.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/scene.ts";
export * from "./lib/embedding/reconstruction.ts";
export * from "./lib/embedding/image.ts";
export * from "./lib/embedding/image.ts";
export * from "./lib/embedding/data_passes.ts";
export * from "./lib/embedding/data_passes.ts";
export * from "./lib/embedding/generator.ts";
export * from "./lib/embedding/generator_records.ts";
export * from "./lib/embedding/generators.ts";

export * from "./lib/weights/recognize.ts";
export * from "./lib/weights/restore.ts";
export * from "./lib/weights/restore.ts";
export * from "./lib/weights/convert.ts";

export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/ssim.ts";
export * from "./lib/loss/virtual_normal.ts";
export * from "./lib/loss/virtual_normal.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/pixel_loss.ts";
export * from "./lib/loss/pixel_loss_records.ts";
export * from "./lib/loss/pixel_losses.ts";
export * from "./lib/loss/pixel_losses.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/explanation.ts";
export * from "./lib/loss/explanation.ts";
export * from "./lib/loss/objective.ts";
export * from "./lib/optim/transformation.ts";

export * from "./lib/optim/transformation.ts";
export * from "./lib/optim/adam.ts";

export * from "./lib/formats/raster.ts";
export * from "./lib/formats/image.ts";
export * from "./lib/formats/png.ts";
export type { PngBitDepth } from "./lib/formats/png_chunks.ts";
export * from "./lib/formats/png.ts";
export * from "./lib/formats/npy.ts";
export * from "./lib/formats/bytes.ts";
export * from "./lib/formats/tensor_file.ts";
export * from "./lib/formats/byte_source.ts";
export * from "./lib/formats/byte_source.ts";
export * from "./lib/formats/tar_index.ts";
export * from "./lib/formats/tensor_file.ts";
export * from "./lib/formats/open_tensor_file.ts";
export * from "./lib/formats/safetensors.ts";
export * from "./lib/formats/safetensors.ts";
export * from "./lib/formats/torch_layout.ts";
export * from "./lib/formats/files.ts";

export * from "./lib/data/dataset.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/resize.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/resize.ts";
export { fillHolesWithNearest } from "./lib/data/tensors.ts";
export * from "./lib/data/tensors.ts";
export * from "./lib/data/survey.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/csv.ts";
export * from "./lib/data/bts.ts";
export * from "./lib/data/dense_depth.ts";
export * from "./lib/data/tum.ts";
export * from "./lib/data/sun_rgbd.ts";
export * from "./lib/data/cityscapes.ts";
export * from "./lib/data/nyu_depth_v2.ts";
export * from "./lib/data/shards/shard_sample.ts";
export * from "./lib/data/shards/manifest.ts";
export * from "./lib/data/shards/shards_dataset.ts";
export * from "./lib/data/shards/shard_sample.ts";
export * from "./lib/data/shards/shards_dataset.ts";
export * from "./lib/data/shards/pack.ts";
export * from "./lib/data/shards/pack.ts";
export { recognizeLayout } from "./lib/data/recognize_layout.ts";
export * from "./lib/data/layouts.ts";
export * from "./lib/data/layout.ts";
export * from "./lib/data/fields.ts";
export type { HttpOptions } from "./lib/formats/byte_source.ts";
export type { ValueOf, ValuesOf, VariantOf } from "./lib/formats/fields.ts";
export type { Folder } from "./lib/data/folders.ts";
export type { TextLine } from "./lib/data/folders.ts";
export * from "./lib/data/open_dataset.ts";
export * from "./lib/data/scenes_dataset.ts";
export { type Rendered, type RenderedScene, renderScene, type SceneOptions } from "./lib/scenes/render.ts";
export type { PinholeIntrinsics } from "./lib/scenes/camera.ts";
export { type SceneKind, sceneKinds } from "./lib/scenes/kinds.ts";

export * from "./lib/metrics/geometry.ts";
export * from "./lib/metrics/geometry.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/depth_metrics.ts";
export * from "./lib/metrics/depth_metrics.ts";
export type { PixelSums } from "./lib/metrics/depth_metrics.ts";
export type { BoundarySums } from "./lib/metrics/depth_metrics.ts";
export * from "./lib/metrics/boundaries.ts";
export * from "./lib/metrics/boundaries.ts";
export * from "./lib/metrics/summary.ts";
export * from "./lib/metrics/summary.ts";
export * from "./lib/metrics/best_constant.ts";
export * from "./lib/metrics/statistics.ts";
export * from "./lib/metrics/statistics.ts";

export * from "./lib/pictures/panel.ts";
export * from "./lib/pictures/explanation_page.ts";

export * from "./lib/nn/layer.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/step.ts";
export * from "./lib/train/listener.ts";
export * from "./lib/train/loop.ts";
export * from "./lib/train/fit.ts";
export * from "./lib/train/checkpoint.ts";
export * from "./lib/train/checkpoint.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/explain.ts";
export * from "./lib/train/evaluate.ts";

export type * from "./lib/formats/fields.ts";
export * from "./lib/experiment/configuration.ts";
export * from "./lib/experiment/configuration_file.ts";
export { ablationFields, folderOf, rowFields } from "./lib/experiment/ablation_fields.ts";
export type { Ablation, AblationRow } from "./lib/experiment/ablation_fields.ts";
export * from "./lib/experiment/ablation_file.ts";
export * from "./lib/experiment/configuration_file.ts";
export * from "./lib/experiment/compose.ts";
export * from "./lib/data/open_dataset.ts";
export * from "./lib/experiment/compose.ts";
export * from "./lib/experiment/compose.ts";

export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
