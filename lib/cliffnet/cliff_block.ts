import { joinedConvNormReluAdd } from "../nn/conv_norm_sums.ts";
import { attended, type CrossLevelBlock, crossLevelBlock } from "./cross_level_block.ts";

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
export const cliffBlock = <C extends number>(channels: C): CrossLevelBlock<C> =>
  crossLevelBlock(channels, attended, joinedConvNormReluAdd(channels, channels, 3));
