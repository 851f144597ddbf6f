import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor4D } from "../tensor/features.ts";

/** Many vectors of space: their three coordinates, each a tensor of one shape. */
export interface Vectors {
  /** To the right, in metres. */
  readonly x: Tensor4D;
  /** Down, in metres. */
  readonly y: Tensor4D;
  /** Away from the camera, in metres. */
  readonly z: Tensor4D;
}

/** first − second. */
export const differenceOf = (first: Vectors, second: Vectors): Vectors => ({
  x: tf.sub(first.x, second.x),
  y: tf.sub(first.y, second.y),
  z: tf.sub(first.z, second.z),
});

/** The scalar product of each pair. */
export const dotOf = (first: Vectors, second: Vectors): Tensor4D =>
  tf.add(tf.add(tf.mul(first.x, second.x), tf.mul(first.y, second.y)), tf.mul(first.z, second.z));

const minor = (a: Tensor4D, b: Tensor4D, c: Tensor4D, d: Tensor4D): Tensor4D => tf.sub(tf.mul(a, b), tf.mul(c, d));

/** The vector product of each pair. */
export const crossOf = (first: Vectors, second: Vectors): Vectors => ({
  x: minor(first.y, second.z, first.z, second.y),
  y: minor(first.z, second.x, first.x, second.z),
  z: minor(first.x, second.y, first.y, second.x),
});

/** The vectors with length 1; those shorter than 1e-4 stay shorter, so that a vector of length 0 has a gradient. */
export const unitOf = (vectors: Vectors): Vectors => {
  const length: Tensor4D = tf.sqrt(tf.add(dotOf(vectors, vectors), 1e-8));
  return { x: tf.div(vectors.x, length), y: tf.div(vectors.y, length), z: tf.div(vectors.z, length) };
};
