// A backbone of one's own under the pyramid: four stages whose outputs are kept, and whose channels the compiler checks.
// deno run --allow-read --allow-write docs/examples/own_backbone.ts [FILE.safetensors]
import * as cn from "@cliffnet/cliffnet";
const { collectLayer, layer, orThrow, pipe } = cn;

const stage = <I extends number, O extends number>(input: I, output: O) =>
  pipe(
    cn.inputFeatures(input),
    layer("half", cn.convNormRelu(input, output, 3, { stride: 2 })),
    layer("same", cn.convNormRelu(output, output, 3)),
  );

const stem = pipe(cn.inputFeatures(3), layer("stem", stage(3, 8)), layer("level2", stage(8, 16)));
const backbone = pipe(
  cn.collectOutputs(stem),
  collectLayer("level3", stage(16, 32)),
  collectLayer("level4", stage(32, 64)),
  collectLayer("level5", stage(64, 128)),
);
// With 256 in place of 128 this does not compile: Type '128' is not assignable to type '256'.
const network = cn.compose(cn.preprocess("rgb-unit"), cn.cliffNetOn(backbone, [16, 32, 64, 128], 16, 3));

const device = orThrow(await cn.openDevice("auto")());
const data = cn.scenesDataset({ height: 36, width: 48, seed: 0, train: 32, test: 4, noise: false, holes: false });
const learner = cn.depthLearner(network, cn.named("l1", cn.l1));
const state = orThrow(await cn.fit(device, { learner, split: data.train, batchOf: cn.depthBatch, steps: 8 })());

const [file] = Deno.args;
if (file !== undefined) {
  orThrow(await cn.saveCheckpoint(file, state, { kind: "depth", configuration: "{}", scenes: [] })());
}
const predict = cn.predictor(network, state.variables, 36, 48);
const evaluation = orThrow(await cn.evaluateSplit(data.test, predict, cn.protocols["own-size"], () => {})());
console.log(cn.countParameters(state.variables.params.backbone), "parameters of the backbone");
console.table(cn.summarize(evaluation.protocol, evaluation.sum));
