import { tf } from "../dependencies/tensorflow.ts";

/** Below this nothing is left of a number whose square was taken of 32-bit floats about 1. */
const least = 1e-12;

/**
 * √x, elementwise, for x ≥ 0, with the gradient 0 where x is 0 (below 1e-12), and the value 0 there. That of `tf.sqrt`
 * is infinite at 0, and NaN after what it is multiplied with.
 */
export const squareRoot = <T extends tf.Tensor>(x: T): T => {
  const above: T = tf.step(tf.sub(x, least));
  const safe: T = tf.add(tf.mul(x, above), tf.sub(1, above));
  return tf.mul(tf.sqrt(safe), above);
};
