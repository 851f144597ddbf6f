import { tf } from "../dependencies/tensorflow.ts";
import {
  asFeatures,
  type DepthMaps,
  type Features,
  type Scalar,
  type Tensor4D,
  type ValidMasks,
} from "../tensor/features.ts";
import { maskedMean } from "../nn/reductions.ts";

/**
 * The maps with `elsewhere` in their holes, (batch, height, width, 1). What stood there is not computed with, be it
 * infinite, and no gradient flows to it.
 */
export const onValidPixels = (maps: Tensor4D | Features<1>, mask: ValidMasks, elsewhere: number): Tensor4D =>
  tf.where<Tensor4D>(tf.notEqual(mask, 0), maps, elsewhere);

/** d − d* in metres where depth was measured and 0 elsewhere, (batch, height, width, 1). */
export const errorOnValidPixels = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D =>
  onValidPixels(tf.sub(prediction, target), mask, 0);

/** The sum over each image, (batch, 1, 1, 1): row by row, for the digits. */
const sumOfEachImage = (maps: Tensor4D | Features<1>): Tensor4D =>
  tf.sum<Tensor4D>(tf.sum<Tensor4D>(maps, 2, true), 1, true);

/**
 * The mean over the valid pixels of each image, (batch, 1, 1, 1), 0 for an image without any. Shapes of maps and mask:
 * (batch, height, width, 1).
 */
export const meanOfEachImage = (maps: Tensor4D | Features<1>, mask: ValidMasks): Tensor4D =>
  tf.div(sumOfEachImage(tf.mul(maps, mask)), tf.maximum(sumOfEachImage(mask), 1));

/** The mean of one number an image, (batch, 1, 1, 1), over the images that have a valid pixel; 0 if there is none. */
export const meanOverImages = (values: Tensor4D, mask: ValidMasks): Scalar =>
  maskedMean(values, asFeatures(1, tf.step(sumOfEachImage(mask))));
