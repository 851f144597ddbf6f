import { coarsest } from "../../lib/embedding/embedding.ts";
import { codePerPixel } from "../../lib/embedding/generator.ts";
import { reconstructionStages, reconstructor } from "../../lib/embedding/reconstruction.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { countParameters } from "../../lib/tensor/tree.ts";
import { assertAgrees, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf } from "../nn/support.ts";
import { assertEquals } from "../std.ts";
import { onBackend, onWasm, valuesOf } from "../support.ts";
import { reconstruction } from "./reference.ts";

const layer = reconstructor([2, 3, 4]);

onBackend("a reconstruction has the size of its depth map, odd or even", async () => {
  const variables = variablesOf(layer);
  for (const [height, width] of [[9, 7], [8, 13], [1, 5], [1, 1]] as const) {
    const depth = noiseMaps([2, height, width, 1], 1);
    const output = await outputOf(layer, variables, () => tensorOf(1, depth), "inference");
    assertEquals(output.shape, [2, height, width, 1]);
  }
  disposeVariables(variables);
});

onBackend("HEG-R decodes the coarsest level alone, by stages at each level's size, finest last", async () => {
  const depth = noiseMaps([2, 9, 7, 1], 2);
  await assertAgrees(layer, () => tensorOf(1, depth), (weights, mode) => reconstruction(weights, depth, 3, mode), 2e-4);
});

onWasm("the published HEG-R is 16, 16 | 32, 32 | 64, 64 and back by 64, 64 | 32, 32 | 16, 16, 1", () => {
  const pairs = (widths: readonly number[]) => widths.slice(1).map((to, at) => [widths[at] ?? NaN, to] as const);
  const normed = [...pairs([1, 16, 16, 32, 32, 64, 64]), ...pairs([64, 64, 64, 32, 32, 16, 16])];
  const expected = normed.reduce((sum, [from, to]) => sum + 9 * from * to + 2 * to, 9 * 16 + 1);
  const variables = reconstructor([16, 32, 64]).init(keyOf(1));
  assertEquals(countParameters(variables.params), expected);
  disposeVariables(variables);
});

onWasm("the numbers for each pixel are those of the coarsest level", async () => {
  assertEquals(codePerPixel([16, 32, 64], 228, 304), 4);
  assertEquals(codePerPixel([16, 32, 8], 64, 80), 0.5);
  assertEquals(codePerPixel([3], 7, 9), 3);
  const variables = variablesOf(reconstructor([2, 3, 5]));
  const stages = { params: variables.params.stages, statistics: variables.statistics.stages };
  const layers = reconstructionStages([2, 3, 5]);
  const coarse = await valuesOf(() =>
    coarsest(layers.apply(stages, tensorOf(1, noiseMaps([1, 9, 7, 1], 1)), "inference")[0])
  );
  assertEquals(codePerPixel([2, 3, 5], 9, 7), coarse.length / (9 * 7));
  disposeVariables(variables);
});
