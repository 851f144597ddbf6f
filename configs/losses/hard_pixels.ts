// deno task train --loss configs/losses/hard_pixels.ts
// L1 in which a pixel counts the more the worse it is: the weights are errors themselves, through which nothing is learned.
import { absolute, type Loss, maskedMean, stopGradient, tf } from "../../mod.ts";

const hardPixels: Loss = (target, prediction, mask) => {
  const errors = absolute(tf.sub<tf.Tensor4D>(target, prediction));
  const mean = tf.maximum(maskedMean(errors, mask), 1e-6);
  // 0.5 for a perfect pixel, 1 for a usual one, at most 2.
  const weights = tf.minimum(tf.add(tf.div(errors, tf.mul(mean, 2)), 0.5), 2);
  return maskedMean(tf.mul(errors, stopGradient(weights)), mask);
};

export default hardPixels;
