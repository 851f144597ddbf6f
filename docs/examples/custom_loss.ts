// A loss of one's own trains at once: deno run --allow-read docs/examples/custom_loss.ts
import * as cn from "@cliffnet/cliffnet";
const { named, orThrow, scale, tf } = cn;

// The error relative to the true depth: 10 cm at 1 m count as much as 50 cm at 5 m. Holes have target 0 and mask 0.
const relative: cn.Loss = (target, prediction, mask) =>
  cn.maskedMean(tf.div(cn.absolute(tf.sub(target, prediction)), tf.maximum(target, 0.1)), mask);

const device = orThrow(await cn.openDevice("auto")());
const scenes = cn.scenesDataset({ seed: 1, height: 36, width: 48, train: 64, test: 8 });
const { backbone, channels } = cn.resNetOfWidth(18, 8);
const network = cn.compose(cn.preprocess("bgr-caffe"), cn.cliffNetOn(backbone, channels, 8, 2.9));

// Losses combine: an objective is a list of named, weighted losses.
const objective = cn.sum(named("l1", cn.l1), cn.pipe(named("relative", relative), scale(2)));
const { variables } = orThrow(
  await cn.fit(device, {
    learner: cn.depthLearner(network, objective),
    split: scenes.train,
    batchOf: cn.depthBatch,
    steps: 10,
    onStep: ({ step, terms }) => console.log(step, terms),
  })(),
);

const predict = cn.predictor(network, variables, 36, 48);
const { sum } = orThrow(await cn.evaluateSplit(scenes.test, predict, cn.protocols["own-size"], () => {})());
console.log(cn.summarize(cn.protocols["own-size"], sum));
