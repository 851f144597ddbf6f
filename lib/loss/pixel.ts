import { tf } from "../dependencies/tensorflow.ts";
import { absolute, asConstant, maskedMean } from "../nn/operations.ts";
import {
  asFeatures,
  type DepthMaps,
  type Features,
  type Scalar,
  type Tensor4D,
  type ValidMasks,
} from "../tensor/features.ts";
import type { DepthLoss } from "./loss.ts";

/**
 * The maps with `elsewhere` in their holes, (batch, height, width, 1). What stood there is not computed with, be it
 * infinite, and no gradient flows to it.
 * @category Losses
 */
export const onValidPixels = (maps: Tensor4D | Features<1>, mask: ValidMasks, elsewhere: number): Tensor4D =>
  tf.where<Tensor4D>(tf.notEqual(mask, 0), maps, elsewhere);

/** d − d* in metres where depth was measured and 0 elsewhere, (batch, height, width, 1).
 * @category Losses */
export const errorOnValidPixels = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D =>
  onValidPixels(tf.sub(prediction, target), mask, 0);

/** The sum over each image, (batch, 1, 1, 1): row by row, for the digits. */
const sumOfEachImage = (maps: Tensor4D | Features<1>): Tensor4D =>
  tf.sum<Tensor4D>(tf.sum<Tensor4D>(maps, 2, true), 1, true);

/**
 * The mean over the valid pixels of each image, (batch, 1, 1, 1), 0 for an image without any. Shapes of maps and mask:
 * (batch, height, width, 1).
 * @category Losses
 */
export const meanOfEachImage = (maps: Tensor4D | Features<1>, mask: ValidMasks): Tensor4D =>
  tf.div(sumOfEachImage(tf.mul(maps, mask)), tf.maximum(sumOfEachImage(mask), 1));

/** The mean of one number an image, (batch, 1, 1, 1), over the images that have a valid pixel; 0 if there is none.
 * @category Losses */
export const meanOverImages = (values: Tensor4D, mask: ValidMasks): Scalar =>
  maskedMean(values, asFeatures(1, tf.step(sumOfEachImage(mask))));

/** L1, in metres: the mean of |d* − d| over valid pixels (PAPER, "Training").
 * @category Losses */
export const l1: DepthLoss = (target, prediction, mask): Scalar =>
  maskedMean(absolute(tf.sub(target, prediction)), mask);

/** L2, in square metres: the mean of (d* − d)² over valid pixels.
 * @category Losses */
export const l2: DepthLoss = (target, prediction, mask): Scalar =>
  maskedMean(tf.square(tf.sub(target, prediction)), mask);

/**
 * The Huber loss (Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 1964), in
 * square metres: the mean over valid pixels of
 *
 *     e² / 2            where |e| ≤ δ,
 *     δ (|e| − δ / 2)   elsewhere,        e = d − d*
 *
 * @param threshold δ in metres, above 0; 1 by default, which makes it PyTorch's smooth L1.
 * @category Losses
 */
export const huber = (threshold = 1): DepthLoss => (target, prediction, mask) => {
  const size = absolute(errorOnValidPixels(target, prediction, mask));
  const quadratic: Tensor4D = tf.minimum(size, threshold);
  const linear = tf.mul(tf.sub(size, quadratic), threshold);
  return maskedMean(tf.add(tf.div(tf.square(quadratic), 2), linear), mask);
};

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
 * @category Losses
 */
export const berHu = (share = 0.2): DepthLoss => (target, prediction, mask) => {
  const size = absolute(errorOnValidPixels(target, prediction, mask));
  const threshold = asConstant(() => tf.maximum(tf.mul(tf.max(size), share), leastThreshold));
  const beyond: Tensor4D = tf.relu(tf.sub(size, threshold));
  return maskedMean(tf.add(size, tf.div(tf.square(beyond), tf.mul(threshold, 2))), mask);
};

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
 * @category Losses
 */
export const depthAware: DepthLoss = (target, prediction, mask): Scalar => {
  const attention = asConstant(() => {
    const depth = onValidPixels(target, mask, 0);
    return tf.div<Tensor4D>(depth, tf.maximum(tf.max(depth), 1e-6));
  });
  const weight: Tensor4D = tf.add(attention, regularization(target, prediction, mask));
  return maskedMean(tf.mul(weight, absolute(errorOnValidPixels(target, prediction, mask))), mask);
};
