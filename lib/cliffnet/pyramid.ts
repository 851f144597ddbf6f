import { pipe } from "../dependencies/fp.ts";
import { type BiasedConvNormParams, biasedConvNormRelu, type ConvNormStatistics } from "../nn/conv_norm.ts";
import { biasedConvNormReluAddUpsampled } from "../nn/conv_norm_sums.ts";
import { identityLayer, type Layer, layer, namedPart, sideBySide } from "../nn/layer.ts";
import { resizeBilinear } from "../nn/resize.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { type FeatureLevels, type LevelChannels, type PerLevel, perLevel, type Pyramid } from "./levels.ts";

/** Parameters of the feature pyramid: a lateral 1×1 and a smoothing 3×3 convolution for each level.
 * @category Network */
export type PyramidParams = {
  readonly lateral: PerLevel<BiasedConvNormParams>;
  readonly smooth: PerLevel<BiasedConvNormParams>;
};

/** Statistics of the feature pyramid's batch norms.
 * @category Network */
export type PyramidStatistics = {
  readonly lateral: PerLevel<ConvNormStatistics>;
  readonly smooth: PerLevel<ConvNormStatistics>;
};

/** Bilinear upsampling of `coarse` to the height and width of `fine`, half-pixel centres, edges clamped.
 * @category Network */
export const upsampleTo = <C extends number>(
  channels: C,
  coarse: Features<C>,
  fine: Features<number>,
): Features<C> => asFeatures(channels, resizeBilinear(coarse, [fine.shape[1], fine.shape[2]]));

/**
 * One layer for each level, side by side: the coarsest takes its own level, and each other one its own and what the
 * next coarser one gave.
 */
const topDown = <I2, I3, I4, I5, O, P extends Branch, S extends Branch>(
  level2: Layer<readonly [fine: I2, coarse: O], O, P, S>,
  level3: Layer<readonly [fine: I3, coarse: O], O, P, S>,
  level4: Layer<readonly [fine: I4, coarse: O], O, P, S>,
  level5: Layer<I5, O, P, S>,
): Layer<readonly [I2, I3, I4, I5], readonly [O, O, O, O], PerLevel<P>, PerLevel<S>> => {
  const [l2, l3] = [namedPart("level2", level2), namedPart("level3", level3)];
  const [l4, l5] = [namedPart("level4", level4), namedPart("level5", level5)];
  return {
    ...sideBySide(sideBySide(l2, l3), sideBySide(l4, l5)),
    apply: (variables, [c2, c3, c4, c5], mode, key) => {
      const [p5, s5] = l5.apply(variables, c5, mode, key);
      const [p4, s4] = l4.apply(variables, [c4, p5], mode, key);
      const [p3, s3] = l3.apply(variables, [c3, p4], mode, key);
      const [p2, s2] = l2.apply(variables, [c2, p3], mode, key);
      return [[p2, p3, p4, p5], { ...s2, ...s3, ...s4, ...s5 }];
    },
  };
};

/**
 * The feature pyramid (Lin et al., CVPR 2017; PAPER, "Network"): C2…C5 to P2…P5 with `features` channels each. Lateral 1×1
 * convolution + batch norm + ReLU, top-down sum of bilinearly upsampled levels, 3×3 convolution + batch norm + ReLU.
 * @category Network
 */
export const featurePyramid = <L extends LevelChannels, C extends number>(
  channels: L,
  features: C,
): Layer<FeatureLevels<L>, Pyramid<C>, PyramidParams, PyramidStatistics> => {
  const lateral = <I extends number>(from: I) => biasedConvNormReluAddUpsampled(from, features, 1);
  const smooth = () => biasedConvNormRelu(features, features, 3);
  return pipe(
    identityLayer<FeatureLevels<L>>(),
    layer(
      "lateral",
      topDown(
        lateral<L[0]>(channels[0]),
        lateral<L[1]>(channels[1]),
        lateral<L[2]>(channels[2]),
        biasedConvNormRelu<L[3], C>(channels[3], features, 1),
      ),
    ),
    layer("smooth", perLevel(smooth(), smooth(), smooth(), smooth())),
  );
};
