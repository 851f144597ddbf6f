import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import { convNormRelu } from "../nn/conv_norm.ts";
import { type Layer, lift, then } from "../nn/layer.ts";
import type { FourConvolutionsParams, FourConvolutionsStatistics } from "./four_convolutions.ts";
import { upsampleTo } from "./pyramid.ts";
import { type Fusion, type PerFusedLevel, topDownFusion } from "./top_down_fusion.ts";

type LowAndHigh<C extends number> = readonly [low: Features<C>, high: Features<C>];

const summed = <C extends number>(channels: C, [low, high]: LowAndHigh<C>): Features<C> =>
  asFeatures(channels, tf.add(low, upsampleTo(channels, high, low)));

const sumBlock = <C extends number>(
  features: C,
): Layer<LowAndHigh<C>, Features<C>, FourConvolutionsParams, FourConvolutionsStatistics> =>
  pipe(
    lift((levels: LowAndHigh<C>) => summed(features, levels)),
    then("conv1", convNormRelu(features, features, 3)),
    then("conv2", convNormRelu(features, features, 3)),
    then("conv3", convNormRelu(features, features, 3)),
    then("conv4", convNormRelu(features, features, 3)),
  );

/**
 * Progressive top-down summing (Lin et al., CVPR 2017), which the paper compares with CLIFF: P5 into P4, P3, P2, at each
 * level F_l + upsample(F_h), then four 3×3 convolutions C → C (no bias) + batch norm + ReLU. They have as many weights as
 * three CLIFF blocks, 108 C², and 24 C numbers of batch norms in place of 12 C.
 */
export const sumFusion = <C extends number>(
  features: C,
): Fusion<C, PerFusedLevel<FourConvolutionsParams>, PerFusedLevel<FourConvolutionsStatistics>> =>
  topDownFusion(() => sumBlock(features));
