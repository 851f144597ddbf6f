/**
 * Convolutions with holes, in groups and of each channel by itself, over paddings of any kind; and sums over the taps of a
 * window, of slices of the padded input, for what TensorFlow.js has no operation for.
 */
import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor4D } from "../tensor/features.ts";

/** What stands beyond the edges: zeros, the picture mirrored without its edge pixel, or its edge pixel again.
 * @category Layers */
export type Padding = "zeros" | "reflect" | "replicate";

/** How a window moves over its input. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  /** Pixels added at every side. */
  readonly padding: number;
}

const alongAxis = (x: Tensor4D, axis: 1 | 2, at: number): Tensor4D => {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const size: [number, number, number, number] = [...x.shape];
  begin[axis] = at;
  size[axis] = 1;
  return tf.slice4d(x, begin, size);
};

const extended = (x: Tensor4D, axis: 1 | 2, amount: number, padding: "reflect" | "replicate"): Tensor4D => {
  const last = x.shape[axis] - 1;
  if (padding === "reflect" && amount > last) {
    throw new Error(
      `padding "reflect" by ${amount} needs more than ${amount} pixels, found ${last + 1} in [${x.shape.join(", ")}]`,
    );
  }
  const offset = (step: number): number => padding === "reflect" ? step : 0;
  const before = Array.from({ length: amount }, (_, step) => alongAxis(x, axis, offset(amount - step)));
  const after = Array.from({ length: amount }, (_, step) => alongAxis(x, axis, last - offset(step + 1)));
  return tf.concat<Tensor4D>([...before, x, ...after], axis);
};

/**
 * (batch, height, width, C) → (batch, height + 2 amount, width + 2 amount, C).
 *
 * @throws Error if "reflect" finds no pixel to mirror: `amount` must be below height and width.
 */
export const padded = (x: Tensor4D, amount: number, padding: Padding): Tensor4D => {
  if (amount === 0) return x;
  if (padding === "zeros") return tf.pad4d(x, [[0, 0], [amount, amount], [amount, amount], [0, 0]]);
  return extended(extended(x, 1, amount, padding), 2, amount, padding);
};

/** Every `stride`-th row and column; height and width are multiples of the stride. */
const subsampled = (x: Tensor4D, stride: number): Tensor4D => {
  if (stride === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / stride, width / stride];
  const byRow = tf.reshape<tf.Rank.R3>(x, [batch * rows, stride, width * channels]);
  const kept = tf.slice3d(byRow, [0, 0, 0], [batch * rows, 1, width * channels]);
  const byColumn = tf.reshape<tf.Rank.R3>(kept, [batch * rows, columns, stride * channels]);
  const pixels = tf.slice3d(byColumn, [0, 0, 0], [batch * rows, columns, channels]);
  return tf.reshape(pixels, [batch, rows, columns, channels]);
};

/** How many outputs a window has along a side of so many pixels, those of the padding included. */
const outputs = (side: number, { size, stride, dilation }: Window): number =>
  Math.floor((side - dilation * (size - 1) - 1) / stride) + 1;

/** @throws Error if the window is larger than the padded input. */
const requireFit = (input: Tensor4D, window: Window): void => {
  const [, height, width] = input.shape;
  if (Math.min(outputs(height + 2 * window.padding, window), outputs(width + 2 * window.padding, window)) >= 1) return;
  const { size, dilation } = window;
  throw new Error(
    `a window of ${dilation * (size - 1) + 1} pixels is larger than its input [${input.shape.join(", ")}]`,
  );
};

/**
 * The sum over a window's taps of what `term` makes of the input as the tap sees it, (batch, rows, columns, C).
 *
 * @throws Error if the window is larger than the padded input.
 */
export const sumOverTaps = (
  input: Tensor4D,
  window: Window,
  padding: Padding,
  term: (seen: Tensor4D, row: number, column: number) => Tensor4D,
): Tensor4D => {
  const { size, stride, dilation } = window;
  requireFit(input, window);
  const within = padded(input, window.padding, padding);
  const [batch, height, width, channels] = within.shape;
  const [rows, columns] = [outputs(height, window), outputs(width, window)];
  const spare = stride - 1;
  const whole = spare === 0 ? within : tf.pad4d(within, [[0, 0], [0, spare], [0, spare], [0, 0]]);
  const terms = Array.from({ length: size * size }, (_, tap) => {
    const [row, column] = [Math.floor(tap / size), tap % size];
    const begin: [number, number, number, number] = [0, row * dilation, column * dilation, 0];
    const seen = tf.slice4d(whole, begin, [batch, rows * stride, columns * stride, channels]);
    return term(subsampled(seen, stride), row, column);
  });
  return terms.reduce((sum, next) => tf.add(sum, next));
};

/** The input and how many zeros the convolution itself is to add at every side. */
const withPadding = (x: Tensor4D, window: Window, padding: Padding): readonly [Tensor4D, number] => {
  requireFit(x, window);
  return padding === "zeros" ? [x, window.padding] : [padded(x, window.padding, padding), 0];
};

/** Convolution with a stride and holes in the filter at once, which TensorFlow.js refuses. */
const convolveTaps = (x: Tensor4D, kernel: Tensor4D, window: Window, padding: Padding): Tensor4D => {
  const [, , inputs, outputChannels] = kernel.shape;
  return sumOverTaps(x, window, padding, (seen, row, column) => {
    const weights = tf.slice4d(kernel, [row, column, 0, 0], [1, 1, inputs, outputChannels]);
    return tf.conv2d(seen, weights, 1, 0, "NHWC", 1, "floor");
  });
};

/** Convolution with weights (size, size, C, O). */
const convolveAll = (x: Tensor4D, kernel: Tensor4D, window: Window, padding: Padding): Tensor4D => {
  const { stride, dilation } = window;
  if (stride > 1 && dilation > 1) return convolveTaps(x, kernel, window, padding);
  const [input, zeros] = withPadding(x, window, padding);
  return tf.conv2d(input, kernel, stride, zeros, "NHWC", dilation, "floor");
};

/** Depthwise convolution: channel c by weights (size, size, c, 0). */
export const convolveDepthwise = (x: Tensor4D, kernel: Tensor4D, window: Window, padding: Padding): Tensor4D => {
  const [input, zeros] = withPadding(x, window, padding);
  return tf.depthwiseConv2d(input, kernel, window.stride, zeros, "NHWC", window.dilation, "floor");
};

const channelsFrom = (x: Tensor4D, axis: 2 | 3, begin: number, count: number): Tensor4D => {
  const size: [number, number, number, number] = [...x.shape];
  size[axis] = count;
  return tf.slice4d(x, axis === 2 ? [0, 0, begin, 0] : [0, 0, 0, begin], size);
};

/** Convolution in groups: weights (size, size, C / groups, O), whose outputs lie group after group. */
export const convolveGroups = (
  x: Tensor4D,
  kernel: Tensor4D,
  window: Window,
  padding: Padding,
  groups: number,
): Tensor4D => {
  if (groups === 1) return convolveAll(x, kernel, window, padding);
  const [inputs, outputChannels] = [kernel.shape[2], kernel.shape[3] / groups];
  const parts = Array.from({ length: groups }, (_, group) =>
    convolveAll(
      channelsFrom(x, 3, group * inputs, inputs),
      channelsFrom(kernel, 3, group * outputChannels, outputChannels),
      window,
      padding,
    ));
  return tf.concat<Tensor4D>(parts, 3);
};
