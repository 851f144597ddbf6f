import { tf } from "../dependencies/tensorflow.ts";
import { squareRoot } from "../nn/square_root.ts";
import type { Scalar, Tensor4D } from "../tensor/features.ts";
import { logRatio } from "./log_depth.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";
import { meanOfEachImage, meanOverImages } from "./valid_pixels.ts";

/**
 * The scale-invariant loss (Eigen, Puhrsch, Fergus, "Depth map prediction from a single image using a multi-scale deep
 * network", NeurIPS 2014), without a unit: of each image, over its n valid pixels,
 *
 *     1/n Σ g² − λ/n² (Σ g)²,        g = ln d − ln d*
 *
 * and then the mean over the images that have a valid pixel. It is computed as mean (g − ḡ)² + (1 − λ) ḡ², which is the
 * same and keeps its digits. Below 0.1 m, predictions ≤ 0 included, the logarithm goes on along its tangent
 * (`logDepth`).
 *
 * @param lambda 0…1: 0 is the mean square of g, 1 does not see the scale of a prediction at all; 0.5 as published.
 */
export const eigen = (lambda = 0.5): Loss => (target, prediction, mask) => {
  const ratio = logRatio(target, prediction, mask);
  const mean = meanOfEachImage(ratio, mask);
  const variance = meanOfEachImage(tf.square(tf.sub(ratio, mean)), mask);
  const values: Tensor4D = tf.add(variance, tf.mul(tf.square(mean), 1 - lambda));
  return meanOverImages(values, mask);
};

/**
 * SILog (Lee et al., "From big to small: multi-scale local planar guidance for monocular depth estimation", arXiv
 * 2019), without a unit:
 *
 *     factor · √(mean g² − λ mean² g),        g = ln d − ln d*
 *
 * with both means over the valid pixels of the whole batch. It is computed as in {@link eigen}. The gradient at g = 0
 * everywhere, where the root has none, is 0. Below 0.1 m the logarithm goes on along its tangent (`logDepth`).
 *
 * @param lambda 0…1: 1 does not see a scale that all predictions of a batch have in common; 0.85 as published.
 * @param factor 10 as published.
 */
export const siLog = (lambda = 0.85, factor = 10): Loss => (target, prediction, mask) => {
  const ratio = logRatio(target, prediction, mask);
  const mean = maskedMean(ratio, mask);
  const variance = maskedMean(tf.square(tf.sub(ratio, mean)), mask);
  const square: Scalar = tf.add(variance, tf.mul(tf.square(mean), 1 - lambda));
  return tf.mul(squareRoot(square), factor);
};
