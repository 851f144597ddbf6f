import type { ConvolutionVariant } from "../../lib/backend/webgpu/convolution_variants.ts";
import { fusedConvolutionKernel } from "../../lib/backend/webgpu/fused_convolution.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import { assertClose, noise, openBackends, sizeOf, testOn } from "./support.ts";
import { described, lanesHere, quickest, read, run, small, withLanes } from "./webgpu_convolution_support.ts";

const backends = (await openBackends()).filter(({ backend }) => backend === "webgpu");

const { y: expectedSum } = convolve(
  described([1, 2, 3, 8], [3, 3, 8, 12], 1, 1),
  noise(48, 1),
  noise(864, 2),
  noise(72, 3),
);

interface Parts {
  readonly bias: boolean;
  readonly norm: boolean;
  readonly residual: boolean;
  readonly activation: "none" | "relu" | "leakyRelu";
}

const flags = [false, true];
const combinations: readonly Parts[] = flags.flatMap((bias) =>
  flags.flatMap((norm) =>
    flags.flatMap((residual) =>
      (["none", "relu", "leakyRelu"] as const).map((activation) => ({ bias, norm, residual, activation }))
    )
  )
);

/** The vectors and the residual of the fused kernel, for `channels` channels; a variance is not negative. */
const partsOf = ({ bias, norm, residual }: Parts, made: readonly number[]): Record<string, number[]> => {
  const channels = made[3] ?? 0;
  return {
    ...(bias ? { bias: noise(channels, 11) } : {}),
    ...(norm
      ? {
        gamma: noise(channels, 12),
        beta: noise(channels, 13),
        mean: noise(channels, 14),
        variance: noise(channels, 15).map((value) => value * value),
      }
      : {}),
    ...(residual ? { residual: noise(sizeOf(made), 16) } : {}),
  };
};

const epsilon = 1e-3;
const slope = 0.1;

const finish = (sum: ArrayLike<number>, parts: Record<string, number[]>, channels: number, activation: string) =>
  Array.from(sum).map((value, at) => {
    const of = (name: string, otherwise: number): number => parts[name]?.[at % channels] ?? otherwise;
    const scale = of("gamma", 1) / Math.sqrt("gamma" in parts ? of("variance", 1) + epsilon : 1);
    const normed = (value + of("bias", 0) - of("mean", 0)) * scale + of("beta", 0);
    const total = normed + (parts.residual?.[at] ?? 0);
    if (activation === "none" || total >= 0) return total;
    return activation === "relu" ? 0 : slope * total;
  });

const checkFused = async (
  convolution: Convolution,
  sum: ArrayLike<number>,
  wanted: Parts,
  variant?: ConvolutionVariant,
  mostBuffers?: number,
): Promise<void> => {
  const { input, filter } = convolution;
  const made = convolutionShape(convolution);
  const parts = partsOf(wanted, made);
  const { activation } = wanted;
  const found = await read(() => {
    const tensors = Object.entries(parts).map(([name, values]) =>
      [name, tf.tensor(values, name === "residual" ? made : [values.length])] as const
    );
    const x = tf.tensor(noise(sizeOf(input), 1), [...input]);
    const weights = tf.tensor(noise(sizeOf(filter), 2), [...filter]);
    const inputs: tf.NamedTensorMap = { x, filter: weights, ...Object.fromEntries(tensors) };
    const attrs = { stride: convolution.stride[0], epsilon, activation, slope };
    return run(fusedConvolutionKernel(variant, mostBuffers), inputs, attrs);
  });
  assertClose(found, finish(sum, parts, filter[3], activation), 1e-5, JSON.stringify(wanted));
};

testOn(
  backends,
  "every combination of bias, norm, residual and activation is what they are one after the other",
  async () => {
    const shape = described([1, 2, 3, 8], [3, 3, 8, 12], 1, 1);
    for (const wanted of combinations) await checkFused(shape, expectedSum, wanted, quickest);
  },
);

testOn(backends, "all that is fused, with channels that are no multiple of 4, on both kinds of adapters", async () => {
  const shape = described([3, 5, 6, 3], [7, 7, 3, 5], 2, 3);
  const made = convolutionShape(shape);
  const { y } = convolve(shape, noise(sizeOf(shape.input), 1), noise(sizeOf(shape.filter), 2), noise(sizeOf(made), 3));
  for (const variant of [...small, ...withLanes(lanesHere())]) {
    await checkFused(shape, y, { bias: true, norm: true, residual: true, activation: "leakyRelu" }, variant);
  }
});

testOn(backends, "an adapter with 8 buffers computes the same in parts", async () => {
  const shape = described([1, 2, 3, 8], [3, 3, 8, 12], 1, 1);
  for (const activation of ["none", "relu", "leakyRelu"] as const) {
    await checkFused(shape, expectedSum, { bias: true, norm: true, residual: true, activation }, quickest, 8);
  }
});
