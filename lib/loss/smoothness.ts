import { absolute, maskedMean } from "../nn/operations.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Images, type Scalar, type Tensor4D, type ValidMasks } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { meanOfEachImage, onValidPixels } from "./pixel.ts";

/** Rows or columns of a picture, as dimensions of a tensor. */
type Axis = 1 | 2;

const without = (maps: Tensor4D | Images | ValidMasks, axis: Axis, first: 0 | 1): Tensor4D => {
  const [batch, height, width, channels] = maps.shape;
  const size: [number, number, number, number] = axis === 1
    ? [batch, height - 1, width, channels]
    : [batch, height, width - 1, channels];
  return tf.slice<tf.Rank.R4, Tensor4D>(maps, axis === 1 ? [0, first, 0, 0] : [0, 0, first, 0], size);
};

/** Each row or column less the one before it. */
const along = (maps: Tensor4D | Images, axis: Axis): Tensor4D => tf.sub(without(maps, axis, 1), without(maps, axis, 0));

/** The mean of |∂d| · exp(−|∂I|) along one axis, over the pairs of neighbours that are both valid. */
const roughness = (depth: Tensor4D, images: Images, mask: ValidMasks, axis: Axis): Scalar => {
  const edges: Tensor4D = tf.mean(tf.abs(along(images, axis)), 3, true);
  const both = asFeatures(1, tf.mul(without(mask, axis, 1), without(mask, axis, 0)));
  return maskedMean(tf.mul(absolute(along(depth, axis)), tf.exp(tf.neg(edges))), both);
};

/** Metres that keep the division finite where every prediction is 0. */
const leastMean = 1e-3;

/**
 * Edge-aware smoothness (Godard, Mac Aodha and Brostow, "Unsupervised monocular depth estimation with left-right
 * consistency", CVPR 2017), without a unit: depth may have edges where the picture has, and costs elsewhere. The sum of
 * the means of
 *
 *     |∂x d̂| · exp(−|∂x I|)    and    |∂y d̂| · exp(−|∂y I|),        d̂ = d / mean |d|
 *
 * over the pairs of neighbouring pixels of which both are valid. |∂I| is the mean over the three colours, 0…1; the mean of
 * |d| is over the valid pixels of each image.
 *
 * Deviations from the publication: it is taken of predicted depth, not of disparity, and divided by its mean, as Godard et
 * al. do in "Digging into self-supervised monocular depth estimation" (ICCV 2019), so that no prediction gains by shrinking;
 * and only where depth was measured.
 *
 * It does not see the truth: join it with a loss that does, at a small weight (published: 0.1).
 * @category Losses
 */
export const edgeAwareSmoothness: Loss = (_target, prediction, mask, { images }): Scalar => {
  const depth = onValidPixels(prediction, mask, 0);
  const mean = tf.maximum(meanOfEachImage(absolute(depth), mask), leastMean);
  const scaled: Tensor4D = tf.div(depth, mean);
  return tf.add(roughness(scaled, images, mask, 1), roughness(scaled, images, mask, 2));
};
