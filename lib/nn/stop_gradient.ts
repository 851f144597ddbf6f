import { tf } from "../dependencies/tensorflow.ts";

/**
 * The same values as `x`, of any shape, through which no gradient flows: the gradient of `x` is 0. The result shares
 * the data of `x` but is a tensor of its own, which the caller disposes.
 */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad<T>(() => ({
    value: x.reshapeAs(x),
    gradFunc: (dy: T) => tf.zerosLike(dy),
  }))(x);

/**
 * What `compute` gives, as a constant: nothing that it was computed from gets a gradient through it, and the backward pass
 * does not even go there, as it would behind {@link stopGradient}, which passes zeros on.
 */
export const asConstant = <T extends tf.Tensor>(compute: () => T): T =>
  tf.customGrad<T>(() => ({ value: compute(), gradFunc: () => [] }))();
