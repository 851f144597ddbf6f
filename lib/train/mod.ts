/**
 * Learners, the training step and loop, checkpoints, evaluation and explanation.
 *
 * ```ts
 * import { depthBatch, depthLearner, fit } from "@cliffnet/cliffnet/train";
 * import * as cn from "@cliffnet/cliffnet";
 *
 * const device = cn.orThrow(await cn.openDevice("wasm")());
 * const { train } = cn.scenesDataset({ seed: 1, height: 32, width: 40, train: 8, test: 1 });
 * const { backbone, channels } = cn.resNetOfWidth(18, 4);
 * const network = cn.compose(cn.preprocess("bgr-caffe"), cn.cliffNetOn(backbone, channels, 4));
 * const learner = depthLearner(network, cn.named("l1", cn.l1));
 * const { variables } = cn.orThrow(await fit(device, { learner, split: train, batchOf: depthBatch, batch: 2, steps: 2 })());
 * ```
 *
 * @module
 */
export type { BackendName, Device } from "../backend/device.ts";
export type { KernelChoice } from "../backend/kernels.ts";
export type { Intrinsics, OriginalFiles, Sample, SampleEntry, Split } from "../data/dataset.ts";
export type { AugmentedRead } from "../data/split.ts";
export type { Either, TaskEither } from "../dependencies/fp.ts";
export { trackStatistics } from "../embedding/data_passes.ts";
export type { Embedding } from "../embedding/embedding.ts";
export type { GeneratorName, generators } from "../embedding/generators.ts";
export { greyBatch, greyMap, greyScaleOf } from "../embedding/image.ts";
export { reconstructionBatch, reconstructionError, reconstructionLearner } from "../embedding/reconstruction.ts";
export { sceneAccuracy, sceneBatch, sceneLearner } from "../embedding/scene.ts";
export type { Failure, FailureKind } from "../errors.ts";
export type { Dtype } from "../formats/bytes.ts";
export type { DepthImage, RgbImage, ValueMap } from "../formats/raster.ts";
export type { PlainValue, StoredTensor, TensorEntry, TensorFile, TensorFileFormat } from "../formats/tensor_file.ts";
export type { Explanation, GeneratorExplanation, LevelExplanation, TermExplanation } from "../loss/explanation.ts";
export type { Loss } from "../loss/loss.ts";
export type {
  BoundaryMetricName,
  BoundarySums,
  DepthMetrics,
  ImageResult,
  PixelMetricName,
  PixelSums,
} from "../metrics/depth_metrics.ts";
export type { Crop, Resizing, Span } from "../metrics/geometry.ts";
export type { BoundaryRule, DepthRange, Protocol } from "../metrics/protocols.ts";
export type { MetricSum } from "../metrics/summary.ts";
export type { Learner, Mode, Parametrized, TermValues, Variables } from "../nn/layer.ts";
export type { Schedule, Transformation } from "../optim/transformation.ts";
export type {
  channels,
  DepthMaps,
  Features,
  HasChannels,
  Images,
  Scalar,
  Tensor,
  Tensor4D,
  ValidMasks,
} from "../tensor/features.ts";
export type { Key } from "../tensor/key.ts";
export type { Branch, Form, Shape, Tree } from "../tensor/tree.ts";
export { type Checkpoint, type CheckpointInfo, readCheckpoint, resumeState, saveCheckpoint } from "./checkpoint.ts";
export {
  type DepthBatch,
  depthBatch,
  depthLearner,
  measuredBatch,
  type Predictor,
  predictor,
} from "./depth_network.ts";
export { evaluateSplit, type Evaluation, type OnPrediction } from "./evaluate.ts";
export { explain, type Explained, type ExplainedGenerator, type ExplainedTerm, type Explainer } from "./explain.ts";
export { fit, type FitOptions } from "./fit.ts";
export { type Listener, type Progress, silent, stoppable, withProgress } from "./listener.ts";
export { type Keep, type LoopOptions, type StepRecord, trainLoop } from "./loop.ts";
export { initialState, type StepReport, type TrainState, trainStep } from "./step.ts";
export type { NamingTitle, RecognizedNames, WeightsKind } from "../weights/recognize.ts";
export type { NamedWeights } from "../weights/restore.ts";
