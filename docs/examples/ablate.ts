// An ablation from a script: rows of changes with several seeds, tables and plots.
// deno run --allow-read --allow-write docs/examples/ablate.ts OUT
import { openDevice, orThrow, planOf, runAblation, silent } from "@cliffnet/cliffnet";

const [out = "runs/ablation"] = Deno.args;

const base = {
  data: { kind: "scenes", height: 32, width: 40, train: 12, test: 4 },
  backbone: { layers: 18, width: 4 },
  network: { features: 4, initialDepth: 2.9 },
  training: { steps: 3, batch: 4 },
  optim: { lr: 1e-3 },
  evaluation: { pictures: 0 },
};
const rows = {
  "L1": { set: { loss: [{ kind: "l1" }] } },
  "Huber, 25 cm": { set: { loss: [{ kind: "huber", threshold: 0.25 }] } },
  "L1 + Sobel": {
    set: { loss: [{ kind: "l1" }, { kind: "hierarchical", generator: "sobel", weights: [0, 1], weight: 0.3 }] },
  },
};
const file = `${await Deno.makeTempDir()}/script.jsonc`;
await Deno.writeTextFile(file, JSON.stringify({ base, seeds: [0, 1], baseline: "L1", rows }));

const plan = orThrow(await planOf({ file, out })());
const options = { listener: silent, openDevice: openDevice("auto"), workers: 0 };
const { report, problem } = orThrow(await runAblation(plan, options)());
if (problem !== null) throw new Error(problem.found);
for (const { row, differences } of report?.rows ?? []) console.log(row, differences.get("delta1")?.mean);
console.log(await Deno.readTextFile(`${out}/table.md`));
