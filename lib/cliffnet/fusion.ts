import { opaque } from "../nn/combinators.ts";
import type { Branch } from "../tensor/tree.ts";
import { cliffBlock } from "./cliff_block.ts";
import { cliffBlockWithoutAttention } from "./cliff_without_attention.ts";
import { cliffBlockWithoutIdentity } from "./cliff_without_identity.ts";
import { concatenationFusion } from "./concatenation_fusion.ts";
import type { CliffParams, CliffStatistics } from "./cross_level_block.ts";
import { sumFusion } from "./sum_fusion.ts";
import { type Fusion, type PerFusedLevel, topDownFusion } from "./top_down_fusion.ts";

/** Parameters of the three CLIFF blocks, named by the finer level that each joins. */
export type FusionParams = PerFusedLevel<CliffParams>;

/** Statistics of the three CLIFF blocks. */
export type FusionStatistics = PerFusedLevel<CliffStatistics>;

/** Fuses the levels from the coarsest to the finest by three CLIFF blocks: P5 into P4, P3, P2. */
export const cliffFusion = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlock(features));

/** How the levels of the pyramid become one: as the paper does, that without a part, and what the paper compares with. */
export const fusionNames = ["cliff", "cliff-no-identity", "cliff-no-attention", "concatenation", "sum"] as const;

/** The name of a fusion. */
export type FusionName = typeof fusionNames[number];

/**
 * The fusion of a name. All have 108 C² weights; with C = 256, in the estimator of the paper's network, with batch norms:
 *
 * | name | parameters | of the whole network |
 * |---|---|---|
 * | cliff | 7,080,960 | 36,892,481 |
 * | cliff-no-identity | 7,080,960 | 36,892,481 |
 * | cliff-no-attention | 7,080,960 | 36,892,481 |
 * | concatenation | 7,080,448 | 36,891,969 |
 * | sum | 7,084,032 | 36,895,553 |
 */
export const fusionOf = <C extends number>(name: FusionName, features: C): Fusion<C, Branch, Branch> => {
  switch (name) {
    case "cliff":
      return opaque(cliffFusion(features));
    case "cliff-no-identity":
      return opaque(topDownFusion(() => cliffBlockWithoutIdentity(features)));
    case "cliff-no-attention":
      return opaque(topDownFusion(() => cliffBlockWithoutAttention(features)));
    case "concatenation":
      return opaque(concatenationFusion(features));
    case "sum":
      return opaque(sumFusion(features));
  }
};
