// Data that no layout knows: a data set is two splits, a split a function from an index to a sample.
// deno run --allow-read docs/examples/own_data_set.ts
import * as cn from "@cliffnet/cliffnet";
const { orThrow, resizeSample } = cn;

// Planes that tilt more from sample to sample, brighter where they are nearer; a corner was not measured.
const plane = (index: number): cn.PlainSample => {
  const [height, width] = [48, 64];
  const at = (pixel: number): number => 1.5 + (pixel % width) / width * (1 + index % 5);
  const metres = Float32Array.from({ length: height * width }, (_, pixel) => pixel < 100 ? 0 : at(pixel));
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, value) => 255 / at(Math.floor(value / 3)));
  return { name: `plane ${index}`, image: { height, width, pixels }, depth: { height, width, metres } };
};
const split = (first: number, size: number): cn.Split => cn.splitBy(size, (index) => plane(first + index));

const device = orThrow(await cn.openDevice("auto")());
const { backbone, channels } = cn.resNetOfWidth(18, 8);
const network = cn.compose(cn.preprocess("rgb-unit"), cn.cliffNetOn(backbone, channels, 8, 3));
const learner = cn.depthLearner(network, cn.named("silog", cn.siLog()));
const train = cn.mapSplit(split(0, 40), resizeSample(36, 48));
const { variables } = orThrow(await cn.fit(device, { learner, split: train, batchOf: cn.depthBatch, steps: 10 })());

const predict = cn.predictor(network, variables, 36, 48);
const evaluation = orThrow(await cn.evaluateSplit(split(40, 5), predict, cn.protocols["own-size"], () => {})());
console.table(cn.summarize(evaluation.protocol, evaluation.sum));
