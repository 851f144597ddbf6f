import type { Features } from "../tensor/features.ts";
import type { ConvNormParams, ConvNormStatistics } from "../nn/conv_norm.ts";
import { joinedConvNormRelu, joinedConvNormReluAdd } from "../nn/conv_norm_sums.ts";
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

/**
 * Cross-level identity feature fusion (PAPER, "Network"): joins a finer level F_l, (batch, h, w, C), with a coarser one F_h,
 * (batch, h', w', C), to (batch, h, w, C):
 *
 *     F_h' = upsample(F_h)    F_a = F_l ⊙ F_h'    F_lc = ReLU(BN(conv3×3([F_l, F_a])))
 *     F_o  = ReLU(BN(conv3×3([F_h', F_lc]))) + F_h'
 *
 * Where the backend has the kernel and no gradient is wanted, F_a and what is in brackets are read where their parts
 * are, and never are tensors.
 */
export const cliffBlock = <C extends number>(
  channels: C,
): Layer<
  readonly [low: Features<C>, high: Features<C>],
  Features<C>,
  CliffParams,
  CliffStatistics
> => {
  const select = namedPart("select", joinedConvNormRelu(channels, channels, 3));
  const fuse = namedPart("fuse", joinedConvNormReluAdd(channels, channels, 3));
  return {
    init: (key) => initBoth(select, fuse, key),
    apply: (variables, [low, high], mode) => {
      const upsampled = upsampleTo(channels, high, low);
      const [selected, selectStatistics] = select.apply(
        variables,
        { first: low, second: low, gain: upsampled },
        mode,
      );
      const [fused, fuseStatistics] = fuse.apply(
        variables,
        [{ first: upsampled, second: selected }, upsampled],
        mode,
      );
      return [fused, joinParts(selectStatistics, fuseStatistics)];
    },
  };
};
