/** What losses see in one image, as numbers: what figures are drawn from. */
import { tf } from "../dependencies/tensorflow.ts";
import type { DepthImage, ValueMap } from "../formats/raster.ts";
import { sumOfValues } from "../nn/operations.ts";
import { asFeatures, type DepthMaps, type Features, type Scalar, type ValidMasks } from "../tensor/features.ts";
import type { LossContext } from "./loss.ts";

/** One level of a generator on one image.
 * @category Losses */
export interface LevelExplanation {
  /** From 1, the finest. */
  readonly level: number;
  /** How many channels the level has. */
  readonly channels: number;
  /** The mean over channels of |G_k(d*) − G_k(d)|, at the level's own size, in the unit of the generator. */
  readonly difference: ValueMap;
  /** The mean of `difference`: what the loss weights. */
  readonly mean: number;
  /** What the mean is multiplied by in the loss of the run, warm-up included; 0 if it is not in the loss. */
  readonly weight: number;
}

/** A generator on one image.
 * @category Losses */
export interface GeneratorExplanation {
  /** Its name for people, such as "HEG-S". */
  readonly name: string;
  /** The unit of its values: "m", or "" for an embedding, whose unit is its own. */
  readonly unit: string;
  /** Finer to coarser. */
  readonly levels: readonly LevelExplanation[];
}

/** A weighted loss on one image.
 * @category Losses */
export interface TermExplanation {
  /** Its name for people, such as "L1" or "HEG-S". */
  readonly name: string;
  /** Whether it is part of what the run minimized; others are shown for comparison, with their published weights. */
  readonly trained: boolean;
  /** Its value, weighted. */
  readonly value: number;
  /** Its pull, as {@link pullOf} gives it, at the size of the prediction. */
  readonly pull: ValueMap;
  /** The mean of |pull| over valid pixels. */
  readonly strength: number;
  /** The mean of |pull| over valid pixels next to depth boundaries; null if there are none. */
  readonly boundaryStrength: number | null;
}

/** What the losses of a run see in one image. All maps but those of levels have the size of the network's input.
 * @category Losses */
export interface Explanation {
  /** Ground truth in metres; 0 = no measurement. */
  readonly truth: DepthImage;
  /** Prediction in metres. */
  readonly prediction: DepthImage;
  /** The generators, with the maps of their levels. */
  readonly generators: readonly GeneratorExplanation[];
  /** The losses, with their pulls. */
  readonly terms: readonly TermExplanation[];
}

/**
 * Where a loss pulls the prediction, and how strongly: −∂loss/∂prediction times the number of valid pixels, shape
 * (batch, height, width, 1), per metre. Above 0 it pulls farther away, below 0 nearer. The mean absolute error pulls by ±1
 * at every valid pixel, so that a value says how many times as strong another loss is there. 0 everywhere for a loss that
 * does not depend on the prediction.
 *
 * @param at What the loss sees beside depth; absent for one that sees depth alone.
 * @category Losses
 */
export const pullOf = <A extends readonly [at?: LossContext]>(
  loss: (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks, ...at: A) => Scalar,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
  ...at: A
): Features<1> => {
  // Without the second summand, TensorFlow.js refuses a loss that does not depend on the prediction.
  const value = (depth: tf.Tensor): tf.Scalar =>
    tf.add(loss(target, asFeatures(1, depth), mask, ...at), tf.mul(tf.sum<tf.Scalar>(depth), 0));
  const gradient = tf.grad(value)(prediction);
  return asFeatures(1, tf.neg(tf.mul(gradient, sumOfValues(mask))));
};
