import { pipe } from "../dependencies/fp.ts";
import { biasedConv, type BiasedConvParams } from "../nn/conv.ts";
import {
  type BiasedConvNormParams,
  biasedConvNormRelu,
  type ConvNormParams,
  convNormRelu,
  type ConvNormStatistics,
} from "../nn/conv_norm.ts";
import { identityLayer, inputFeatures, type Layer, layer } from "../nn/layer.ts";
import type { Features } from "../tensor/features.ts";
import type { Branch, Empty } from "../tensor/tree.ts";
import { cliffFusion, type FusionParams, type FusionStatistics } from "./cliff.ts";
import { type Fusion, type PerLevel, perLevel, type Pyramid } from "./levels.ts";

/** Parameters of the score: a 3×3 convolution with batch norm and the last one, with a bias, to one channel.
 * @category Network */
export type DepthHeadParams = {
  readonly hidden: ConvNormParams;
  readonly output: BiasedConvParams;
};

/** Statistics of the score.
 * @category Network */
export type DepthHeadStatistics = {
  readonly hidden: ConvNormStatistics;
  readonly output: Empty;
};

/** One 3×3 convolution with a bias + batch norm + ReLU for each level.
 * @category Network */
export const levelHeads = <C extends number>(
  features: C,
): Layer<
  Pyramid<C>,
  Pyramid<C>,
  PerLevel<BiasedConvNormParams>,
  PerLevel<ConvNormStatistics>
> => {
  const head = () => biasedConvNormRelu(features, features, 3);
  return perLevel(head(), head(), head(), head());
};

/** From features to depth in metres at the same size: 3×3 convolution + batch norm + ReLU, then 3×3 with a bias to 1.
 * Before training the bias is `initialDepth`, metres: near the data's mean depth, the first steps are not spent on it.
 * @category Network */
export const depthHead = <C extends number>(
  features: C,
  initialDepth = 0,
): Layer<Features<C>, Features<1>, DepthHeadParams, DepthHeadStatistics> =>
  pipe(
    inputFeatures(features),
    layer("hidden", convNormRelu(features, features, 3)),
    layer("output", biasedConv(features, 1, 3, { initialBias: initialDepth })),
  );

/** Parameters of the estimator: level heads, fusion, of CLIFF blocks by default, and score.
 * @category Network */
export type EstimatorParams<F extends Branch = FusionParams> = {
  readonly heads: PerLevel<BiasedConvNormParams>;
  readonly fusion: F;
  readonly score: DepthHeadParams;
};

/** Statistics of the estimator.
 * @category Network */
export type EstimatorStatistics<F extends Branch = FusionStatistics> = {
  readonly heads: PerLevel<ConvNormStatistics>;
  readonly fusion: F;
  readonly score: DepthHeadStatistics;
};

/** {@link depthEstimator} with another fusion, such as one of {@link fusionOf}.
 * @category Network */
export const depthEstimatorWith = <C extends number, P extends Branch, S extends Branch>(
  fusion: Fusion<C, P, S>,
  features: C,
  initialDepth = 0,
): Layer<Pyramid<C>, Features<1>, EstimatorParams<P>, EstimatorStatistics<S>> =>
  pipe(
    identityLayer<Pyramid<C>>(),
    layer("heads", levelHeads(features)),
    layer("fusion", fusion),
    layer("score", depthHead(features, initialDepth)),
  );

/** From the pyramid P2…P5 to depth in metres at the size of P2: level heads, CLIFF fusion, score
 * whose bias begins at `initialDepth`, metres.
 * @category Network */
export const depthEstimator = <C extends number>(
  features: C,
  initialDepth = 0,
): Layer<Pyramid<C>, Features<1>, EstimatorParams, EstimatorStatistics> =>
  depthEstimatorWith(cliffFusion(features), features, initialDepth);
