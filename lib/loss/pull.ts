import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type DepthMaps, type Features, type ValidMasks } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { sumOfValues } from "../nn/reductions.ts";

/**
 * Where a loss pulls the prediction, and how strongly: −∂loss/∂prediction times the number of valid pixels, shape
 * (batch, height, width, 1), per metre. Above 0 it pulls farther away, below 0 nearer. The mean absolute error pulls by ±1
 * at every valid pixel, so that a value says how many times as strong another loss is there. 0 everywhere for a loss that
 * does not depend on the prediction.
 */
export const pullOf = (
  loss: Loss,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
): Features<1> => {
  // Without the second summand, TensorFlow.js refuses a loss that does not depend on the prediction.
  const value = (depth: tf.Tensor): tf.Scalar =>
    tf.add(loss(target, asFeatures(1, depth), mask), tf.mul(tf.sum<tf.Scalar>(depth), 0));
  const gradient = tf.grad(value)(prediction);
  return asFeatures(1, tf.neg(tf.mul(gradient, sumOfValues(mask))));
};
