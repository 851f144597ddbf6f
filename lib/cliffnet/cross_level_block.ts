/** The CLIFF block, its forms without a part, and the fusions of three of them (PAPER, "Network"). */
import type { Features } from "../tensor/features.ts";
import type { ConvNormParams, ConvNormStatistics } from "../nn/conv_norm.ts";
import { joinedConvNormRelu } from "../nn/conv_norm_sums.ts";
import type { JoinedFeatures } from "../nn/joined_features.ts";
import { joinParts, type Layer, namedPart, sideBySide } from "../nn/layer.ts";
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

/** Joins a finer level F_l, (batch, h, w, C), with a coarser one F_h, (batch, h', w', C), to (batch, h, w, C). */
export type CrossLevelBlock<C extends number> = Layer<
  readonly [low: Features<C>, high: Features<C>],
  Features<C>,
  CliffParams,
  CliffStatistics
>;

/**
 * What the CLIFF block and its forms without a part have in common: the coarse level is upsampled, `select` reads what
 * `choose` makes of the fine level and the upsampled one, and `fuse` reads the upsampled level and what was selected, and
 * has the upsampled level besides for an identity path.
 */
export const crossLevelBlock = <C extends number>(
  channels: C,
  choose: (low: Features<C>, upsampled: Features<C>) => JoinedFeatures<C>,
  fusing: Layer<
    readonly [joined: JoinedFeatures<C>, identity: Features<C>],
    Features<C>,
    ConvNormParams,
    ConvNormStatistics
  >,
): CrossLevelBlock<C> => {
  const select = namedPart("select", joinedConvNormRelu(channels, channels, 3));
  const fuse = namedPart("fuse", fusing);
  return {
    ...sideBySide(select, fuse),
    apply: (variables, [low, high], mode) => {
      const upsampled = upsampleTo(channels, high, low);
      const [selected, selectStatistics] = select.apply(variables, choose(low, upsampled), mode);
      const [fused, fuseStatistics] = fuse.apply(variables, [{ first: upsampled, second: selected }, upsampled], mode);
      return [fused, joinParts(selectStatistics, fuseStatistics)];
    },
  };
};

/** [F_l, F_l ⊙ F_h']: the fine level, and what attention by the upsampled one leaves of it. */
export const attended = <C extends number>(low: Features<C>, upsampled: Features<C>): JoinedFeatures<C> => ({
  first: low,
  second: low,
  gain: upsampled,
});
