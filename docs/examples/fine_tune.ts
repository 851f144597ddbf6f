// Fine-tuning, and the way back to PyTorch: a checkpoint's backbone stays as it is, what is behind it is drawn anew.
// deno run --allow-read --allow-write docs/examples/fine_tune.ts CHECKPOINT OUT.safetensors
import * as cn from "@cliffnet/cliffnet";
import { networkOf, parseConfiguration, planConversion, writeConversion } from "@cliffnet/cliffnet/experiment";
import { openTensorFile } from "@cliffnet/cliffnet/formats";
import { silent } from "@cliffnet/cliffnet/train";
import { beginningWith, describeFit, fittingTensors, partialFit } from "@cliffnet/cliffnet/weights";
const { orThrow } = cn;

const [file = "runs/quickstart/checkpoint.safetensors", out = "tuned.safetensors"] = Deno.args;
const device = orThrow(await cn.openDevice("auto")());
const checkpoint = orThrow(await cn.readCheckpoint(file)());
const configuration = orThrow(parseConfiguration(file, checkpoint.configuration ?? "{}", []));
const { height, width } = configuration.data;

const network = await networkOf(configuration);
const isBackbone = (path: string): boolean => path.startsWith("backbone/");
const fit = partialFit(checkpoint.weights, network, isBackbone);
console.log(describeFit(fit));
const tuned = beginningWith(network, orThrow(await fittingTensors(checkpoint.weights, fit)()));

const scenes = cn.scenesDataset({ seed: 2, height, width, train: 32, test: 4 });
const state = orThrow(
  await cn.fit(device, {
    learner: cn.depthLearner(tuned, cn.named("l1", cn.l1)),
    optimizer: cn.chain("tuning", [cn.adam(cn.constant(1e-3)), cn.freeze(isBackbone)]),
    split: scenes.train,
    batchOf: cn.depthBatch,
    steps: 8,
    onStep: ({ step, loss }) => console.log(step, loss),
  })(),
);
const story = { kind: "depth", configuration: JSON.stringify(configuration), scenes: [] } as const;
orThrow(await cn.saveCheckpoint(out, state, story)());

// What PyTorch loads: the names of the published network, whose module `convert --pytorch-module cliffnet.py` writes.
const saved = orThrow(await openTensorFile(out)());
const plan = orThrow(planConversion(saved, { names: "published", settings: [], listener: silent }));
orThrow(await writeConversion(out.replace(/\.\w+$/, "-pytorch.safetensors"), plan, silent)());
