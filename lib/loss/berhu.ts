import { tf } from "../dependencies/tensorflow.ts";
import { absolute } from "../nn/absolute.ts";
import { asConstant } from "../nn/stop_gradient.ts";
import type { Tensor4D } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";
import { errorOnValidPixels } from "./valid_pixels.ts";

/** Keeps the division finite where every prediction is right. */
const leastThreshold = 1e-6;

/**
 * The reverse Huber loss (Laina et al., "Deeper depth prediction with fully convolutional residual networks", 3DV
 * 2016), in metres: the mean over valid pixels of
 *
 *     |e|                   where |e| ≤ c,
 *     (e² + c²) / (2c)      elsewhere,        e = d − d*,   c = share · max |e|
 *
 * The maximum is over all valid pixels of the batch, and c is a constant for the gradient.
 *
 * @param share The part of the largest error at which squares begin, above 0 and at most 1; 0.2 as published.
 */
export const berHu = (share = 0.2): Loss => (target, prediction, mask) => {
  const size = absolute(errorOnValidPixels(target, prediction, mask));
  const threshold = asConstant(() => tf.maximum(tf.mul(tf.max(size), share), leastThreshold));
  const beyond: Tensor4D = tf.relu(tf.sub(size, threshold));
  return maskedMean(tf.add(size, tf.div(tf.square(beyond), tf.mul(threshold, 2))), mask);
};
