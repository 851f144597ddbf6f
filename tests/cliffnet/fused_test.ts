/** At inference the CLIFF block and the pyramid are few kernels, which compute the same as the plain composition. */
import { traitsOf } from "../../lib/backend/adapter.ts";
import { fusedConvolutionKernel } from "../../lib/backend/webgpu/fused_convolution.ts";
import { webGpuBackend } from "../../lib/backend/webgpu/shader.ts";
import { cliffBlock } from "../../lib/cliffnet/cliff.ts";
import { featurePyramid } from "../../lib/cliffnet/pyramid.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Features, Tensor } from "../../lib/tensor/features.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { leaves } from "../../lib/tensor/tree.ts";
import { tiled } from "../backend/webgpu_convolution_support.ts";
import { countDispatches } from "../backend/webgpu_support.ts";
import type { Four, Maps } from "../nn/reference.ts";
import { assertMaps, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf, weightsOf } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { kernelName, withFused } from "./fused_support.ts";
import { cliff } from "./reference.ts";

/** The kernels that `run` runs, but for those that compute nothing. */
const kernelsOf = async (run: () => Tensor): Promise<readonly string[]> => {
  const { kernels, result } = await tf.profile(() => scope(run));
  tf.dispose(result);
  return kernels.map(({ name }) => name).filter((name) => name !== "Reshape" && name !== "unnamed scope");
};

/** How many dispatches `run` takes on WebGPU; 0 elsewhere. */
const dispatchesOf = (run: () => Tensor): number =>
  tf.getBackend() === "webgpu" ? countDispatches(() => scope(run).dispose()) : 0;

const sizes: readonly (readonly [low: Four, high: Four])[] = [
  [[1, 15, 19, 4], [1, 8, 10, 4]],
  [[3, 15, 19, 8], [3, 8, 10, 8]],
  [[1, 29, 38, 8], [1, 15, 19, 8]],
  [[3, 15, 19, 6], [3, 8, 10, 6]],
];

const inputOf = (low: Maps, high: Maps) => (): readonly [Features<number>, Features<number>] => [
  tensorOf<number>(low.shape[3], low),
  tensorOf<number>(high.shape[3], high),
];

for (const [lowShape, highShape] of sizes) {
  onBackend(`a fused CLIFF block of ${lowShape} and ${highShape} is the plain one, and the paper's`, async () => {
    const block = cliffBlock<number>(lowShape[3]);
    const variables = variablesOf(block);
    const [low, high] = [noiseMaps(lowShape, 1), noiseMaps(highShape, 2)];
    const output = () => outputOf(block, variables, inputOf(low, high), "inference");
    const [fused, plain] = [await output(), await withFused(undefined, output)];
    assertMaps(fused, { shape: lowShape, values: Array.from(plain.values) }, 2e-6, "plain");
    assertMaps(fused, cliff(await weightsOf(variables), low, high, "inference"), 5e-6, "paper");
    disposeVariables(variables);
  });
}

const [low, high] = [noiseMaps([1, 15, 19, 8], 1), noiseMaps([1, 8, 10, 8], 2)];

onBackend("a CLIFF block at inference upsamples and convolves twice, and is nothing else", async ({ backend }) => {
  const block = cliffBlock<number>(8);
  const variables = variablesOf(block);
  const run = () => block.apply(variables, inputOf(low, high)(), "inference")[0];
  assertEquals(await kernelsOf(run), ["ResizeBilinear", kernelName, kernelName]);
  if (backend === "webgpu") {
    // Software multiplies in a dispatch of its own.
    const { software } = traitsOf(webGpuBackend(tf.backend()));
    assertEquals(dispatchesOf(run), software ? 4 : 3);
    assertEquals(await withFused(fusedConvolutionKernel(tiled(32, 32, 4, 4)), () => dispatchesOf(run)), 3);
  }
  disposeVariables(variables);
});

onBackend("a fused CLIFF block gives back the statistics that it was given", () => {
  const block = cliffBlock<number>(8);
  const variables = variablesOf(block);
  scope(() => {
    const [output, statistics] = block.apply(variables, inputOf(low, high)(), "inference");
    const before = leaves(variables.statistics);
    assertEquals(leaves(statistics).map(({ path }) => path), before.map(({ path }) => path));
    leaves(statistics).forEach(({ tensor, path }, at) => assert(tensor === before[at]?.tensor, path));
    return output;
  }).dispose();
  disposeVariables(variables);
});

const pyramidOf = () => {
  const channels = [4, 8, 12, 16] as const;
  const layer = featurePyramid(channels, 8);
  const variables = variablesOf(layer);
  const level = <C extends number>(height: number, width: number, channels: C) =>
    tensorOf(channels, noiseMaps([1, height, width, channels], channels));
  const run = () =>
    layer.apply(variables, [level(15, 19, 4), level(8, 10, 8), level(4, 5, 12), level(2, 3, 16)], "inference")[0][0];
  return { variables, run };
};

onBackend("the pyramid at inference is its eight convolutions, and is nothing else", async ({ backend }) => {
  const { variables, run } = pyramidOf();
  assertEquals(await kernelsOf(run), new Array<string>(8).fill(kernelName));
  assertEquals(dispatchesOf(run), backend === "webgpu" ? 8 : 0);
  disposeVariables(variables);
});
