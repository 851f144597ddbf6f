import { pipe } from "../dependencies/fp.ts";
import type { Features } from "../tensor/features.ts";
import {
  type BiasedConvNormParams,
  biasedConvNormRelu,
  type ConvNormParams,
  convNormRelu,
  type ConvNormStatistics,
} from "../nn/conv_norm.ts";
import { biasedConv, type BiasedConvParams } from "../nn/conv.ts";
import { identityLayer, input, joinParts, type Layer, namedPart, then } from "../nn/layer.ts";
import type { Empty } from "../tensor/tree.ts";
import { cliffBlock, type CliffParams, type CliffStatistics } from "./cliff_block.ts";
import { type PerLevel, perLevel, type Pyramid } from "./levels.ts";

/** Parameters of the three CLIFF blocks, named by the finer level that each joins. */
export type FusionParams = {
  readonly level4: CliffParams;
  readonly level3: CliffParams;
  readonly level2: CliffParams;
};

/** Statistics of the three CLIFF blocks. */
export type FusionStatistics = {
  readonly level4: CliffStatistics;
  readonly level3: CliffStatistics;
  readonly level2: CliffStatistics;
};

/** Parameters of the score: a 3×3 convolution with batch norm and the last one, with a bias, to one channel. */
export type ScoreParams = {
  readonly hidden: ConvNormParams;
  readonly output: BiasedConvParams;
};

/** Statistics of the score. */
export type ScoreStatistics = {
  readonly hidden: ConvNormStatistics;
  readonly output: Empty;
};

/** One 3×3 convolution with a bias + batch norm + ReLU for each level. */
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

/** Fuses the levels from the coarsest to the finest by three CLIFF blocks: P5 into P4, P3, P2. */
export const cliffFusion = <C extends number>(
  features: C,
): Layer<Pyramid<C>, Features<C>, FusionParams, FusionStatistics> => {
  const level4 = namedPart("level4", cliffBlock(features));
  const level3 = namedPart("level3", cliffBlock(features));
  const level2 = namedPart("level2", cliffBlock(features));
  return {
    init: (key) => {
      const [a, b, c] = [level4.init(key), level3.init(key), level2.init(key)];
      return {
        params: joinParts(joinParts(a.params, b.params), c.params),
        statistics: joinParts(
          joinParts(a.statistics, b.statistics),
          c.statistics,
        ),
      };
    },
    apply: (variables, [p2, p3, p4, p5], mode) => {
      const [f4, s4] = level4.apply(variables, [p4, p5], mode);
      const [f3, s3] = level3.apply(variables, [p3, f4], mode);
      const [f2, s2] = level2.apply(variables, [p2, f3], mode);
      return [f2, joinParts(joinParts(s4, s3), s2)];
    },
  };
};

/** From features to depth in metres at the same size: 3×3 convolution + batch norm + ReLU, then 3×3 with a bias to 1.
 * Before training the bias is `initialDepth`, metres: near the data's mean depth, the first steps are not spent on it. */
export const score = <C extends number>(
  features: C,
  initialDepth = 0,
): Layer<Features<C>, Features<1>, ScoreParams, ScoreStatistics> =>
  pipe(
    input(features),
    then("hidden", convNormRelu(features, features, 3)),
    then("output", biasedConv(features, 1, 3, { initialBias: initialDepth })),
  );

/** Parameters of the estimator: level heads, fusion and score. */
export type EstimatorParams = {
  readonly heads: PerLevel<BiasedConvNormParams>;
  readonly fusion: FusionParams;
  readonly score: ScoreParams;
};

/** Statistics of the estimator. */
export type EstimatorStatistics = {
  readonly heads: PerLevel<ConvNormStatistics>;
  readonly fusion: FusionStatistics;
  readonly score: ScoreStatistics;
};

/** From the pyramid P2…P5 to depth in metres at the size of P2: level heads, CLIFF fusion, score
 * whose bias begins at `initialDepth`, metres. */
export const depthEstimator = <C extends number>(
  features: C,
  initialDepth = 0,
): Layer<Pyramid<C>, Features<1>, EstimatorParams, EstimatorStatistics> =>
  pipe(
    identityLayer<Pyramid<C>>(),
    then("heads", levelHeads(features)),
    then("fusion", cliffFusion(features)),
    then("score", score(features, initialDepth)),
  );
