/** The full network, ResNet-50 with 256 features: forward, and a step of training. */
import { cliffNetOn } from "../lib/cliffnet/network.ts";
import { resNet, resNetChannels } from "../lib/cliffnet/backbone.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { named } from "../lib/loss/objective.ts";
import { l1 } from "../lib/loss/pixel.ts";
import { constant } from "../lib/loss/schedule.ts";
import { adam } from "../lib/optim/adam.ts";
import { asFeatures } from "../lib/tensor/features.ts";
import { blankKey } from "../lib/tensor/key.ts";
import { depthLearner } from "../lib/train/learners.ts";
import { initialState, trainStep } from "../lib/train/step.ts";
import type { Work } from "./measure.ts";

/** How large the pictures are, and how many. */
export interface Batch {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

const titleOf = ({ batch, height, width }: Batch): string => `${height}×${width}, batch ${batch}`;

/**
 * Forward for some batches and a step of training for others, of one network with one optimizer's state. Its weights are 0:
 * what a kernel takes does not depend on them, and drawing 37 million would take seconds.
 */
export const wholeNetwork = (forwards: readonly Batch[], steps: readonly Batch[]): readonly Work[] => {
  const network = cliffNetOn(resNet(50), resNetChannels[50], 256);
  const learner = depthLearner(network, named("l1", l1));
  const optimizer = adam(constant(1e-4), 1e-4);
  const state = initialState(learner, optimizer, blankKey);
  const step = trainStep(learner, optimizer);
  const picturesOf = ({ batch, height, width }: Batch) =>
    asFeatures(3, tf.randomUniform<tf.Rank.R4>([batch, height, width, 3], -2, 2, "float32", 1));
  const depthOf = ({ batch, height, width }: Batch) =>
    asFeatures(1, tf.randomUniform<tf.Rank.R4>([batch, height, width, 1], 1, 9, "float32", 2));
  return [
    ...forwards.map((batch): Work => {
      const images = picturesOf(batch);
      return {
        name: `forward, ${titleOf(batch)}`,
        run: () => network.apply(state.variables, images, "inference")[0],
      };
    }),
    ...steps.map((batch): Work => {
      const [images, depth] = [picturesOf(batch), depthOf(batch)];
      const mask = asFeatures(1, tf.onesLike(depth));
      return {
        name: `training step, ${titleOf(batch)}`,
        // What is read comes last in the queue, so that the update of the parameters is waited for, too.
        run: () => step(state, { images, depth, mask })[1].loss,
      };
    }),
  ];
};
