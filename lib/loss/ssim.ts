import { tf } from "../dependencies/tensorflow.ts";
import { asConstant, maskedMean } from "../nn/operations.ts";
import { asFeatures, type DepthMaps, type Tensor4D, type ValidMasks } from "../tensor/features.ts";
import type { DepthLoss } from "./loss.ts";
import { meanOfEachImage, onValidPixels } from "./pixel.ts";

/** What the structural similarity is computed with.
 * @category Losses */
export interface SsimOptions {
  /** Rows and columns of a window, odd; 11 as published. */
  readonly window: number;
  /** The Gaussian's standard deviation in pixels; 1.5 as published. */
  readonly sigma: number;
  /** The range of depth in metres, by which differences are judged; 10 by default. */
  readonly range: number;
}

const published: SsimOptions = { window: 11, sigma: 1.5, range: 10 };

/** The Gaussian of a window's rows, with sum 1. */
const gaussian = ({ window, sigma }: SsimOptions): readonly number[] => {
  const weights = Array.from(
    { length: window },
    (_, at) => Math.exp(-((at - (window - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** Sums over the windows that lie within the maps, weighted along rows and columns. */
const overWindows = (maps: Tensor4D, weights: readonly number[]): Tensor4D => {
  const [size, values] = [weights.length, [...weights]];
  const alongColumns = tf.conv2d<Tensor4D>(maps, tf.tensor4d(values, [size, 1, 1, 1]), 1, "valid");
  return tf.conv2d(alongColumns, tf.tensor4d(values, [1, size, 1, 1]), 1, "valid");
};

/** 1 for the windows without a hole. */
const wholeWindows = (mask: ValidMasks, size: number): ValidMasks => {
  const holes = overWindows(tf.sub(1, mask), Array.from({ length: size }, () => 1));
  return asFeatures(1, tf.step(tf.sub(0.5, holes)));
};

/** The similarity of every window, −1…1, of maps from which `middle` was taken: variances then keep their digits. */
const similarity = (first: Tensor4D, second: Tensor4D, middle: Tensor4D, options: SsimOptions): Tensor4D => {
  const [c1, c2] = [(0.01 * options.range) ** 2, (0.03 * options.range) ** 2];
  const mean = (maps: Tensor4D): Tensor4D => overWindows(maps, gaussian(options));
  const [m, n] = [mean(first), mean(second)];
  const [varianceM, varianceN] = [
    tf.sub(mean(tf.square(first)), tf.square(m)),
    tf.sub(mean(tf.square(second)), tf.square(n)),
  ];
  const covariance = tf.sub(mean(tf.mul(first, second)), tf.mul(m, n));
  const [a, b]: readonly [Tensor4D, Tensor4D] = [tf.add(m, middle), tf.add(n, middle)];
  const luminance = tf.div(tf.add(tf.mul(tf.mul(a, b), 2), c1), tf.add(tf.add(tf.square(a), tf.square(b)), c1));
  const structure = tf.div(tf.add(tf.mul(covariance, 2), c2), tf.add(tf.add(varianceM, varianceN), c2));
  return tf.mul(luminance, structure);
};

const without = (middle: Tensor4D, depth: DepthMaps, mask: ValidMasks): Tensor4D =>
  onValidPixels(tf.sub(depth, middle), mask, 0);

/**
 * Structural dissimilarity (Wang et al., "Image quality assessment: from error visibility to structural similarity",
 * IEEE Transactions on Image Processing 2004), 0…2, without a unit: the mean of
 *
 *     1 − (2 μ μ* + C₁) (2 σ_× + C₂) / ((μ² + μ*² + C₁) (σ² + σ*² + C₂)),        C₁ = (0.01 range)²,  C₂ = (0.03 range)²
 *
 * over the windows of Gaussian weights that lie within the picture and hold no hole. Beside holes nothing is compared,
 * and where every window has one, or none fits into the picture, the loss is 0.
 *
 * @param options Window and range; 11×11 pixels, σ = 1.5 and 10 m by default.
 * @category Losses
 */
export const ssim = (options: Partial<SsimOptions> = {}): DepthLoss => (target, prediction, mask) => {
  const chosen = { ...published, ...options };
  const [, height, width] = target.shape;
  if (Math.min(height, width) < chosen.window) return tf.mul(tf.sum(onValidPixels(prediction, mask, 0)), 0);
  const middle = asConstant(() => meanOfEachImage(onValidPixels(target, mask, 0), mask));
  const [truth, guess] = [without(middle, target, mask), without(middle, prediction, mask)];
  const compared = asConstant(() => wholeWindows(mask, chosen.window));
  return maskedMean(tf.sub(1, similarity(guess, truth, middle, chosen)), compared);
};
