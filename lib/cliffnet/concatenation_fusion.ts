import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import { convNormRelu } from "../nn/conv_norm.ts";
import { lift, then } from "../nn/layer.ts";
import type { FourConvolutionsParams, FourConvolutionsStatistics } from "./four_convolutions.ts";
import type { Pyramid } from "./levels.ts";
import { upsampleTo } from "./pyramid.ts";
import type { Fusion } from "./top_down_fusion.ts";

/** All levels upsampled to the size of the finest, side by side: (batch, h, w, 4 C). */
const concatenatedLevels = <C extends number>(channels: C, [p2, ...coarser]: Pyramid<C>): Features<number> =>
  asFeatures<number>(4 * channels, tf.concat([p2, ...coarser.map((level) => upsampleTo(channels, level, p2))], 3));

/**
 * Direct upsampling with concatenation, which the paper compares with CLIFF: every level is upsampled at once to P2's size,
 * then four 3×3 convolutions (no bias) + batch norm + ReLU, 4C → 2C → C → C → C. They have as many weights as three CLIFF
 * blocks, 108 C², and 10 C numbers of batch norms in place of 12 C. As all of them work at P2's size, they multiply 2.3
 * times as often.
 */
export const concatenationFusion = <C extends number>(
  features: C,
): Fusion<C, FourConvolutionsParams, FourConvolutionsStatistics> =>
  pipe(
    lift((levels: Pyramid<C>) => concatenatedLevels(features, levels)),
    then("conv1", convNormRelu<number, number>(4 * features, 2 * features, 3)),
    then("conv2", convNormRelu<number, C>(2 * features, features, 3)),
    then("conv3", convNormRelu(features, features, 3)),
    then("conv4", convNormRelu(features, features, 3)),
  );
