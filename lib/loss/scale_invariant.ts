import { tf } from "../dependencies/tensorflow.ts";
import { absolute, maskedMean, squareRoot, sumOfValues } from "../nn/operations.ts";
import { asFeatures, type DepthMaps, type Scalar, type Tensor4D, type ValidMasks } from "../tensor/features.ts";
import type { DepthLoss } from "./loss.ts";
import { meanOfEachImage, meanOverImages, onValidPixels } from "./pixel.ts";

/** Metres below which the logarithm goes on along its tangent. */
const near = 0.1;

/**
 * The natural logarithm of depth in metres, for losses; 0 in holes. Shapes (batch, height, width, 1). A network in
 * training also predicts 0 and less, where there is no logarithm: below 0.1 m it goes on as its tangent there,
 *
 *     ln 0.1 + (d − 0.1) / 0.1
 *
 * which is smooth, always rises, and pulls predictions up however far below 0 they are (clamped ones would get no
 * gradient at all). Ground truth goes through the same function, so that a right prediction is right at any depth.
 * @category Losses
 */
export const logDepth = (depth: DepthMaps, mask: ValidMasks): Tensor4D => {
  const valid = onValidPixels(depth, mask, 1);
  const below: Tensor4D = tf.relu(tf.sub(near, valid));
  return tf.sub(tf.log(tf.maximum(valid, near)), tf.div(below, near));
};

/** ln d − ln d* where depth was measured and 0 elsewhere, by {@link logDepth}. Shapes (batch, height, width, 1).
 * @category Losses */
export const logRatio = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D =>
  tf.sub(logDepth(prediction, mask), logDepth(target, mask));

/**
 * L1 of log depth (the training loss that belongs to the "log10" measure of Saxena et al., "Make3D", TPAMI 2009),
 * without a unit: the mean of |ln d − ln d*| over valid pixels. Below 0.1 m, predictions ≤ 0 included, the logarithm
 * goes on along its tangent (`logDepth`).
 * @category Losses
 */
export const logL1: DepthLoss = (target, prediction, mask): Scalar =>
  maskedMean(absolute(logRatio(target, prediction, mask)), mask);

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
 * @category Losses
 */
export const eigen = (lambda = 0.5): DepthLoss => (target, prediction, mask) => {
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
 * @category Losses
 */
export const siLog = (lambda = 0.85, factor = 10): DepthLoss => (target, prediction, mask) => {
  const ratio = logRatio(target, prediction, mask);
  const mean = maskedMean(ratio, mask);
  const variance = maskedMean(tf.square(tf.sub(ratio, mean)), mask);
  const square: Scalar = tf.add(variance, tf.mul(tf.square(mean), 1 - lambda));
  return tf.mul(squareRoot(square), factor);
};

/** The parts of the scale-and-shift-invariant loss.
 * @category Losses */
export interface ScaleShiftInvariantOptions {
  /** How many scales the gradients are compared at, at least 0; 4 as published. */
  readonly scales: number;
  /** What their sum is multiplied by; 0.5 as published. */
  readonly gradientWeight: number;
}

/** Square metres that are added to the variance of a prediction: a constant one has the scale 0, and a gradient. */
const leastVariance = 1e-6;

/**
 * s · d + t − d* on valid pixels and 0 elsewhere, with the scale s and the shift t of each image that make its sum of
 * squares least. From centred depths, as the determinant of the normal equations would lose all digits of 32-bit
 * floats: s = cov(d, d*) / (var(d) + 1e-6 m²), t = mean d* − s · mean d.
 */
const alignedError = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D => {
  const centred = (depth: DepthMaps): Tensor4D => {
    const mean = meanOfEachImage(onValidPixels(depth, mask, 0), mask);
    return onValidPixels(tf.sub(depth, mean), mask, 0);
  };
  const [truth, guess] = [centred(target), centred(prediction)];
  const covariance = meanOfEachImage(tf.mul(guess, truth), mask);
  const variance = meanOfEachImage(tf.square(guess), mask);
  return tf.sub(tf.mul(guess, tf.div(covariance, tf.add(variance, leastVariance))), truth);
};

/** Every second row and column. As a convolution: `tf.stridedSlice` has no gradient. */
const everySecond = (maps: Tensor4D): Tensor4D => tf.conv2d(maps, tf.ones<tf.Rank.R4>([1, 1, 1, 1]), 2, "valid");

/** The sum of |difference| of neighbours along an axis, 1 or 2, of which both are valid. */
const sumOfSteps = (error: Tensor4D, mask: Tensor4D, axis: 1 | 2): Scalar => {
  const [batch, height, width] = error.shape;
  const size: [number, number, number, number] = [
    batch,
    height - (axis === 1 ? 1 : 0),
    width - (axis === 2 ? 1 : 0),
    1,
  ];
  const first = (maps: Tensor4D): Tensor4D => tf.slice(maps, [0, 0, 0, 0], size);
  const second = (maps: Tensor4D): Tensor4D => tf.slice(maps, axis === 1 ? [0, 1, 0, 0] : [0, 0, 1, 0], size);
  const both = tf.mul<Tensor4D>(first(mask), second(mask));
  return sumOfValues(tf.mul(absolute(tf.sub<Tensor4D>(second(error), first(error))), both));
};

/** The gradient matching term: its sum over the scales, each over the count of its valid pixels. */
const gradientMatching = (error: Tensor4D, mask: Tensor4D, scales: number): Scalar => {
  if (scales <= 0) return tf.scalar(0);
  const steps: Scalar = tf.add(sumOfSteps(error, mask, 1), sumOfSteps(error, mask, 2));
  const here: Scalar = tf.div(steps, tf.maximum(sumOfValues(mask), 1));
  return scales === 1 ? here : tf.add(here, gradientMatching(everySecond(error), everySecond(mask), scales - 1));
};

/**
 * The scale-and-shift-invariant loss with multi-scale gradient matching (Ranftl et al., "Towards robust monocular depth
 * estimation: mixing datasets for zero-shot cross-dataset transfer", TPAMI 2020, known as MiDaS), in metres:
 *
 *     mean |r| + gradientWeight · Σ_k mean (|∇x r_k| + |∇y r_k|),        r = s d + t − d*
 *
 * with the scale and shift of each image by least squares, through which gradients flow, and r_k every 2^k-th row and
 * column of r, k = 0 … scales − 1; a difference counts where both of its pixels are valid, and each mean is over the
 * valid pixels of its scale in the whole batch.
 *
 * Deviations from the publication: it is taken of depth as it is, where MiDaS predicts inverse depth; of its distances
 * this is the absolute one, not trimmed, with its alignment by least squares; and the mean is not halved.
 *
 * It sees neither the scale nor the shift of a prediction: join it with a loss that does, or align before measuring.
 * Depth maps need more than 2^(scales − 1) rows and columns.
 * @category Losses
 */
export const scaleAndShiftInvariant = (options: Partial<ScaleShiftInvariantOptions> = {}): DepthLoss => {
  const { scales, gradientWeight } = { scales: 4, gradientWeight: 0.5, ...options };
  return (target, prediction, mask) => {
    const error = alignedError(target, prediction, mask);
    const matching = gradientMatching(error, asFeatures(1, mask), scales);
    return tf.add(maskedMean(absolute(error), mask), tf.mul(matching, gradientWeight));
  };
};
