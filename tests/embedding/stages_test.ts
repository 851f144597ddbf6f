import { coarsest, type EmbeddingStages } from "../../lib/embedding/embedding.ts";
import { reconstructionStages } from "../../lib/embedding/reconstruction.ts";
import { sceneClassifier, sceneStages } from "../../lib/embedding/scene.ts";
import type { Features } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { countParameters, type Tree } from "../../lib/tensor/tree.ts";
import { assertClose } from "../backend/support.ts";
import { channelMeans, type Maps, partOf, weightAt } from "../nn/reference.ts";
import { assertMaps, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf, weightsOf } from "../nn/support.ts";
import { assertEquals, assertThrows } from "../std.ts";
import { onBackend, onWasm, readTree } from "../support.ts";
import { stages as reference } from "./reference.ts";

const depth = noiseMaps([2, 7, 9, 1], 1);

const named = (levels: readonly Features<number>[]): Tree =>
  Object.fromEntries(levels.map((level, index) => [`G${index + 1}`, level]));

onWasm("the published stages of HEG-S hold 16,464 parameters", () => {
  const variables = sceneStages([16, 32]).init(keyOf(1));
  assertEquals(countParameters(variables.params), 16_464);
  disposeVariables(variables);
});

for (
  const [generator, stagesOf, slope] of [["HEG-S", sceneStages, 0.01], ["HEG-R", reconstructionStages, 0.2]] as const
) {
  onBackend(`${generator}'s levels are the ends of its stages, each but the first half as large`, async () => {
    const layer: EmbeddingStages = stagesOf([3, 4, 5]);
    const variables = variablesOf(layer);
    const weights = await weightsOf(variables);
    for (const mode of ["training", "inference"] as const) {
      const levels = await readTree(() => named(layer.apply(variables, tensorOf(1, depth), mode)[0]));
      const expected = reference(weights, depth, 3, slope, mode);
      assertEquals([...levels.values()].map(({ shape }) => shape), [[2, 7, 9, 3], [2, 4, 5, 4], [2, 2, 3, 5]]);
      [...levels.values()].forEach((level, index) =>
        assertMaps(level, expected[index] ?? depth, 1e-4, `G${index + 1} in ${mode} mode`)
      );
    }
    disposeVariables(variables);
  });
}

onBackend("training tracks the statistics of every stage under the paths that they had", async () => {
  const layer = sceneStages([2, 3]);
  const variables = variablesOf(layer);
  const [before, after] = [
    await readTree(() => variables.statistics),
    await readTree(() => layer.apply(variables, tensorOf(1, depth), "training")[1]),
  ];
  assertEquals([...after.keys()], [...before.keys()]);
  after.forEach(({ values }, path) => assertEquals(values.some((v, at) => v === before.get(path)?.values[at]), false));
  disposeVariables(variables);
});

onBackend("the classifier is the coarsest level's average and a linear layer", async () => {
  const layer = sceneClassifier([2, 3], 4);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const logits = await outputOf(layer, variables, () => tensorOf(1, depth), "inference");
  const coarse = reference(partOf(weights, "stages"), depth, 2, 0.01, "inference")[1] ?? depth;
  const [weight, bias] = ["weight", "bias"].map((name) => weightAt(weights, `params/head/${name}`).values);
  const half = coarse.values.length / 2;
  const expected = [0, 1].flatMap((image) => {
    const own: Maps = { shape: [1, 4, 5, 3], values: coarse.values.slice(image * half, (image + 1) * half) };
    const means = channelMeans(own);
    return [0, 1, 2, 3].map((label) =>
      means.reduce((sum, mean, k) => sum + mean * (weight?.[k * 4 + label] ?? NaN), bias?.[label] ?? NaN)
    );
  });
  assertEquals(logits.shape, [2, 4]);
  assertClose(logits.values, expected, 1e-4);
  disposeVariables(variables);
});

Deno.test("a generator without stages has no coarsest level, which is a bug", () => {
  assertThrows(() => coarsest([]));
});
