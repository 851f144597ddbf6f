import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor4D } from "../tensor/features.ts";

/** Where each pixel of an image goes: `order[to]` is the pixel that comes to `to`, and `inverse` leads back. */
export interface PixelOrder {
  /** The pixel, row by row, that comes to each place. */
  readonly order: Uint32Array;
  /** The place to which each pixel comes. */
  readonly inverse: Uint32Array;
}

/**
 * The order with its inverse.
 *
 * @param order A permutation of 0 … length − 1.
 */
export const pixelOrder = (order: Uint32Array): PixelOrder => {
  const inverse = new Uint32Array(order.length);
  order.forEach((from, to) => inverse[from] = to);
  return { order, inverse };
};

const taken = (maps: Tensor4D, from: Uint32Array): Tensor4D => {
  const pixels = tf.reshape(maps, [maps.shape[0], from.length]);
  return tf.reshape(tf.gather(pixels, tf.tensor1d(Int32Array.from(from), "int32"), 1), maps.shape);
};

/**
 * The pixels of every map, (batch, height, width, 1), in another order. Its gradient takes them back: that of
 * `tf.gather` needs an operation that the wasm backend lacks.
 */
export const reorderPixels = (maps: Tensor4D, { order, inverse }: PixelOrder): Tensor4D =>
  tf.customGrad<Tensor4D>(() => ({
    value: taken(maps, order),
    gradFunc: (dy: Tensor4D) => taken(dy, inverse),
  }))(maps);
