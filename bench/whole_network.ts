/** The full network, ResNet-50 with 256 features: forward, and a step of training. */
import { resNet, resNetChannels } from "../lib/cliffnet/backbone.ts";
import { type CliffNet, cliffNetOn } from "../lib/cliffnet/network.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { named } from "../lib/loss/objective.ts";
import { l1 } from "../lib/loss/pixel.ts";
import type { Learner } from "../lib/nn/layer.ts";
import { adam } from "../lib/optim/adam.ts";
import { constant, type Transformation } from "../lib/optim/transformation.ts";
import { asFeatures, type Images } from "../lib/tensor/features.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { scope } from "../lib/tensor/scope.ts";
import { type Branch, type Form, formLeaves, treeOf } from "../lib/tensor/tree.ts";
import { type DepthBatch, depthLearner } from "../lib/train/depth_network.ts";
import { type TrainState, trainStep } from "../lib/train/step.ts";
import type { Work } from "./measure.ts";

/** How large the pictures are, and how many. */
export interface Batch {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** A batch's size in words. */
export const titleOf = ({ batch, height, width }: Batch): string => `${height}×${width}, batch ${batch}`;

/** The full network. */
export const fullNetwork = (): CliffNet => cliffNetOn(resNet(50), resNetChannels[50], 256);

/** The optimizer that the network is trained with. */
export const usualAdam: Transformation = adam(constant(1e-4), 1e-4);

/** Pictures of noise; the caller owns them. */
export const picturesOf = ({ batch, height, width }: Batch): Images =>
  asFeatures(3, tf.randomUniform<tf.Rank.R4>([batch, height, width, 3], -2, 2, "float32", 1));

/** The same with their depths, measured everywhere. */
export const depthBatch = (size: Batch): DepthBatch => {
  const { batch, height, width } = size;
  const depth = asFeatures(1, tf.randomUniform<tf.Rank.R4>([batch, height, width, 1], 1, 9, "float32", 2));
  return { images: picturesOf(size), depth, mask: asFeatures(1, tf.onesLike(depth)) };
};

const blankTree = <T extends Branch>(form: Form<T>): T => {
  const blank = ({ path, shape }: ReturnType<typeof formLeaves>[number]): tf.Tensor =>
    /(gamma|variance)$/.test(path) ? tf.ones([...shape]) : tf.zeros([...shape]);
  return treeOf(form, new Map(formLeaves(form).map((leaf) => [leaf.path, blank(leaf)])));
};

/** A state before the first step whose weights are 0; the caller owns it. */
export const blankState = <B, P extends Branch, S extends Branch>(
  { form }: Learner<B, P, S>,
  optimizer: Transformation,
): TrainState<P, S> =>
  scope(() => {
    const variables = { params: blankTree<P>(form.params), statistics: blankTree<S>(form.statistics) };
    return { step: 0, key: keyOf(0), variables, optimizer: optimizer.init(variables.params) };
  });

/**
 * Forward for some batches and a step of training for others, of one network with one optimizer's state. Its weights are 0:
 * what a kernel takes does not depend on them, and drawing 37 million would take seconds.
 */
export const wholeNetwork = (forwards: readonly Batch[], steps: readonly Batch[]): readonly Work[] => {
  const network = fullNetwork();
  const learner = depthLearner(network, named("l1", l1));
  const state = blankState(learner, usualAdam);
  const step = trainStep(learner, usualAdam);
  return [
    ...forwards.map((batch): Work => {
      const images = picturesOf(batch);
      return {
        name: `forward, ${titleOf(batch)}`,
        run: () => network.apply(state.variables, images, "inference")[0],
      };
    }),
    ...steps.map((size): Work => {
      const batch = depthBatch(size);
      return {
        name: `training step, ${titleOf(size)}`,
        // What is read comes last in the queue, so that the update of the parameters is waited for, too.
        run: () => step(state, batch)[1].loss,
      };
    }),
  ];
};
