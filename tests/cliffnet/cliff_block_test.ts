import { cliffBlock } from "../../lib/cliffnet/cliff.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Features } from "../../lib/tensor/features.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { countParameters, mapTree } from "../../lib/tensor/tree.ts";
import { type Four, resizeTo } from "../nn/reference.ts";
import {
  assertAgrees,
  assertMaps,
  disposeVariables,
  noiseMaps,
  outputOf,
  tensorOf,
  variablesOf,
} from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend, onWasm, readTree } from "../support.ts";
import { cliff } from "./reference.ts";

const block = cliffBlock(3);

const sizes: readonly (readonly [low: Four, high: Four])[] = [
  [[2, 5, 7, 3], [2, 3, 4, 3]],
  [[1, 6, 4, 3], [1, 3, 2, 3]],
  [[2, 3, 3, 3], [2, 3, 3, 3]],
  [[1, 2, 3, 3], [1, 1, 1, 3]],
];

for (const [lowShape, highShape] of sizes) {
  const [low, high] = [noiseMaps(lowShape, 1), noiseMaps(highShape, 2)];
  const input = (): readonly [Features<3>, Features<3>] => [tensorOf(3, low), tensorOf(3, high)];

  onBackend(`a CLIFF block of ${lowShape} and ${highShape} is the paper's equations`, async () => {
    await assertAgrees(block, input, (weights, mode) => cliff(weights, low, high, mode), 1e-4);
  });
}

onBackend("the coarse level passes by the identity path where the convolutions say nothing", async () => {
  const [low, high] = [noiseMaps([1, 5, 7, 3], 1), noiseMaps([1, 3, 4, 3], 2)];
  const variables = variablesOf(block);
  const silent = mapTree(
    variables.params,
    (tensor, path) => path.startsWith("fuse/norm") ? tf.zerosLike(tensor) : tensor.clone(),
  );
  const input = (): readonly [Features<3>, Features<3>] => [tensorOf(3, low), tensorOf(3, high)];
  const output = await outputOf(block, { ...variables, params: silent }, input, "training");
  assertMaps(output, resizeTo(high, [5, 7]), 1e-6);
  [variables, { params: silent, statistics: {} }].forEach(disposeVariables);
});

onBackend("both levels and every parameter get a gradient", async () => {
  const variables = variablesOf(block);
  const gradients = await readTree(() => {
    const low = tensorOf(3, noiseMaps([2, 5, 4, 3], 1));
    const high = tensorOf(3, noiseMaps([2, 3, 2, 3], 2));
    return valueAndGradient({ low, high, params: variables.params }, (own) => {
      const [output] = block.apply({ ...variables, params: own.params }, [own.low, own.high], "training");
      return [tf.sum<tf.Scalar>(tf.square(output)), {}];
    }).gradients;
  });
  assertEquals(gradients.size, 2 + 6);
  gradients.forEach(({ values }, path) => assert(values.some((value) => Math.abs(value) > 1e-3), path));
  disposeVariables(variables);
});

onBackend("both batch norms track their statistics", async () => {
  const variables = variablesOf(block);
  const input = (): readonly [Features<3>, Features<3>] => [
    tensorOf(3, noiseMaps([2, 5, 4, 3], 1)),
    tensorOf(3, noiseMaps([2, 3, 2, 3], 2)),
  ];
  const [before, after] = [
    await readTree(() => variables.statistics),
    await readTree(() => block.apply(variables, input(), "training")[1]),
  ];
  assertEquals([...after.keys()], "select/norm/mean select/norm/variance fuse/norm/mean fuse/norm/variance".split(" "));
  after.forEach(({ values }, path) =>
    assert(values.every((value, at) => value !== before.get(path)?.values[at]), path)
  );
  disposeVariables(variables);
});

onWasm("a block of C channels has two convolutions from 2C to C without biases, and their batch norms", () => {
  for (const channels of [1, 4, 10]) {
    const variables = cliffBlock(channels).init(keyOf(1));
    assertEquals(countParameters(variables.params), 2 * (9 * 2 * channels * channels + 2 * channels));
    disposeVariables(variables);
  }
});
