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
export {
  type BackendChoice,
  type BackendName,
  countTensors,
  type Device,
  type DeviceOptions,
  openDevice,
  readValues,
} from "./lib/backend/device.ts";
export type { KernelChoice } from "./lib/backend/kernels.ts";
export {
  type Backbone,
  type BottleneckStride,
  resNet,
  type ResNetChannels,
  type ResNetDepth,
  resNetOfWidth,
} from "./lib/cliffnet/backbone.ts";
export {
  cliffBlock,
  type CliffParams,
  type CliffStatistics,
  type CrossLevelBlock,
  type FusionParams,
  type FusionStatistics,
} from "./lib/cliffnet/cliff.ts";
export {
  depthEstimator,
  type DepthHeadParams,
  type DepthHeadStatistics,
  type EstimatorParams,
  type EstimatorStatistics,
} from "./lib/cliffnet/estimator.ts";
export {
  type FeatureLevels,
  type Fusion,
  type LevelChannels,
  type PerFusedLevel,
  type PerLevel,
  type Pyramid,
  topDownFusion,
} from "./lib/cliffnet/levels.ts";
export {
  type CliffNet,
  cliffNet,
  cliffNetOn,
  type CliffNetOptions,
  type CliffNetParams,
  type CliffNetStatistics,
  type DepthNetwork,
  depthNetworkOn,
  preprocess,
  type Preprocessing,
} from "./lib/cliffnet/network.ts";
export { featurePyramid, type PyramidParams, type PyramidStatistics, upsampleTo } from "./lib/cliffnet/pyramid.ts";
export { type Augmentation, colourJitter, mirror, randomMirror } from "./lib/data/augment.ts";
export {
  type Dataset,
  type Intrinsics,
  type OriginalFiles,
  type Sample,
  type SampleEntry,
  type SampleSource,
  type Split,
  splitOf,
} from "./lib/data/dataset.ts";
export { type PlainSample, splitBy } from "./lib/data/split_by.ts";
export { type DataModule, dataModule, type DataRequest } from "./lib/data/data_module.ts";
export type {
  DataConfiguration,
  FilesData,
  filesFields,
  ModuleData,
  moduleFields,
  ScenesData,
  scenesFields,
} from "./lib/data/fields.ts";
export type { ReadingOptions } from "./lib/data/open_data.ts";
export { openDataset } from "./lib/data/open_dataset.ts";
export { centreCrop, resizeSample } from "./lib/data/resize.ts";
export { scenesDataset, type ScenesDatasetOptions } from "./lib/data/scenes_dataset.ts";
export { type AugmentedRead, mapSplit, type OnUnreadable } from "./lib/data/split.ts";
export { type Either, type Pipe, pipe, type TaskEither } from "./lib/dependencies/fp.ts";
export {
  type Embedding,
  type EmbeddingStages,
  embeddingStages,
  firstLevels,
  frozen,
  multiScaleSobel,
  sobel,
} from "./lib/embedding/embedding.ts";
export type { GeneratorName, generators } from "./lib/embedding/generators.ts";
export {
  type ReconstructionBatch,
  reconstructionBatch,
  type Reconstructor,
  reconstructor,
  type ReconstructorParams,
  type ReconstructorStatistics,
} from "./lib/embedding/reconstruction.ts";
export {
  type SceneBatch,
  sceneBatch,
  type SceneBatches,
  type SceneClassifier,
  sceneClassifier,
  type SceneClassifierParams,
  type SceneClassifierStatistics,
  sceneStages,
} from "./lib/embedding/scene.ts";
export { attempt, describe, type Failure, failure, FailureError, type FailureKind, orThrow } from "./lib/errors.ts";
export { type AblationOptions, type AblationResult, runAblation } from "./lib/experiment/ablation/ablate.ts";
export { type Plan, type PlannedRun, planOf, type PlanOptions } from "./lib/experiment/ablation/plan.ts";
export type { Constant, MetricName, Report, RowSummary } from "./lib/experiment/ablation/report.ts";
export type { FailedRun } from "./lib/experiment/ablation/failed_runs.ts";
export type { RunRecord } from "./lib/experiment/ablation/run_record.ts";
export type { GeneratorRecord, NeededGenerator } from "./lib/experiment/ablation/shared_generators.ts";
export type { Ablation, ablationFields } from "./lib/experiment/ablation_fields.ts";
export type { Configuration, configurationFields } from "./lib/experiment/configuration.ts";
export { decodeConfiguration, readConfiguration } from "./lib/experiment/configuration_file.ts";
export {
  type ConstantBaseline,
  type Experiment,
  type ExperimentOptions,
  runExperiment,
} from "./lib/experiment/experiment.ts";
export { type NetworkModule, networkModule } from "./lib/experiment/network_module.ts";
export type { RunPaths } from "./lib/experiment/run_folder.ts";
export {
  type DepthVariables,
  loadDepthNetwork,
  type LoadOptions,
  type TrainedNetwork,
} from "./lib/experiment/trained_network.ts";
export type { Dtype } from "./lib/formats/bytes.ts";
export type { ValueOf, ValuesOf, VariantOf } from "./lib/formats/fields.ts";
export { decodeImage } from "./lib/formats/image.ts";
export { encodeNpy } from "./lib/formats/npy.ts";
export { encodeGrey16Png, encodeRgbPng } from "./lib/formats/png.ts";
export type { DepthImage, RgbImage } from "./lib/formats/raster.ts";
export type { PlainValue, StoredTensor, TensorEntry, TensorFile, TensorFileFormat } from "./lib/formats/tensor_file.ts";
export { gradientLoss, hierarchical, multiScaleGradientLoss } from "./lib/loss/hierarchical.ts";
export type { DepthLoss, Loss, LossContext, LossTraits } from "./lib/loss/loss.ts";
export { delay, type LearnedPart, named, type Objective, scale, sum, type Term, warmup } from "./lib/loss/objective.ts";
export { berHu, depthAware, errorOnValidPixels, huber, l1, l2, onValidPixels } from "./lib/loss/pixel.ts";
export {
  eigen,
  logDepth,
  logL1,
  scaleAndShiftInvariant,
  type ScaleShiftInvariantOptions,
  siLog,
} from "./lib/loss/scale_invariant.ts";
export { ssim, type SsimOptions } from "./lib/loss/ssim.ts";
export {
  type CameraOfSize,
  type Pinhole,
  virtualNormal,
  type VirtualNormalOptions,
} from "./lib/loss/virtual_normal.ts";
export {
  type BoundaryMetricName,
  type BoundarySums,
  type DepthMetrics,
  evaluateImage,
  type ImageResult,
  type PixelMetricName,
  type PixelSums,
} from "./lib/metrics/depth_metrics.ts";
export type { Crop, Resizing, Span } from "./lib/metrics/geometry.ts";
export {
  type BoundaryRule,
  type DepthRange,
  namedProtocols,
  type Protocol,
  type ProtocolName,
  protocols,
} from "./lib/metrics/protocols.ts";
export { type BySeed, pairedDifference, type Spread, spreadOf } from "./lib/metrics/statistics.ts";
export { type MetricSum, summarize } from "./lib/metrics/summary.ts";
export {
  batchNorm,
  type BatchNormOptions,
  type BatchNormParams,
  type BatchNormStatistics,
} from "./lib/nn/batch_norm.ts";
export { collectLayer, collectOutputs, fanOut, residual, sequential, withInput } from "./lib/nn/combinators.ts";
export {
  biasedConv,
  type BiasedConvOptions,
  type BiasedConvParams,
  conv,
  type ConvOptions,
  type ConvParams,
  linear,
  type LinearParams,
} from "./lib/nn/conv.ts";
export {
  type BiasedConvNormParams,
  biasedConvNormRelu,
  convNorm,
  convNormLeakyRelu,
  type ConvNormOptions,
  type ConvNormParams,
  convNormRelu,
  type ConvNormStatistics,
} from "./lib/nn/conv_norm.ts";
export {
  compose,
  fromFunction,
  identityLayer,
  inputFeatures,
  type Layer,
  layer,
  type Learner,
  mapOutput,
  type Mode,
  type Named,
  namedPart,
  type Parametrized,
  type TermValues,
  untyped,
  type Variables,
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
export { adam, type AdamOptions } from "./lib/optim/adam.ts";
export {
  addWeightDecay,
  chain,
  clipByGlobalNorm,
  constant,
  freeze,
  ramp,
  type Schedule,
  stepwise,
  times,
  type Transformation,
} from "./lib/optim/transformation.ts";
export type { Range, Rgb } from "./lib/pictures/colormap.ts";
export { contactSheet, depthPicture, type PanelInput, samplePanel } from "./lib/pictures/panel.ts";
export type { SceneOptions } from "./lib/scenes/render.ts";
export {
  asFeatures,
  type channels,
  type DepthMaps,
  type Features,
  type HasChannels,
  type Images,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  validMask,
  type ValidMasks,
} from "./lib/tensor/features.ts";
export { type Differentiated, valueAndGradient } from "./lib/tensor/gradient.ts";
export { LayerError } from "./lib/tensor/layer_error.ts";
export { foldIn, type Key, keyOf, normals, permutation, uniforms } from "./lib/tensor/key.ts";
export { scope } from "./lib/tensor/scope.ts";
export {
  type Branch,
  countParameters,
  disposeTree,
  type Empty,
  type Form,
  type Leaf,
  leaves,
  mapTree,
  type Shape,
  type Tree,
} from "./lib/tensor/tree.ts";
export { type Checkpoint, type CheckpointInfo, readCheckpoint, saveCheckpoint } from "./lib/train/checkpoint.ts";
export { type DepthBatch, depthBatch, depthLearner, type Predictor, predictor } from "./lib/train/depth_network.ts";
export { evaluateSplit, type Evaluation, type OnPrediction } from "./lib/train/evaluate.ts";
export { fit, type FitOptions } from "./lib/train/fit.ts";
export { type Listener, type Progress, silent } from "./lib/train/listener.ts";
export type { Keep, StepRecord } from "./lib/train/loop.ts";
export type { TrainState } from "./lib/train/step.ts";
export type { NamingTitle, RecognizedNames, WeightsKind } from "./lib/weights/recognize.ts";
export { type NamedWeights, restoreVariables } from "./lib/weights/restore.ts";
