/** What gradients that are composed of TensorFlow.js's operations share. */
import { tf } from "../../dependencies/tensorflow.ts";

/** The gradient of an operation's first, or only, result. @throws Error if there is none. */
export const single = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => kept(Array.isArray(dy) ? dy : [dy], 0);

/** What an operation kept for its gradient. @throws Error if it did not. */
export const kept = (saved: readonly tf.Tensor[], k: number): tf.Tensor => {
  const tensor = saved[k];
  if (tensor !== undefined) return tensor;
  throw new Error(`found ${saved.length} tensors kept for a gradient, expected more than ${k}`);
};

/** A shape with another size of one dimension. */
export const along = (sizes: readonly number[], axis: number, size: number): number[] => [...sizes].with(axis, size);

/** How many numbers a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Zeros of this shape. */
export const zeros = (shape: readonly number[]): tf.Tensor => tf.zeros([...shape]);

/** A gradient summed over what a smaller operand was repeated along. */
export const sumTo = (dy: tf.Tensor, shape: readonly number[]): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  return tf.reshape(axes.length === 0 ? dy : tf.sum(dy, axes), [...shape]);
};

/** Sums of the rows of `values` that have the same number in `places`, for the numbers from 0 up to `count`. */
export const sumsByPlace = (values: tf.Tensor, places: tf.Tensor, count: number): tf.Tensor =>
  tf.unsortedSegmentSum(values, tf.cast(places, "int32").flatten(), count);

/** A dimension by its number, which may count from the last one down. */
export const axisOf = (axis: number, rank: number): number => axis < 0 ? axis + rank : axis;
