import { tf } from "../dependencies/tensorflow.ts";
import { absolute } from "../nn/absolute.ts";
import { asConstant } from "../nn/stop_gradient.ts";
import type { DepthMaps, Scalar, Tensor4D, ValidMasks } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";
import { errorOnValidPixels, onValidPixels } from "./valid_pixels.ts";

/** ln (1 + d), with 0 for predictions below 0, and ln 2 in holes. */
const logOf = (depth: DepthMaps, mask: ValidMasks): Tensor4D =>
  tf.log1p<Tensor4D>(tf.relu(onValidPixels(depth, mask, 1)));

/** λ, 0…1: 0 where prediction and truth agree. The denominator is above 0, as ground truth is. */
const regularization = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D => {
  const [truth, guess] = [asConstant(() => logOf(target, mask)), logOf(prediction, mask)];
  return tf.sub(1, tf.div(tf.minimum(guess, truth), tf.maximum(guess, truth)));
};

/**
 * The depth-aware loss (Jiao et al., "Look deeper into depth: monocular depth estimation with semantic booster and
 * attention-driven loss", ECCV 2018), in metres: the mean over valid pixels of
 *
 *     (α + λ) · |d − d*|
 *     α = d* / max d*                                         attention: the farther, the more it counts
 *     λ = 1 − min(ln d, ln d*) / max(ln d, ln d*)             regularization: near pixels count while they are wrong
 *
 * The maximum is over the valid pixels of the batch. Published for any distance; here it is L1. One deviation: λ is
 * taken of ln (1 + d), not of ln d, whose ratio has a pole at 1 m and is no measure of agreement below it; that of a
 * prediction below 0 is taken as 0, so that there λ is 1 and only the distance pulls.
 */
export const depthAware: Loss = (target, prediction, mask): Scalar => {
  const attention = asConstant(() => {
    const depth = onValidPixels(target, mask, 0);
    return tf.div<Tensor4D>(depth, tf.maximum(tf.max(depth), 1e-6));
  });
  const weight: Tensor4D = tf.add(attention, regularization(target, prediction, mask));
  return maskedMean(tf.mul(weight, absolute(errorOnValidPixels(target, prediction, mask))), mask);
};
