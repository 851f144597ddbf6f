import type { Features } from "../tensor/features.ts";
import type { JoinedFeatures } from "../nn/joined_features.ts";
import { joinedConvNormRelu } from "../nn/conv_norm_sums.ts";
import { compose, lift } from "../nn/layer.ts";
import { attended, type CrossLevelBlock, crossLevelBlock } from "./cross_level_block.ts";

/**
 * The CLIFF block without its identity path: F_o = ReLU(BN(conv3×3([F_h', F_lc]))), all else as in {@link cliffBlock}. It
 * has as many parameters, under the same names.
 */
export const cliffBlockWithoutIdentity = <C extends number>(channels: C): CrossLevelBlock<C> => {
  const withoutIdentity = lift(([joined]: readonly [JoinedFeatures<C>, Features<C>]) => joined);
  return crossLevelBlock(channels, attended, compose(withoutIdentity, joinedConvNormRelu(channels, channels, 3)));
};
