import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import { type ConvNormParams, convNormRelu, type ConvNormStatistics } from "../nn/conv_norm.ts";
import { initBoth, joinParts, type Layer, namedPart } from "../nn/layer.ts";
import { upsampleTo } from "./pyramid.ts";

/** `select` fuses the low-level features with what attention leaves of them; `fuse` joins them with the high level. */
export type CliffParams = {
  readonly select: ConvNormParams;
  readonly fuse: ConvNormParams;
};

/** Statistics of the CLIFF block's batch norms. */
export type CliffStatistics = {
  readonly select: ConvNormStatistics;
  readonly fuse: ConvNormStatistics;
};

const concat = <C extends number>(
  first: Features<C>,
  second: Features<C>,
  channels: C,
): Features<number> => asFeatures<number>(2 * channels, tf.concat([first, second], 3));

/**
 * Cross-level identity feature fusion (PAPER, "Network"): joins a finer level F_l, (batch, h, w, C), with a coarser one F_h,
 * (batch, h', w', C), to (batch, h, w, C):
 *
 *     F_h' = upsample(F_h)    F_a = F_l ⊙ F_h'    F_lc = ReLU(BN(conv3×3([F_l, F_a])))
 *     F_o  = ReLU(BN(conv3×3([F_h', F_lc]))) + F_h'
 */
export const cliffBlock = <C extends number>(
  channels: C,
): Layer<
  readonly [low: Features<C>, high: Features<C>],
  Features<C>,
  CliffParams,
  CliffStatistics
> => {
  const select = namedPart(
    "select",
    convNormRelu<number, C>(2 * channels, channels, 3),
  );
  const fuse = namedPart(
    "fuse",
    convNormRelu<number, C>(2 * channels, channels, 3),
  );
  return {
    init: (key) => initBoth(select, fuse, key),
    apply: (variables, [low, high], mode) => {
      const upsampled = upsampleTo(channels, high, low);
      const attended = asFeatures(channels, tf.mul(low, upsampled));
      const [selected, selectStatistics] = select.apply(
        variables,
        concat(low, attended, channels),
        mode,
      );
      const [fused, fuseStatistics] = fuse.apply(
        variables,
        concat(upsampled, selected, channels),
        mode,
      );
      return [
        asFeatures(channels, tf.add(fused, upsampled)),
        joinParts(selectStatistics, fuseStatistics),
      ];
    },
  };
};
