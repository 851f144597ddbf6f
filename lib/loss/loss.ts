import { tf } from "../dependencies/tensorflow.ts";
import type { DepthMaps, Features, Scalar, Tensor2D, Tensor4D, ValidMasks } from "../tensor/features.ts";

/**
 * A differentiable distance: ground truth, prediction and valid mask, all (batch, height, width, 1), depths in metres, to a
 * scalar. Ground truth is 0 where the mask is 0, and nothing there may change the value.
 */
export type Loss = (
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
) => Scalar;

/**
 * The sum of all values, (batch, height, width, channels): over each row of pixels, then over the rows. The wasm backend
 * adds 32-bit floats one after the other, and in a single sum over a batch of feature maps a relative 1e-4 would be lost.
 */
export const sumOfValues = (values: Tensor4D | Features<number>): Scalar =>
  tf.sum<Scalar>(tf.sum<Tensor2D>(values, [2, 3]));

/** The mean of `values` over the valid pixels of the batch; 0 if there is none. Shapes (batch, height, width, 1). */
export const maskedMean = (
  values: Tensor4D | Features<1>,
  mask: ValidMasks,
): Scalar => tf.div(sumOfValues(tf.mul(values, mask)), tf.maximum(sumOfValues(mask), 1));

/** The loss that is always 0: the unit of {@link addLosses}. */
export const noLoss: Loss = (): Scalar => tf.scalar(0);

/** The sum of two losses. */
export const addLosses = (first: Loss, second: Loss): Loss => (target, prediction, mask) =>
  tf.add(first(target, prediction, mask), second(target, prediction, mask));

/** A loss times a factor. */
export const scaleLoss = (factor: number, loss: Loss): Loss => (target, prediction, mask) =>
  tf.mul(loss(target, prediction, mask), factor);
