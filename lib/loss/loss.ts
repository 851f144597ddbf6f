/** What a loss is, what it may see, and what losses are made of others. */
import { tf } from "../dependencies/tensorflow.ts";
import type { DepthMaps, Images, Scalar, ValidMasks } from "../tensor/features.ts";
import type { Key } from "../tensor/key.ts";
import type { Branch } from "../tensor/tree.ts";

/** What a loss may see beside depth.
 * @category Losses */
export interface LossContext {
  /** The pictures as the network got them, (batch, height, width, 3), R, G, B, 0…1: after all random changes. */
  readonly images: Images;
  /** The step of the training, counted from 0: a tensor, so that a step that is traced once goes on counting. */
  readonly step: Scalar;
  /** The key of this step and this term, from which {@link drawUniform} and its like draw: anew at each step. */
  readonly key: Key;
  /** What the term learns, see `learned`; nothing for other losses. */
  readonly params: Branch;
}

/** What a loss does that the trial of a loss file refuses unless the loss says so.
 * @category Losses */
export interface LossTraits {
  /** Whether what stands in holes, where the mask is 0, may change the value. */
  readonly usesHoles?: boolean;
  /** Whether the order of the images in a batch may change the value. */
  readonly ordered?: boolean;
}

/**
 * A differentiable distance: ground truth, prediction and valid mask, all (batch, height, width, 1), depths in metres, to a
 * scalar. Ground truth is 0 where the mask is 0, and nothing there may change the value. A fourth argument lets it see the
 * images, the step and a key; a loss that needs none of them leaves it out.
 *
 * It is a function of its arguments alone: what it draws comes from the key, and it keeps nothing from call to call.
 * @category Losses
 */
export interface Loss extends LossTraits {
  (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks, at: LossContext): Scalar;
}

/** A loss that sees depth alone, and can be called with it alone. It is a {@link Loss}.
 * @category Losses */
export interface DepthLoss extends LossTraits {
  (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks, at?: LossContext): Scalar;
}

/** What a loss sees of a batch at a step; the step becomes a tensor, which the current scope frees.
 * @category Losses */
export const lossContext = (images: Images, step: number, key: Key, params: Branch = {}): LossContext => ({
  images,
  step: tf.scalar(step),
  key,
  params,
});

/**
 * The same loss, which says of itself what it does: `withTraits(loss, { usesHoles: true })`. What it said before stands.
 * @category Losses
 */
export const withTraits = <L extends Loss>(loss: L, { usesHoles, ordered }: LossTraits): L => {
  const traits: LossTraits = {
    ...((usesHoles ?? loss.usesHoles) === true ? { usesHoles: true } : {}),
    ...((ordered ?? loss.ordered) === true ? { ordered: true } : {}),
  };
  const same: Loss = (target, prediction, mask, at) => loss(target, prediction, mask, at);
  return Object.assign(same, traits) as L;
};

/** The loss that is always 0: the unit of {@link addLosses}.
 * @category Losses */
export const noLoss: DepthLoss = (): Scalar => tf.scalar(0);

/** The sum of two losses.
 * @category Losses */
export const addLosses = (first: Loss, second: Loss): Loss =>
  withTraits(
    withTraits((...given) => tf.add(first(...given), second(...given)), first),
    second,
  );

/** Multiplies a loss by a factor, for use in `pipe`.
 * @category Losses */
export const scaleLoss = (factor: number): (loss: Loss) => Loss => (loss) =>
  withTraits((...given) => tf.mul(loss(...given), factor), loss);
