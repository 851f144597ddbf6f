/** What computes without parameters: layers and functions of tensors, some with a gradient of their own. */
import { tf } from "../dependencies/tensorflow.ts";
import {
  asFeatures,
  type Features,
  type Scalar,
  type Tensor2D,
  type Tensor4D,
  type ValidMasks,
} from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { fromFunction, type Layer } from "./layer.ts";

/** max(x, 0), any shape.
 * @category Layers */
export const relu = <C extends number>(
  channels: C,
): Layer<Features<C>, Features<C>, Empty, Empty> => fromFunction((input) => asFeatures(channels, tf.relu(input)));

/** x times its own derivative, which is saved: TensorFlow.js's gradient compares and selects, six times as slow on wasm. */
const timesSlope = (input: tf.Tensor, slope: number): tf.Tensor =>
  tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const derivative = tf.step(x, slope);
    save([derivative]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => saved.map((kept) => tf.mul(dy, kept));
    return { value: tf.mul(x, derivative), gradFunc };
  })(input);

/** x where x > 0, `slope` · x elsewhere.
 * @category Layers */
export const leakyRelu = <C extends number>(
  channels: C,
  slope: number,
): Layer<Features<C>, Features<C>, Empty, Empty> =>
  fromFunction((input) => asFeatures(channels, timesSlope(input, slope)));

/** 3×3 maximum with stride 2 and one pixel of padding: (batch, height, width, C) → (batch, ⌈height / 2⌉, ⌈width / 2⌉, C).
 * @category Layers */
export const maxPool = <C extends number>(
  channels: C,
): Layer<Features<C>, Features<C>, Empty, Empty> =>
  fromFunction((input) => asFeatures(channels, tf.maxPool<tf.Tensor4D>(input, 3, 2, 1, "floor")));

/** The mean over height and width: (batch, height, width, C) → (batch, C).
 * @category Layers */
export const globalAveragePool = <C extends number>(
  _channels: C,
): Layer<Features<C>, Tensor2D, Empty, Empty> => fromFunction((input): Tensor2D => tf.mean(input, [1, 2]));

/**
 * |x|, elementwise, with the gradient sign(x), which is 0 at exactly 0 as in PyTorch. That of `tf.abs` is −1 there, so
 * that pixels where a prediction already equals its target would go on being pushed.
 * @category Layers
 */
export const absolute = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad<T>((_, save) => {
    if (typeof save === "function") save([x]);
    return {
      value: tf.abs(x),
      gradFunc: (dy: T, saved: tf.Tensor[]) => saved.map((input) => tf.mul(dy, tf.sign(input))),
    };
  })(x);

/** Below this nothing is left of a number whose square was taken of 32-bit floats about 1. */
const least = 1e-12;

/**
 * √x, elementwise, for x ≥ 0, with the gradient 0 where x is 0 (below 1e-12), and the value 0 there. That of `tf.sqrt`
 * is infinite at 0, and NaN after what it is multiplied with.
 * @category Layers
 */
export const squareRoot = <T extends tf.Tensor>(x: T): T => {
  const above: T = tf.step(tf.sub(x, least));
  const safe: T = tf.add(tf.mul(x, above), tf.sub(1, above));
  return tf.mul(tf.sqrt(safe), above);
};

/**
 * The same values as `x`, of any shape, through which no gradient flows: the gradient of `x` is 0. The result shares
 * the data of `x` but is a tensor of its own, which the caller disposes.
 * @category Layers
 */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad<T>(() => ({
    value: x.reshapeAs(x),
    gradFunc: (dy: T) => tf.zerosLike(dy),
  }))(x);

/**
 * What `compute` gives, as a constant: nothing that it was computed from gets a gradient through it, and the backward pass
 * does not even go there, as it would behind {@link stopGradient}, which passes zeros on.
 * @category Layers
 */
export const asConstant = <T extends tf.Tensor>(compute: () => T): T =>
  tf.customGrad<T>(() => ({ value: compute(), gradFunc: () => [] }))();

/**
 * The sum of all values, (batch, height, width, channels): over each row of pixels, then over the rows. The wasm backend
 * adds 32-bit floats one after the other, and in a single sum over a batch of feature maps a relative 1e-4 would be lost. Of
 * nothing it would give whatever is in memory; here that is 0.
 * @category Layers
 */
export const sumOfValues = (values: Tensor4D | Features<number>): Scalar =>
  values.size === 0 ? tf.scalar(0) : tf.sum<Scalar>(tf.sum<Tensor2D>(values, [2, 3]));

/** The mean of `values` over the valid pixels of the batch; 0 if there is none. Shapes (batch, height, width, 1).
 * @category Layers */
export const maskedMean = (
  values: Tensor4D | Features<1>,
  mask: ValidMasks,
): Scalar => tf.div(sumOfValues(tf.mul(values, mask)), tf.maximum(sumOfValues(mask), 1));
