import { tf } from "../dependencies/tensorflow.ts";
import type { DepthMaps, Scalar, ValidMasks } from "../tensor/features.ts";

/**
 * A differentiable distance: ground truth, prediction and valid mask, all (batch, height, width, 1), depths in metres, to a
 * scalar. Ground truth is 0 where the mask is 0, and nothing there may change the value.
 */
export type Loss = (
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
) => Scalar;

/** The loss that is always 0: the unit of {@link addLosses}. */
export const noLoss: Loss = (): Scalar => tf.scalar(0);

/** The sum of two losses. */
export const addLosses = (first: Loss, second: Loss): Loss => (target, prediction, mask) =>
  tf.add(first(target, prediction, mask), second(target, prediction, mask));

/** Multiplies a loss by a factor, for use in `pipe`. */
export const scaleLoss = (factor: number): (loss: Loss) => Loss => (loss) => (target, prediction, mask) =>
  tf.mul(loss(target, prediction, mask), factor);
