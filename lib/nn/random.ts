/**
 * Layers that are random in training mode, and the identity in inference mode. They draw from the key that `apply` gets, which
 * every named part folds with its name: two of them in one chain want two names, else they draw the same. Draws are the same
 * on every backend.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { drawNormal, drawUniform } from "../tensor/draw.ts";
import { asFeatures, type Features, type Tensor } from "../tensor/features.ts";
import type { Key } from "../tensor/key.ts";
import type { Empty } from "../tensor/tree.ts";
import { type Layer, nothing } from "./layer.ts";

/** A layer of random numbers in training. @throws Error (when it is applied) in training mode without a key. */
const randomLayer = <C extends number>(
  name: string,
  channels: C,
  change: (input: Features<C>, key: Key) => Tensor,
): Layer<Features<C>, Features<C>, Empty, Empty> => ({
  ...nothing,
  apply: (_, input, mode, key) => {
    if (mode === "inference") return [input, {}];
    if (key === undefined) {
      throw new Error(`${name} draws in training mode, and got no key: give apply one, such as that of the step`);
    }
    return [asFeatures(channels, change(input, key)), {}];
  },
});

const checkRate = (name: string, rate: number): void => {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`${name} of the rate ${rate}: from 0 on, and below 1`);
};

/** 1 / (1 − rate) where a number is kept, 0 elsewhere: the mean stays what it was. */
const keptAt = (key: Key, shape: readonly number[], rate: number): Tensor =>
  tf.mul(tf.step(tf.sub(drawUniform(key, shape), rate - 2 ** -25)), 1 / (1 - rate));

/**
 * Dropout (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014): in training,
 * every number is 0 with the probability `rate`, and the others are divided by 1 − rate. Shapes (batch, height, width, C).
 *
 * @throws RangeError for a rate that is not in [0, 1).
 * @category Layers
 */
export const dropout = <C extends number>(channels: C, rate = 0.5): Layer<Features<C>, Features<C>, Empty, Empty> => {
  checkRate("dropout", rate);
  return randomLayer("dropout", channels, (input, key) => tf.mul(input, keptAt(key, input.shape, rate)));
};

/**
 * Stochastic depth (Huang et al., "Deep networks with stochastic depth", ECCV 2016), for the end of a residual branch: in
 * training, the whole branch is 0 for an image with the probability `rate`, and is divided by 1 − rate for the others.
 *
 * @throws RangeError for a rate that is not in [0, 1).
 * @category Layers
 */
export const stochasticDepth = <C extends number>(
  channels: C,
  rate: number,
): Layer<Features<C>, Features<C>, Empty, Empty> => {
  checkRate("stochastic depth", rate);
  return randomLayer(
    "stochastic depth",
    channels,
    (input, key) => tf.mul(input, keptAt(key, [input.shape[0], 1, 1, 1], rate)),
  );
};

/**
 * Gaussian noise: in training, a draw from the normal distribution of mean 0 and this standard deviation is added to every
 * number.
 *
 * @throws RangeError for a deviation that is negative or not finite.
 * @category Layers
 */
export const gaussianNoise = <C extends number>(
  channels: C,
  deviation: number,
): Layer<Features<C>, Features<C>, Empty, Empty> => {
  if (!(deviation >= 0 && deviation < Infinity)) throw new RangeError(`noise of the standard deviation ${deviation}`);
  return randomLayer("noise", channels, (input, key) => tf.add(input, tf.mul(drawNormal(key, input.shape), deviation)));
};
