import { cliffBlock } from "./cliff_block.ts";
import { cliffBlockWithoutAttention } from "./cliff_without_attention.ts";
import { cliffBlockWithoutIdentity } from "./cliff_without_identity.ts";
import type { CliffParams, CliffStatistics } from "./cross_level_block.ts";
import { type Fusion, type PerFusedLevel, topDownFusion } from "./top_down_fusion.ts";

/** Parameters of the three CLIFF blocks, named by the finer level that each joins. */
export type FusionParams = PerFusedLevel<CliffParams>;

/** Statistics of the three CLIFF blocks. */
export type FusionStatistics = PerFusedLevel<CliffStatistics>;

/** Fuses the levels from the coarsest to the finest by three CLIFF blocks: P5 into P4, P3, P2. */
export const cliffFusion = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlock(features));

/** {@link cliffFusion} by {@link cliffBlockWithoutIdentity}: without the sum with the upsampled level. */
export const cliffFusionWithoutIdentity = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlockWithoutIdentity(features));

/** {@link cliffFusion} by {@link cliffBlockWithoutAttention}: the upsampled level as it is, not multiplied. */
export const cliffFusionWithoutAttention = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlockWithoutAttention(features));
