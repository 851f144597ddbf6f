/** What a backend can do at most, measured: a large matrix product and a large copy. */
import { tf } from "../lib/dependencies/tensorflow.ts";
import { medianTime } from "./measure.ts";

/** The most that was measured. */
export interface Ceilings {
  /** 10⁹ multiplications and additions a second, in a product of square matrices. */
  readonly gigaflops: number;
  /** 10⁹ bytes read and written a second, in adding a number to a large tensor. */
  readonly gigabytes: number;
}

/** Measures both on the current backend; `shrink` divides the sides of the matrices. */
export const ceilings = async (shrink: number): Promise<Ceilings> => {
  const side = Math.round(2048 / shrink);
  const matrix = tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, "float32", 1);
  // TensorFlow.js's wasm backend keeps a packed copy of the right factor: the second one is fresh in every run.
  const product = { name: "product", run: () => tf.matMul(matrix, tf.add(matrix, 1)) };
  const copy = { name: "copy", run: () => tf.add(matrix, 1) };
  const [productTime, copyTime] = [await medianTime(product, 3), await medianTime(copy, 3)];
  matrix.dispose();
  return { gigaflops: 2 * side ** 3 / productTime / 1e6, gigabytes: 8 * side ** 2 / copyTime / 1e6 };
};
