/**
 * The network of the paper and its parts: backbone, pyramid, CLIFF block and its rivals, estimator.
 *
 * ```ts
 * import { cliffBlock, cliffNet } from "@cliffnet/cliffnet/cliffnet";
 * import { countParameters } from "@cliffnet/cliffnet";
 *
 * const block = cliffBlock(256); // (low, high) → features, all with 256 channels
 * const parameters = countParameters(cliffNet().form.params); // 36,892,481, without a tensor
 * ```
 *
 * @module
 */
export {
  type Backbone,
  basicBlock,
  bottleneck,
  type BottleneckStride,
  type ResidualBlock,
  resNet,
  type ResNetChannels,
  resNetChannels,
  type ResNetDepth,
  resNetOfWidth,
} from "./backbone.ts";
export {
  cliffBlock,
  cliffBlockWithoutAttention,
  cliffBlockWithoutIdentity,
  cliffFusion,
  type CliffParams,
  type CliffStatistics,
  concatenationFusion,
  type CrossLevelBlock,
  type FourConvolutionsParams,
  type FourConvolutionsStatistics,
  type FusionParams,
  type FusionStatistics,
  sumFusion,
} from "./cliff.ts";
export {
  depthEstimator,
  depthEstimatorWith,
  depthHead,
  type DepthHeadParams,
  type DepthHeadStatistics,
  type EstimatorParams,
  type EstimatorStatistics,
  levelHeads,
} from "./estimator.ts";
export { type FusionName, fusionNamed, fusionNames, fusionOf, fusions } from "./fusions.ts";
export {
  type FeatureLevels,
  type Fusion,
  type FusionMaker,
  type FusionRecord,
  type LevelChannels,
  type PerFusedLevel,
  type PerLevel,
  perLevel,
  type Pyramid,
  topDownFusion,
} from "./levels.ts";
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
} from "./network.ts";
export { featurePyramid, type PyramidParams, type PyramidStatistics, upsampleTo } from "./pyramid.ts";
export type { BatchNormParams, BatchNormStatistics } from "../nn/batch_norm.ts";
export type { BiasedConvParams, ConvParams } from "../nn/conv.ts";
export type { BiasedConvNormParams, ConvNormParams, ConvNormStatistics } from "../nn/conv_norm.ts";
export type { Layer, Mode, Parametrized, Variables } from "../nn/layer.ts";
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
