import { tf } from "../dependencies/tensorflow.ts";

/**
 * |x|, elementwise, with the gradient sign(x), which is 0 at exactly 0 as in PyTorch. That of `tf.abs` is −1 there, so
 * that pixels where a prediction already equals its target would go on being pushed.
 */
export const absolute = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad<T>((_, save) => {
    if (typeof save === "function") save([x]);
    return {
      value: tf.abs(x),
      gradFunc: (dy: T, saved: tf.Tensor[]) => saved.map((input) => tf.mul(dy, tf.sign(input))),
    };
  })(x);
