/** The network forward and one step of training, at a size that a processor can do: ResNet-18 of half width, 96×128. */
import { readValues } from "../lib/backend/device.ts";
import { resNetOfWidth } from "../lib/cliffnet/backbone.ts";
import { cliffNetOn } from "../lib/cliffnet/network.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { named } from "../lib/loss/objective.ts";
import { l1 } from "../lib/loss/pixel.ts";
import { adam } from "../lib/optim/adam.ts";
import { constant } from "../lib/optim/transformation.ts";
import { asFeatures } from "../lib/tensor/features.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { scope } from "../lib/tensor/scope.ts";
import { depthLearner } from "../lib/train/depth_network.ts";
import { initialState, trainStep } from "../lib/train/step.ts";
import { openForBench } from "./open.ts";

await openForBench();
const { backbone, channels } = resNetOfWidth(18, 32, "3x3");
const network = cliffNetOn(backbone, channels, 32);
const learner = depthLearner(network, named("l1", l1));
const optimizer = adam(constant(1e-3), 1e-4);
const state = initialState(learner, optimizer, keyOf(0));
const images = asFeatures(3, tf.randomUniform([2, 96, 128, 3], -2, 2, "float32", 1));
const depth = asFeatures(1, tf.randomUniform([2, 96, 128, 1], 1, 9, "float32", 2));
const mask = asFeatures(1, tf.onesLike(depth));
const step = trainStep(learner, optimizer);

Deno.bench("forward, batch 2", { group: "network" }, async () => {
  const prediction = scope(() => network.apply(state.variables, images, "inference")[0]);
  await readValues(prediction);
  prediction.dispose();
});

Deno.bench("training step, batch 2", { group: "network" }, async () => {
  const loss = scope(() => step(state, { images, depth, mask })[1].loss);
  await readValues(loss);
  loss.dispose();
});
