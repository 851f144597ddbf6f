/** The CLIFF block, its forms without a part, and the fusions of three of them (PAPER, "Network"). */
import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type ConvNormParams, convNormRelu, type ConvNormStatistics } from "../nn/conv_norm.ts";
import { joinedConvNormRelu, joinedConvNormReluAdd, type JoinedFeatures } from "../nn/conv_norm_sums.ts";
import { compose, fromFunction, joinParts, type Layer, layer, namedPart, sideBySide } from "../nn/layer.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import { type Fusion, type PerFusedLevel, type Pyramid, topDownFusion } from "./levels.ts";
import { upsampleTo } from "./pyramid.ts";

/** `select` fuses the low-level features with what attention leaves of them; `fuse` joins them with the high level.
 * @category Network */
export type CliffParams = {
  readonly select: ConvNormParams;
  readonly fuse: ConvNormParams;
};

/** Statistics of the CLIFF block's batch norms.
 * @category Network */
export type CliffStatistics = {
  readonly select: ConvNormStatistics;
  readonly fuse: ConvNormStatistics;
};

/** Joins a finer level F_l, (batch, h, w, C), with a coarser one F_h, (batch, h', w', C), to (batch, h, w, C).
 * @category Network */
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
const crossLevelBlock = <C extends number>(
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
    apply: (variables, [low, high], mode, key) => {
      const upsampled = upsampleTo(channels, high, low);
      const [selected, selectStatistics] = select.apply(variables, choose(low, upsampled), mode, key);
      const [fused, fuseStatistics] = fuse.apply(
        variables,
        [{ first: upsampled, second: selected }, upsampled],
        mode,
        key,
      );
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

/**
 * Cross-level identity feature fusion (PAPER, "Network"): joins a finer level F_l, (batch, h, w, C), with a coarser one F_h,
 * (batch, h', w', C), to (batch, h, w, C):
 *
 *     F_h' = upsample(F_h)    F_a = F_l ⊙ F_h'    F_lc = ReLU(BN(conv3×3([F_l, F_a])))
 *     F_o  = ReLU(BN(conv3×3([F_h', F_lc]))) + F_h'
 *
 * Where the backend has the kernel and no gradient is wanted, F_a and what is in brackets are read where their parts
 * are, and never are tensors.
 * @category Network
 */
export const cliffBlock = <C extends number>(channels: C): CrossLevelBlock<C> =>
  crossLevelBlock(channels, attended, joinedConvNormReluAdd(channels, channels, 3));

/**
 * The CLIFF block without attention: F_lc = ReLU(BN(conv3×3([F_l, F_h']))) sees the upsampled level as it is, not
 * multiplied with the fine one; all else as in {@link cliffBlock}. It has as many parameters, under the same names.
 * @category Network
 */
export const cliffBlockWithoutAttention = <C extends number>(channels: C): CrossLevelBlock<C> =>
  crossLevelBlock(
    channels,
    (low, upsampled) => ({ first: low, second: upsampled }),
    joinedConvNormReluAdd(channels, channels, 3),
  );

/**
 * The CLIFF block without its identity path: F_o = ReLU(BN(conv3×3([F_h', F_lc]))), all else as in {@link cliffBlock}. It
 * has as many parameters, under the same names.
 * @category Network
 */
export const cliffBlockWithoutIdentity = <C extends number>(channels: C): CrossLevelBlock<C> => {
  const withoutIdentity = fromFunction(([joined]: readonly [JoinedFeatures<C>, Features<C>]) => joined);
  return crossLevelBlock(channels, attended, compose(withoutIdentity, joinedConvNormRelu(channels, channels, 3)));
};

/** Parameters of the three CLIFF blocks, named by the finer level that each joins.
 * @category Network */
export type FusionParams = PerFusedLevel<CliffParams>;

/** Statistics of the three CLIFF blocks.
 * @category Network */
export type FusionStatistics = PerFusedLevel<CliffStatistics>;

/** Fuses the levels from the coarsest to the finest by three CLIFF blocks: P5 into P4, P3, P2.
 * @category Network */
export const cliffFusion = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlock(features));

/** {@link cliffFusion} by {@link cliffBlockWithoutIdentity}: without the sum with the upsampled level. */
export const cliffFusionWithoutIdentity = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlockWithoutIdentity(features));

