import { tf } from "../dependencies/tensorflow.ts";
import type { Features, Scalar, Tensor2D, Tensor4D, ValidMasks } from "../tensor/features.ts";

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
