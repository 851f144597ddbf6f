import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import { type BiasedConvNormParams, biasedConvNormRelu, type ConvNormStatistics } from "../nn/conv_norm.ts";
import { identityLayer, type Layer, then, thenLift } from "../nn/layer.ts";
import { resizeBilinear } from "../nn/resize.ts";
import { type FeatureLevels, type LevelChannels, type PerLevel, perLevel, type Pyramid } from "./levels.ts";

/** Parameters of the feature pyramid: a lateral 1×1 and a smoothing 3×3 convolution for each level. */
export type PyramidParams = {
  readonly lateral: PerLevel<BiasedConvNormParams>;
  readonly smooth: PerLevel<BiasedConvNormParams>;
};

/** Statistics of the feature pyramid's batch norms. */
export type PyramidStatistics = {
  readonly lateral: PerLevel<ConvNormStatistics>;
  readonly smooth: PerLevel<ConvNormStatistics>;
};

/** Bilinear upsampling of `coarse` to the height and width of `fine`, half-pixel centres, edges clamped. */
export const upsampleTo = <C extends number>(
  channels: C,
  coarse: Features<C>,
  fine: Features<number>,
): Features<C> => asFeatures(channels, resizeBilinear(coarse, [fine.shape[1], fine.shape[2]]));

const topDown = <C extends number>(channels: C) => ([l2, l3, l4, l5]: Pyramid<C>): Pyramid<C> => {
  const add = (fine: Features<C>, coarse: Features<C>): Features<C> =>
    asFeatures(channels, tf.add(fine, upsampleTo(channels, coarse, fine)));
  const p4 = add(l4, l5);
  const p3 = add(l3, p4);
  return [add(l2, p3), p3, p4, l5];
};

/**
 * The feature pyramid (Lin et al., CVPR 2017; PAPER, "Network"): C2…C5 to P2…P5 with `features` channels each. Lateral 1×1
 * convolution + batch norm + ReLU, top-down sum of bilinearly upsampled levels, 3×3 convolution + batch norm + ReLU.
 */
export const featurePyramid = <L extends LevelChannels, C extends number>(
  channels: L,
  features: C,
): Layer<FeatureLevels<L>, Pyramid<C>, PyramidParams, PyramidStatistics> => {
  const lateral = <I extends number>(from: I) => biasedConvNormRelu(from, features, 1);
  const smooth = () => biasedConvNormRelu(features, features, 3);
  return pipe(
    identityLayer<FeatureLevels<L>>(),
    then(
      "lateral",
      perLevel(
        lateral<L[0]>(channels[0]),
        lateral<L[1]>(channels[1]),
        lateral<L[2]>(channels[2]),
        lateral<L[3]>(channels[3]),
      ),
    ),
    thenLift(topDown(features)),
    then("smooth", perLevel(smooth(), smooth(), smooth(), smooth())),
  );
};
