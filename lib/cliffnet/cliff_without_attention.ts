import { joinedConvNormReluAdd } from "../nn/conv_norm_sums.ts";
import { type CrossLevelBlock, crossLevelBlock } from "./cross_level_block.ts";

/**
 * The CLIFF block without attention: F_lc = ReLU(BN(conv3×3([F_l, F_h']))) sees the upsampled level as it is, not
 * multiplied with the fine one; all else as in {@link cliffBlock}. It has as many parameters, under the same names.
 */
export const cliffBlockWithoutAttention = <C extends number>(channels: C): CrossLevelBlock<C> =>
  crossLevelBlock(
    channels,
    (low, upsampled) => ({ first: low, second: upsampled }),
    joinedConvNormReluAdd(channels, channels, 3),
  );
