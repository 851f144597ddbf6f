/** Smooth activations, elementwise, each with its derivative as a formula: (batch, height, width, C) to the same shape. */
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { fromFunction, type Layer } from "./layer.ts";

/** An activation of feature maps.
 * @category Layers */
export type ActivationLayer<C extends number> = Layer<Features<C>, Features<C>, Empty, Empty>;

/** From a channel count to an activation of so many channels.
 * @category Layers */
export type ActivationOf = <C extends number>(channels: C) => ActivationLayer<C>;

/** A function of each number, and its derivative, computed with it and kept for the backward pass. */
const pointwise =
  (value: (x: tf.Tensor) => tf.Tensor, derivative: (x: tf.Tensor) => tf.Tensor) =>
  <C extends number>(channels: C): ActivationLayer<C> =>
    fromFunction((input) => {
      const run = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
        const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
        save([derivative(x)]);
        const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => saved.map((kept) => tf.mul(dy, kept));
        return { value: value(x), gradFunc };
      });
      return asFeatures(channels, run(input));
    });

/** erf by Abramowitz and Stegun (1964), 7.1.26, within 1.5e-7, of operations that every backend has. */
const errorFunction = (x: tf.Tensor): tf.Tensor => {
  const size = tf.abs(x);
  const t = tf.div(1, tf.add(1, tf.mul(size, 0.3275911)));
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const sum = coefficients.reduce<tf.Tensor>((sum, next) => tf.mul(tf.add(sum, next), t), tf.zerosLike(x));
  return tf.mul(tf.sign(x), tf.sub(1, tf.mul(sum, tf.exp(tf.neg(tf.square(x))))));
};

/** Φ, the distribution function of the standard normal distribution. */
const normalDistribution = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.add(1, errorFunction(tf.mul(x, Math.SQRT1_2))));

const normalDensity = (x: tf.Tensor): tf.Tensor =>
  tf.mul(1 / Math.sqrt(2 * Math.PI), tf.exp(tf.mul(-0.5, tf.square(x))));

/** x · Φ(x), the Gaussian error linear unit, exact (Hendrycks and Gimpel 2016).
 * @category Layers */
export const gelu: ActivationOf = pointwise(
  (x) => tf.mul(x, normalDistribution(x)),
  (x) => tf.add(normalDistribution(x), tf.mul(x, normalDensity(x))),
);

/** x · sigmoid(x), also called swish (Elfwing et al. 2018).
 * @category Layers */
export const silu: ActivationOf = pointwise(
  (x) => tf.mul(x, tf.sigmoid(x)),
  (x) => {
    const gate = tf.sigmoid(x);
    return tf.mul(gate, tf.add(1, tf.mul(x, tf.sub(1, gate))));
  },
);

/** exp(x) where x ≤ 0, 1 elsewhere, without an overflow. */
const expOfNegative = (x: tf.Tensor): tf.Tensor => tf.exp(tf.neg(tf.relu(tf.neg(x))));

/** x where x > 0, exp(x) − 1 elsewhere (Clevert et al., ICLR 2016).
 * @category Layers */
export const elu: ActivationOf = pointwise((x) => tf.add(tf.relu(x), tf.sub(expOfNegative(x), 1)), expOfNegative);

/** 1 / (1 + exp(−x)), from 0 to 1.
 * @category Layers */
export const sigmoid: ActivationOf = pointwise(tf.sigmoid, (x) => {
  const y = tf.sigmoid(x);
  return tf.mul(y, tf.sub(1, y));
});

/** log(1 + exp(x)), which is above 0, without an overflow; its derivative is the sigmoid.
 * @category Layers */
export const softplus: ActivationOf = pointwise(
  (x) => tf.add(tf.relu(x), tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(x)))))),
  tf.sigmoid,
);
