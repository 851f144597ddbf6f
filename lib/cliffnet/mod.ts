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
export { basicBlock, bottleneck, resNet, type ResNetChannels, resNetChannels, resNetOfWidth } from "./backbone.ts";
export {
  cliffBlock,
  cliffBlockWithoutAttention,
  cliffBlockWithoutIdentity,
  cliffFusion,
  concatenationFusion,
  sumFusion,
} from "./cliff.ts";
export { depthEstimator, depthEstimatorWith, depthHead, levelHeads } from "./estimator.ts";
export { fusions } from "./fields.ts";
export { perLevel, topDownFusion } from "./levels.ts";
export { cliffNet, cliffNetOn, depthNetworkOn, preprocess } from "./network.ts";
export { featurePyramid, upsampleTo } from "./pyramid.ts";
