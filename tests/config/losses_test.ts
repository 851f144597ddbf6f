import { openDevice } from "../../lib/backend/device.ts";
import { openDataset } from "../../lib/data/open_dataset.ts";
import { orThrow } from "../../lib/errors.ts";
import { networkOf, objectiveOf, optimizerOf } from "../../lib/experiment/compose.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { pixelLosses } from "../../lib/loss/pixel_losses.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree, leaves } from "../../lib/tensor/tree.ts";
import { depthBatch, depthLearner } from "../../lib/train/depth_network.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

orThrow(await openDevice("wasm")());

const decoded = (loss: unknown): Configuration =>
  orThrow(decodeConfiguration("test", {
    data: { kind: "scenes", height: 32, width: 40, train: 2, test: 1, holes: true },
    backbone: { layers: 18, width: 4, strideOn: "3x3" },
    network: { features: 4 },
    optim: { lr: 1e-3 },
    loss,
  }));

Deno.test("a term may be any of the named losses, with its weight, and is logged under its name", async () => {
  for (const { name: kind } of pixelLosses) {
    const [decodedTerm] = decoded([{ kind, weight: 0.1 }]).loss;
    assertEquals([decodedTerm?.kind, decodedTerm?.weight, decodedTerm?.warmup], [kind, 0.1, 0]);
    const [term, ...others] = await objectiveOf(decoded([{ kind }]).loss, {});
    assertEquals([term?.name, term?.weight(0), others.length], [kind, 1, 0]);
  }
});

Deno.test("an unknown loss is an error that names all that there are", () => {
  const result = decodeConfiguration("my.jsonc", { loss: [{ kind: "l3" }] });
  assert(result._tag === "Left");
  assertEquals(result.left.where, "my.jsonc, field loss.0.kind");
  [...pixelLosses.map(({ name }) => name), "hierarchical"].forEach((kind) =>
    assertStringIncludes(result.left.expected, kind)
  );
});

/** The losses of three steps on one batch, and whether all parameters are finite after them. */
const train = async (configuration: Configuration): Promise<readonly [losses: readonly number[], finite: boolean]> => {
  const dataset = orThrow(await openDataset(configuration.data)());
  const samples = await Promise.all([0, 1].map(async (index) => orThrow(await dataset.train.read(index)())));
  const batch = depthBatch(samples);
  const optimizer = optimizerOf(configuration.optim);
  const learner = depthLearner(await networkOf(configuration), await objectiveOf(configuration.loss, {}));
  const step = trainStep(learner, optimizer);
  let state = initialState(learner, optimizer, keyOf(configuration.seed));
  const losses: number[] = [];
  for (let at = 0; at < 3; at++) {
    const [next, report] = step(state, batch);
    disposeTree({ ...state.variables, optimizer: state.optimizer });
    losses.push(...report.loss.dataSync());
    disposeTree({ loss: report.loss, ...report.terms });
    state = next;
  }
  const finite = leaves(state.variables.params).every(({ tensor }) => tensor.dataSync().every(Number.isFinite));
  disposeTree({ ...state.variables, optimizer: state.optimizer, batch });
  return [losses, finite];
};

for (const { name: kind } of pixelLosses) {
  Deno.test(`three steps under ${kind}, from the first variables of a network, stay finite and change it`, async () => {
    const [losses, finite] = await train(decoded([{ kind }]));
    assert(finite && losses.every((loss) => Number.isFinite(loss) && loss >= 0), losses.join());
    assertEquals(new Set(losses).size, 3);
  });
}
