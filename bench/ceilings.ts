/** What a backend can do at most, measured: a large matrix product and a large copy. */
import { tf } from "../lib/dependencies/tensorflow.ts";
import { scope } from "../lib/tensor/scope.ts";
import { medianTime, type Work } from "./measure.ts";

/** The most that was measured. */
export interface Ceilings {
  /** 10⁹ multiplications and additions a second, in a product of square matrices. */
  readonly gigaflops: number;
  /** 10⁹ bytes read and written a second, in adding a number to a large tensor. */
  readonly gigabytes: number;
}

/** A product of two square matrices: as TensorFlow.js has it, and as a 1×1 convolution, whichever is faster. */
const productTime = async (side: number): Promise<number> => {
  const matrix = tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, "float32", 1);
  const [image, filter] = [matrix.as4D(1, side / 16, 16, side), matrix.as4D(1, 1, side, side)];
  // TensorFlow.js's wasm backend keeps a packed copy of the right factor: the second one is fresh in every run.
  const product: Work = { name: "product", run: () => tf.matMul(matrix, tf.add(matrix, 1)) };
  const convolution: Work = { name: "convolution", run: () => tf.conv2d(image, filter, 1, "valid") };
  const times = [await medianTime(product, 3), await medianTime(convolution, 3)];
  [matrix, image, filter].forEach((tensor) => tensor.dispose());
  return Math.min(...times);
};

const copyTime = async (side: number): Promise<number> => {
  const large = scope(() => tf.zeros([side, side]));
  const time = await medianTime({ name: "copy", run: () => tf.add(large, 1) }, 3);
  large.dispose();
  return time;
};

/** Measures both on the current backend; `shrink` divides the sides of the matrices, down to 512. */
export const ceilings = async (shrink: number): Promise<Ceilings> => {
  const side = Math.max(512, 16 * Math.round(128 / shrink));
  return {
    gigaflops: 2 * side ** 3 / await productTime(side) / 1e6,
    gigabytes: 8 * 2048 ** 2 / await copyTime(2048) / 1e6,
  };
};
