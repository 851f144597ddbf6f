// A plain U-Net (Ronneberger et al. 2015): each step down is undone by a step up, which joins what was there before.
// deno run --allow-read docs/examples/u_net.ts
import * as cn from "@cliffnet/cliffnet";
import * as nn from "@cliffnet/cliffnet/nn";
const { asFeatures, layer, orThrow, pipe, tf } = cn;

type Inner<C extends number> = cn.Layer<cn.Features<C>, cn.Features<C>, nn.Branch, nn.Branch>;

// Half the size, twice the channels, whatever lies below, and back.
const level = <C extends number>(channels: C, below: (channels: number) => Inner<number>): Inner<C> => {
  const double = 2 * channels;
  const under = pipe(
    cn.inputFeatures(channels),
    layer("down", cn.convNormRelu<C, number>(channels, double, 3, { stride: 2 })),
    layer("below", below(double)),
    layer("up", cn.convNormRelu<number, C>(double, channels, 3)),
  );
  const joined = nn.withInput(under, (skip: cn.Features<C>, up) => {
    const enlarged = nn.resizeBilinear(up, [skip.shape[1], skip.shape[2]]); // odd sizes fit, too
    return asFeatures<number>(double, tf.concat([skip, enlarged], 3));
  });
  return nn.untyped(pipe(joined, layer("join", cn.convNormRelu<number, C>(double, channels, 3))));
};

const bottom = (channels: number): Inner<number> => nn.untyped(cn.convNormRelu<number, number>(channels, channels, 3));
const network = pipe(
  cn.preprocess("rgb-unit"),
  layer("stem", cn.convNormRelu(3, 8, 3)),
  layer("unet", level(8, (channels) => level(channels, bottom))),
  layer("depth", cn.biasedConv(8, 1, 3, { initialBias: 3 })),
);
const device = orThrow(await cn.openDevice("auto")());
const data = cn.scenesDataset({ height: 37, width: 50, seed: 0, train: 16, test: 4, noise: false, holes: false });
const learner = cn.depthLearner(network, cn.named("l1", cn.l1));
const state = orThrow(await cn.fit(device, { learner, split: data.train, batchOf: cn.depthBatch, steps: 4 })());
console.log(network.apply(state.variables, asFeatures(3, tf.ones([1, 37, 50, 3])), "inference")[0].shape);
const predict = cn.predictor(network, state.variables, 37, 50);
const evaluation = orThrow(await cn.evaluateSplit(data.test, predict, cn.protocols["own-size"], () => {})());
console.table(cn.summarize(evaluation.protocol, evaluation.sum));
