/** Normalization of each image by its own moments, the same in training and inference, and channels weighted by the image. */
import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import { asFeatures, type Features, type Tensor1D, type Tensor2D, type Tensor4D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { withInput } from "./combinators.ts";
import { linear, type LinearParams } from "./conv.ts";
import { type Layer, layer, mapOutput } from "./layer.ts";
import { globalAveragePool } from "./operations.ts";

/** A scale and a shift for each channel.
 * @category Layers */
export type GroupNormParams = { readonly gamma: Tensor1D; readonly beta: Tensor1D };

/** Constants of a normalization.
 * @category Layers */
export interface GroupNormOptions {
  /** Added to the variance, 1e-5 by default. */
  readonly epsilon?: number;
}

/** Any normalization of this file.
 * @category Layers */
export type GroupNormLayer<C extends number> = Layer<Features<C>, Features<C>, GroupNormParams, Empty>;

/** The mean of each image's groups, at each of its channels, (batch, 1, 1, C). Sums are short: over rows, then columns. */
const groupMeans = (x: Tensor4D, groups: number): tf.Tensor => {
  const [batch, , , channels] = x.shape;
  const perChannel = tf.reshape(tf.mean(tf.mean(x, 2), 1), [batch, groups, channels / groups]);
  const perGroup = tf.mul(tf.mean(perChannel, 2, true), tf.ones([1, 1, channels / groups]));
  return tf.reshape(perGroup, [batch, 1, 1, channels]);
};

const size = { type: "integer", least: 1, most: 1_000_000 } as const;

const normalization = <C extends number>(
  channels: C,
  means: (x: Tensor4D) => tf.Tensor,
  { epsilon = 1e-5 }: GroupNormOptions,
): GroupNormLayer<C> => ({
  init: () => ({ params: { gamma: tf.ones([channels]), beta: tf.zeros([channels]) }, statistics: {} }),
  form: { params: { gamma: [channels], beta: [channels] }, statistics: {} },
  apply: ({ params }, input) => {
    const centred: Tensor4D = tf.sub(input, means(input));
    const normalized = tf.mul(centred, tf.rsqrt(tf.add(means(tf.square(centred)), epsilon)));
    return [asFeatures(channels, tf.add(tf.mul(normalized, params.gamma), params.beta)), {}];
  },
});

/**
 * Group normalization (Wu and He, ECCV 2018): each image's channels in `groups` groups of neighbours, each group with mean 0
 * and variance 1 over height, width and its channels, then a scale and a shift for each channel. Shape (batch, h, w, C).
 *
 * @throws RangeError for sizes that are no whole numbers from 1, or channels that are no multiple of the groups.
 * @category Layers
 */
export const groupNorm = <C extends number>(
  channels: C,
  groups: number,
  options: GroupNormOptions = {},
): GroupNormLayer<C> => {
  requireNumbers("a group norm", { channels: size, groups: size }, { channels, groups });
  if (channels % groups !== 0) {
    throw new RangeError(`a group norm: ${channels} channels are no multiple of ${groups} groups`);
  }
  return normalization(channels, (x) => groupMeans(x, groups), options);
};

/** {@link groupNorm} of one group: over height, width and channels of each image (Ba et al. 2016).
 * @category Layers */
export const layerNorm = <C extends number>(channels: C, options: GroupNormOptions = {}): GroupNormLayer<C> =>
  groupNorm(channels, 1, options);

/** {@link groupNorm} with a group for each channel: over height and width of each image (Ulyanov et al. 2016).
 * @category Layers */
export const instanceNorm = <C extends number>(channels: C, options: GroupNormOptions = {}): GroupNormLayer<C> =>
  groupNorm(channels, channels, options);

/** The two linear layers that make the weights.
 * @category Layers */
export type SqueezeAndExcitationParams = { readonly squeeze: LinearParams; readonly excite: LinearParams };

/**
 * Squeeze and excitation (Hu et al., CVPR 2018): every channel times a weight from 0 to 1, which two linear layers with
 * `hidden` numbers between them make of the means over height and width. Shape (batch, height, width, C).
 * @category Layers
 */
export const squeezeAndExcitation = <C extends number>(
  channels: C,
  hidden: number,
): Layer<Features<C>, Features<C>, SqueezeAndExcitationParams, { readonly squeeze: Empty; readonly excite: Empty }> => {
  const gates = pipe(
    globalAveragePool(channels),
    layer("squeeze", linear(channels, hidden)),
    mapOutput((squeezed: Tensor2D): Tensor2D => tf.relu(squeezed)),
    layer("excite", linear(hidden, channels)),
  );
  return withInput(gates, (features: Features<C>, excited) => {
    const weights = tf.reshape(tf.sigmoid(excited), [-1, 1, 1, channels]);
    return asFeatures(channels, tf.mul(features, weights));
  });
};
