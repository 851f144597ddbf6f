// A generator, its pretraining on a task of its own, and a network trained with its embedding:
// deno run --allow-read docs/examples/own_generator.ts
import * as cn from "@cliffnet/cliffnet";
const { conv, layer, named, orThrow, pipe, tf } = cn;

const device = orThrow(await cn.openDevice("auto")());
const scenes = cn.scenesDataset({ seed: 1, height: 36, width: 48, train: 64, test: 8 });
const training = { split: scenes.train, batchOf: cn.depthBatch, steps: 10 };

// A generator of one level, pretrained to tell inverse depth.
const level = pipe(
  cn.inputFeatures(1),
  layer("first", cn.convNormLeakyRelu(1, 8, 3, 0.01)),
  layer("second", cn.convNormLeakyRelu(8, 16, 3, 0.01)),
);
const inverter = pipe(level, layer("head", conv(16, 1, 1)));
const pretraining = cn.fit(device, {
  ...training,
  learner: {
    ...inverter,
    losses: (variables, { depth, mask }: cn.DepthBatch, mode) => {
      const [guess, statistics] = inverter.apply(variables, depth, mode);
      return [{ inverse: cn.l1(cn.asFeatures(1, tf.div(1, tf.maximum(depth, 0.1))), guess, mask) }, statistics];
    },
  },
});
const { variables: frozen } = orThrow(await pretraining());
const learned = cn.hierarchical((depth) => [level.apply(frozen, depth, "inference")[0]], [0, 1]);

// A small CLIFFNet, trained with L1 and the distance in that generator's embedding.
const { backbone, channels } = cn.resNetOfWidth(18, 8);
const network = cn.compose(cn.preprocess("bgr-caffe"), cn.cliffNetOn(backbone, channels, 8, 2.9));
const objective = cn.sum(named("l1", cn.l1), pipe(named("learned", learned), cn.scale(0.5)));
const { variables } = orThrow(await cn.fit(device, { ...training, learner: cn.depthLearner(network, objective) })());

const predict = cn.predictor(network, variables, 36, 48);
const evaluation = orThrow(await cn.evaluateSplit(scenes.test, predict, cn.protocols["own-size"], () => {})());
console.table(cn.summarize(evaluation.protocol, evaluation.sum));