/** {@link cliffFusion} by {@link cliffBlockWithoutAttention}: the upsampled level as it is, not multiplied. */
export const cliffFusionWithoutAttention = <C extends number>(features: C): Fusion<C, FusionParams, FusionStatistics> =>
  topDownFusion(() => cliffBlockWithoutAttention(features));

/** Parameters of four convolutions with batch norm in a row.
 * @category Network */
export type FourConvolutionsParams = {
  readonly conv1: ConvNormParams;
  readonly conv2: ConvNormParams;
  readonly conv3: ConvNormParams;
  readonly conv4: ConvNormParams;
};

/** Statistics of four convolutions' batch norms.
 * @category Network */
export type FourConvolutionsStatistics = {
  readonly conv1: ConvNormStatistics;
  readonly conv2: ConvNormStatistics;
  readonly conv3: ConvNormStatistics;
  readonly conv4: ConvNormStatistics;
};

/** All levels upsampled to the size of the finest, side by side: (batch, h, w, 4 C). */
const concatenatedLevels = <C extends number>(channels: C, [p2, ...coarser]: Pyramid<C>): Features<number> =>
  asFeatures<number>(4 * channels, tf.concat([p2, ...coarser.map((level) => upsampleTo(channels, level, p2))], 3));

/**
 * Direct upsampling with concatenation, which the paper compares with CLIFF: every level is upsampled at once to P2's size,
 * then four 3×3 convolutions (no bias) + batch norm + ReLU, 4C → 2C → C → C → C. They have as many weights as three CLIFF
 * blocks, 108 C², and 10 C numbers of batch norms in place of 12 C. As all of them work at P2's size, they multiply 2.3
 * times as often.
 * @category Network
 */
export const concatenationFusion = <C extends number>(
  features: C,
): Fusion<C, FourConvolutionsParams, FourConvolutionsStatistics> =>
  pipe(
    fromFunction((levels: Pyramid<C>) => concatenatedLevels(features, levels)),
    layer("conv1", convNormRelu<number, number>(4 * features, 2 * features, 3)),
    layer("conv2", convNormRelu<number, C>(2 * features, features, 3)),
    layer("conv3", convNormRelu(features, features, 3)),
    layer("conv4", convNormRelu(features, features, 3)),
  );

type LowAndHigh<C extends number> = readonly [low: Features<C>, high: Features<C>];

const summed = <C extends number>(channels: C, [low, high]: LowAndHigh<C>): Features<C> =>
  asFeatures(channels, tf.add(low, upsampleTo(channels, high, low)));

const sumBlock = <C extends number>(
  features: C,
): Layer<LowAndHigh<C>, Features<C>, FourConvolutionsParams, FourConvolutionsStatistics> =>
  pipe(
    fromFunction((levels: LowAndHigh<C>) => summed(features, levels)),
    layer("conv1", convNormRelu(features, features, 3)),
    layer("conv2", convNormRelu(features, features, 3)),
    layer("conv3", convNormRelu(features, features, 3)),
    layer("conv4", convNormRelu(features, features, 3)),
  );

/**
 * Progressive top-down summing (Lin et al., CVPR 2017), which the paper compares with CLIFF: P5 into P4, P3, P2, at each
 * level F_l + upsample(F_h), then four 3×3 convolutions C → C (no bias) + batch norm + ReLU. They have as many weights as
 * three CLIFF blocks, 108 C², and 24 C numbers of batch norms in place of 12 C.
 * @category Network
 */
export const sumFusion = <C extends number>(
  features: C,
): Fusion<C, PerFusedLevel<FourConvolutionsParams>, PerFusedLevel<FourConvolutionsStatistics>> =>
  topDownFusion(() => sumBlock(features));
