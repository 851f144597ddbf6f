import { tf } from "../dependencies/tensorflow.ts";
import { absolute } from "../nn/absolute.ts";
import type { Tensor4D } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";
import { errorOnValidPixels } from "./valid_pixels.ts";

/**
 * The Huber loss (Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 1964), in
 * square metres: the mean over valid pixels of
 *
 *     e² / 2            where |e| ≤ δ,
 *     δ (|e| − δ / 2)   elsewhere,        e = d − d*
 *
 * @param threshold δ in metres, above 0; 1 by default, which makes it PyTorch's smooth L1.
 */
export const huber = (threshold = 1): Loss => (target, prediction, mask) => {
  const size = absolute(errorOnValidPixels(target, prediction, mask));
  const quadratic: Tensor4D = tf.minimum(size, threshold);
  const linear = tf.mul(tf.sub(size, quadratic), threshold);
  return maskedMean(tf.add(tf.div(tf.square(quadratic), 2), linear), mask);
};
