import { type BottleneckStride, type ResNetDepth, resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import type { Tensor } from "../../lib/tensor/features.ts";
import { scope } from "../../lib/tensor/scope.ts";
import type { Four, Maps } from "../nn/reference.ts";
import { assertMaps, disposeVariables, noiseMaps, tensorOf, variablesOf, weightsOf } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { type Numbers, numbersOf, onBackend, onWasm } from "../support.ts";
import { basicBlock, bottleneck, resNet } from "./reference.ts";

/** The levels of a narrow ResNet in inference mode, and its channels and weights. */
const run = async (depth: ResNetDepth, width: number, images: Maps, strideOn: BottleneckStride = "1x1") => {
  const { backbone, channels } = resNetOfWidth(depth, width, strideOn);
  const variables = variablesOf(backbone);
  const weights = await weightsOf(variables);
  const tensors: readonly Tensor[] = scope(() => [
    ...backbone.apply(variables, tensorOf(3, images), "inference")[0],
  ]);
  const levels: readonly Numbers[] = await Promise.all(tensors.map(numbersOf));
  tensors.forEach((tensor) => tensor.dispose());
  disposeVariables(variables);
  return { levels, channels, weights };
};

for (const strideOn of ["1x1", "3x3"] as const) {
  onWasm(`the levels of 228×304 have the paper's sizes with the stride on the ${strideOn} convolution`, async () => {
    const { levels, channels } = await run(50, 4, noiseMaps([1, 228, 304, 3], 1), strideOn);
    assertEquals(channels, [16, 32, 64, 128]);
    assertEquals(levels.map(({ shape }) => shape), [[1, 57, 76, 16], [1, 29, 38, 32], [1, 15, 19, 64], [
      1,
      8,
      10,
      128,
    ]]);
  });
}

onBackend("the place of the stride changes all levels but the finest, with the same parameters", async () => {
  const images = noiseMaps([1, 37, 50, 3], 1);
  const [paper, torchvision] = [await run(50, 1, images, "1x1"), await run(50, 1, images, "3x3")];
  assertEquals(paper.weights, torchvision.weights);
  const differs = paper.levels.map(({ shape, values }, level) => {
    const other = torchvision.levels[level];
    assertEquals(shape, other?.shape);
    return values.some((value, at) => Math.abs(value - (other?.values[at] ?? NaN)) > 1e-3);
  });
  assertEquals(differs, [false, true, true, true]);
});

const image: Four = [2, 37, 45, 3];

for (
  const [depth, width, counts, block] of [
    [18, 2, [2, 2, 2, 2], basicBlock],
    [34, 1, [3, 4, 6, 3], basicBlock],
    [50, 1, [3, 4, 6, 3], bottleneck("1x1")],
  ] as const
) {
  onBackend(`ResNet-${depth} is its blocks one after the other, and gives the end of every stage`, async () => {
    const images = noiseMaps(image, 2);
    const { levels, channels, weights } = await run(depth, width, images);
    const expected = resNet(weights, images, counts, block, "inference");
    levels.forEach((level, index) => {
      const reference = expected[index];
      assert(reference !== undefined && level.shape[3] === channels[index]);
      assertMaps(level, reference, 1e-4, `C${index + 2}`);
    });
  });
}
