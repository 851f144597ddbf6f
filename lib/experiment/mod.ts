/**
 * Experiments: a configuration, and what becomes of it. What the tasks do, as functions.
 *
 * ```ts
 * import { decodeConfiguration, networkOf } from "@cliffnet/cliffnet/experiment";
 * import { countParameters, orThrow } from "@cliffnet/cliffnet";
 *
 * const configuration = orThrow(decodeConfiguration("here", { backbone: { layers: 18 }, optim: { lr: 3e-4 } }));
 * const parameters = countParameters((await networkOf(configuration)).form.params);
 * ```
 *
 * @module
 */
export type { BackendChoice, BackendName, Device } from "../backend/device.ts";
export type { KernelChoice } from "../backend/kernels.ts";
export type { CliffParams, CliffStatistics, FusionParams, FusionStatistics } from "../cliffnet/cliff.ts";
export type {
  DepthHeadParams,
  DepthHeadStatistics,
  EstimatorParams,
  EstimatorStatistics,
} from "../cliffnet/estimator.ts";
export type { PerFusedLevel, PerLevel } from "../cliffnet/levels.ts";
export type { CliffNet, CliffNetParams, CliffNetStatistics, DepthNetwork } from "../cliffnet/network.ts";
export type { PyramidParams, PyramidStatistics } from "../cliffnet/pyramid.ts";
export type { Dataset, Intrinsics, OriginalFiles, Sample, SampleEntry, Split } from "../data/dataset.ts";
export type {
  AugmentConfiguration,
  augmentFields,
  DataConfiguration,
  FilesData,
  filesFields,
  ModuleData,
  ScenesData,
  scenesFields,
} from "../data/fields.ts";
export type { ReadingOptions } from "../data/open_data.ts";
export type { AugmentedRead } from "../data/split.ts";
export type { CountedDepths } from "../data/depth_histogram.ts";
export type { Counts, SplitSurveys, Survey, Unreadable } from "../data/survey.ts";
export type { Either, TaskEither } from "../dependencies/fp.ts";
export type { Embedding } from "../embedding/embedding.ts";
export type { GeneratorReport } from "../embedding/generator.ts";
export type { GeneratorName, generators } from "../embedding/generators.ts";
export type { Failure, FailureKind } from "../errors.ts";
export { type AblationOptions, type AblationResult, runAblation } from "./ablation/ablate.ts";
export { type Plan, type PlannedRun, planOf, type PlanOptions } from "./ablation/plan.ts";
export type { Constant, MetricName, Report, RowSummary } from "./ablation/report.ts";
export type { FailedRun } from "./ablation/failed_runs.ts";
export type { RunRecord } from "./ablation/run_record.ts";
export type { GeneratorRecord, NeededGenerator } from "./ablation/shared_generators.ts";
export { plainTable, tableCsv, tableJson, tableMarkdown } from "./ablation/tables.ts";
export { type Ablation, ablationFields } from "./ablation_fields.ts";
export { generatorsOf, learningRateOf, networkOf, objectiveOf, optimizerOf } from "./compose.ts";
export type { NetworkParts } from "./compose.ts";
export { type Configuration, configurationFields, type TermConfiguration } from "./configuration.ts";
export { decodeConfiguration, parseConfiguration, readConfiguration } from "./configuration_file.ts";
export {
  type ConversionOptions,
  type ConversionPlan,
  type ConvertedNames,
  planConversion,
  writeConversion,
} from "./conversion.ts";
export { evaluateData, evaluationJson, evaluationTable } from "./evaluation.ts";
export { clippingNotes, learningNotes, type Row } from "./evaluation_notes.ts";
export { configuredProtocol, type EvaluationProtocol, type MeasuredData, protocolFor } from "./evaluation_protocol.ts";
export {
  type ConstantBaseline,
  type Experiment,
  type ExperimentOptions,
  runExperiment,
  runPretraining,
} from "./experiment.ts";
export { disposeReady, type ReadyGenerator, readyGenerators, type UsualLoss } from "./explained_generators.ts";
export { explainedLosses, withNamedLoss } from "./explained_losses.ts";
export {
  type ChosenSample,
  chosenSamples,
  explainSamples,
  type ExplanationOptions,
  type SampleChoice,
} from "./explanation.ts";
export { type ExplainedImage, reportJson, reportTables } from "./explanation_report.ts";
export { describeLeftOut, type ImageFiles, imageFiles, type LeftOut } from "./image_files.ts";
export { checkReadable, inspectDataset, type Inspection } from "./inspection.ts";
export type { Sizing } from "./input_size.ts";
export { loadLoss } from "./loss_file.ts";
export {
  configuredNetwork,
  loadNetworkModule,
  type NetworkModule,
  networkModule,
  type OwnNetwork,
} from "./network_module.ts";
export { moduleHashes } from "./own_modules.ts";
export { dividedAsTrained, type TrainedData } from "./moved_data.ts";
export {
  type ConfiguredSight,
  networkSettings,
  seenByConfiguration,
  type SeenData,
  seenData,
  type SeenRequest,
} from "./other_data.ts";
export { checkPredicted, type FailedImage, predictFiles, type PredictionRun, type Predictions } from "./prediction.ts";
export { planPrediction, type PredictionOptions, type PredictionPlan } from "./prediction_plan.ts";
export {
  describeReport,
  disposePretrained,
  pretrain,
  type Pretrained,
  type Pretraining,
  pretrainOrLoad,
} from "./pretraining.ts";
export type { PlannedImage } from "./result_names.ts";
export { planSplit, predictSplit } from "./split_prediction.ts";
export { type RunPaths, runPaths } from "./run_folder.ts";
export {
  type DepthVariables,
  loadDepthNetwork,
  type LoadOptions,
  restoreNetwork,
  type TrainedNetwork,
  trainedNetwork,
} from "./trained_network.ts";
export type { Dtype } from "../formats/bytes.ts";
export type { ValueOf, ValuesOf, VariantOf } from "../formats/fields.ts";
export type { JsonObject } from "../formats/json.ts";
export type { OwnModule } from "../modules/own_module.ts";
export type { DepthImage, RgbImage, ValueMap } from "../formats/raster.ts";
export type { LazyTensor } from "../formats/safetensors.ts";
export type { TensorEntry } from "../formats/tensor_file.ts";
export type { Explanation, GeneratorExplanation, LevelExplanation, TermExplanation } from "../loss/explanation.ts";
export type {
  hierarchicalTermFields,
  pixelLosses,
  PixelLossFields,
  PixelLossName,
  pixelTermFields,
  TermKinds,
  termKinds,
} from "../loss/pixel_losses.ts";
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
export type { Spread } from "../metrics/statistics.ts";
export type { MetricSum } from "../metrics/summary.ts";
export type { BatchNormParams, BatchNormStatistics } from "../nn/batch_norm.ts";
export type { BiasedConvParams, ConvParams } from "../nn/conv.ts";
export type { BiasedConvNormParams, ConvNormParams, ConvNormStatistics } from "../nn/conv_norm.ts";
export type { Layer, Mode, Parametrized, Variables } from "../nn/layer.ts";
export type { DepthEncoding, DepthFormat } from "../pictures/depth_formats.ts";
export type {
  channels,
  DepthMaps,
  Features,
  HasChannels,
  Images,
  Tensor,
  Tensor1D,
  Tensor4D,
} from "../tensor/features.ts";
export type { Key } from "../tensor/key.ts";
export type { Branch, Empty, Form, Shape, Tree } from "../tensor/tree.ts";
export type { Predictor } from "../train/depth_network.ts";
export type { Evaluation } from "../train/evaluate.ts";
export type { Explainer } from "../train/explain.ts";
export type { Listener, Progress } from "../train/listener.ts";
export type { StepRecord } from "../train/loop.ts";
export type { Conversion } from "../weights/convert.ts";
