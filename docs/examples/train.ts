// What `deno task train` does, from a script: pretraining, training, evaluation, files.
// deno run --allow-read --allow-write docs/examples/train.ts OUT
import { decodeConfiguration, orThrow, runExperiment, summarize } from "@cliffnet/cliffnet";

const [out = "runs/script"] = Deno.args;

// Absent fields take their defaults; a wrong name or value is an error that names the field.
const configuration = orThrow(decodeConfiguration("train.ts", {
  data: { kind: "scenes", height: 36, width: 48, train: 32, test: 4 },
  backbone: { layers: 18, width: 8 },
  network: { features: 8, initialDepth: 2.9 },
  generators: { scene: { widths: [4, 8], steps: 5, batch: 4 } },
  loss: [{ kind: "l1" }, { kind: "hierarchical", generator: "scene", weights: [0, 10, 15], weight: 0.03, warmup: 5 }],
  optim: { lr: 2e-3 },
  training: { steps: 10, batch: 4 },
}));
const listener = {
  message: console.log,
  progress: (label: string, total: number) => ({
    update: (done: number, note: string) => console.log(`${label} ${done}/${total}: ${note}`),
    end: () => {},
  }),
};
const { evaluation, constant, generators, paths } = orThrow(await runExperiment(configuration, { out, listener })());

console.log("network ", summarize(evaluation.protocol, evaluation.sum));
console.log("constant", summarize(evaluation.protocol, constant.evaluation.sum));
console.log("generators", generators, "in", paths.checkpoint);
