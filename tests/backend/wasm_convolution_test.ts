/** This library's Conv2D and FusedConvolution on wasm; the gradients are in convolution_test.ts. */
import { wasmConv2D } from "../../lib/backend/wasm/convolution.ts";
import { wasmFusedConvolution } from "../../lib/backend/wasm/fused_convolution.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import { assertClose, noise, openBackends, sizeOf, testOn } from "./support.ts";

const wasm = (await openBackends()).filter(({ backend }) => backend === "wasm");

/** A tensor before it is one. */
interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Runs a kernel under a name of its own, so that whatever is registered stays. */
const run = (
  { kernelFunc, backendName }: tf.KernelConfig,
  inputs: Readonly<Record<string, Numbers>>,
  attrs: tf.NamedAttrMap,
): { readonly shape: number[]; readonly values: Float32Array } => {
  const kernelName = "KernelOfThisTest";
  tf.registerKernel({ kernelName, backendName, kernelFunc });
  const before = tf.backend().numDataIds();
  try {
    const found = tf.tidy(() => {
      const tensors = Object.entries(inputs).map(([name, { shape, values }]) =>
        [name, tf.tensor([...values], [...shape])] as const
      );
      const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernelName, Object.fromEntries(tensors), attrs);
      assert(!Array.isArray(result));
      return { shape: result.shape, values: Float32Array.from(result.dataSync()) };
    });
    assertEquals(tf.backend().numDataIds(), before, "scratch memory left over");
    return found;
  } finally {
    tf.unregisterKernel(kernelName, backendName);
  }
};

const halfOf = (size: number): number => Math.floor(size / 2);

/** The convolution with the padding of this library's network. */
const described = (
  input: readonly [number, number, number, number],
  [size, outputs]: readonly [number, number],
  stride: number,
): Convolution => ({
  input,
  filter: [size, size, input[3], outputs],
  stride: [stride, stride],
  padding: [halfOf(size), halfOf(size), halfOf(size), halfOf(size)],
});

const operands = (convolution: Convolution): { readonly x: Numbers; readonly filter: Numbers } => ({
  x: { shape: convolution.input, values: noise(sizeOf(convolution.input), 1) },
  filter: { shape: convolution.filter, values: noise(sizeOf(convolution.filter), 2) },
});

const reference = (convolution: Convolution): Float64Array => {
  const { x, filter } = operands(convolution);
  return convolve(convolution, x.values, filter.values, new Array<number>(sizeOf(convolutionShape(convolution)))).y;
};

const cases: readonly Convolution[] = [
  described([1, 15, 19, 8], [3, 16], 1),
  described([3, 8, 10, 5], [3, 12], 2),
  described([2, 29, 38, 3], [7, 24], 2),
  described([1, 15, 19, 64], [1, 40], 1),
  described([2, 9, 7, 9], [1, 8], 2),
  described([1, 6, 5, 7], [3, 1], 1),
  described([1, 1, 1, 300], [3, 264], 1),
];

cases.forEach((each) =>
  testOn(
    wasm,
    `Conv2D of [${each.input}] with [${each.filter}], stride ${each.stride}, is that of the definition`,
    () => {
      const pad = each.padding[0];
      const { shape, values } = run(wasmConv2D, operands(each), { strides: [...each.stride], pad, dataFormat: "NHWC" });
      assertEquals(shape, convolutionShape(each));
      assertClose(values, reference(each), 2e-6);
      return Promise.resolve();
    },
  )
);

testOn(wasm, "Conv2D with holes in the filter sees every second pixel", () => {
  const [x, filter] = [noise(49, 3), noise(9, 4)];
  const { values } = run(
    wasmConv2D,
    { x: { shape: [1, 7, 7, 1], values: x }, filter: { shape: [3, 3, 1, 1], values: filter } },
    { strides: [1, 1], pad: "valid", dilations: [2, 2], dataFormat: "NHWC" },
  );
  const expected = Array.from({ length: 9 }, (_, at) =>
    filter.reduce((sum, weight, tap) => {
      const [i, j] = [Math.floor(at / 3) + 2 * Math.floor(tap / 3), at % 3 + 2 * (tap % 3)];
      return sum + weight * (x[7 * i + j] ?? 0);
    }, 0));
  assertClose(values, expected, 1e-6);
  return Promise.resolve();
});

testOn(wasm, "Conv2D of no images is no images, and of no channels zeros", () => {
  const attrs = { strides: [1, 1], pad: 1, dataFormat: "NHWC" };
  const filter = (channels: number): Numbers => ({ shape: [3, 3, channels, 8], values: noise(72 * channels, 1) });
  const none = run(wasmConv2D, { x: { shape: [0, 4, 4, 2], values: [] }, filter: filter(2) }, attrs);
  assertEquals(none.shape, [0, 4, 4, 8]);
  const zeros = run(wasmConv2D, { x: { shape: [1, 2, 2, 0], values: [] }, filter: filter(0) }, attrs);
  assertEquals([...zeros.values], new Array<number>(32).fill(0));
  return Promise.resolve();
});

const activations = {
  none: (value: number): number => value,
  relu: (value: number): number => Math.max(0, value),
  leakyRelu: (value: number): number => value < 0 ? 0.2 * value : value,
} as const;

const epsilon = 1e-3;

/** The definition of FusedConvolution in float64. */
const fusedReference = (
  convolution: Convolution,
  parts: Readonly<Record<string, Numbers>>,
  activation: keyof typeof activations,
): Float64Array => {
  const of = (name: string, at: number, absent: number): number => parts[name]?.values[at] ?? absent;
  const channels = convolution.filter[3];
  return reference(convolution).map((value, at) => {
    const c = at % channels;
    const biased = value + of("bias", c, 0);
    const normed = parts.gamma === undefined
      ? biased
      : (biased - of("mean", c, 0)) / Math.sqrt(of("variance", c, 1) + epsilon) * of("gamma", c, 1) + of("beta", c, 0);
    return activations[activation](normed + of("residual", at, 0));
  });
};

const checkFused = (
  convolution: Convolution,
  names: readonly string[],
  activation: keyof typeof activations,
): void => {
  const shape = convolutionShape(convolution);
  const parts = Object.fromEntries(names.map((name, k): [string, Numbers] => {
    const own = name === "residual" ? shape : [shape[3]];
    const values = noise(sizeOf(own), 5 + k).map((value) => name === "variance" ? value + 1.5 : value);
    return [name, { shape: own, values }];
  }));
  const stride = convolution.stride[0];
  const found = run(wasmFusedConvolution, { ...operands(convolution), ...parts }, {
    ...{ stride, epsilon, activation, slope: 0.2 },
  });
  assertEquals(found.shape, shape);
  assertClose(found.values, fusedReference(convolution, parts, activation), 2e-6);
};

const norm = ["gamma", "beta", "mean", "variance"];

const epilogues: readonly (readonly string[])[] = [[], ["bias"], norm, ["bias", ...norm], [...norm, "residual"], [
  "residual",
]];

Object.keys(activations).forEach((name) => {
  const activation = name === "relu" || name === "leakyRelu" ? name : "none";
  epilogues.forEach((names) =>
    testOn(wasm, `FusedConvolution with [${names}] and ${activation} is that of the definition`, () => {
      // Eight channels go by vectors, and more rows than are finished at a time; five go number by number.
      checkFused(described([2, 17, 18, 3], [3, 8], 1), names, activation);
      checkFused(described([1, 7, 6, 4], [3, 5], 2), names, activation);
      return Promise.resolve();
    })
  );
});

testOn(wasm, "FusedConvolution turns NaN and infinities to what its parts would", () => {
  const x = { shape: [1, 1, 4, 1], values: [NaN, Infinity, -Infinity, -2] };
  const filter = { shape: [1, 1, 1, 8], values: new Array<number>(8).fill(1) };
  const first = (activation: string): number[] => {
    const { values } = run(wasmFusedConvolution, { x, filter }, { stride: 1, epsilon, activation, slope: 0.5 });
    return [0, 8, 16, 24].map((at) => values[at] ?? 0);
  };
  assertEquals(first("relu"), [NaN, Infinity, 0, 0]);
  assertEquals(first("leakyRelu"), [NaN, Infinity, -Infinity, -1]);
  return Promise.resolve();
});

testOn(wasm, "FusedConvolution refuses an activation that it does not know", () => {
  const gelu = { stride: 1, epsilon, activation: "gelu", slope: 0 };
  const error = assertThrows(() => run(wasmFusedConvolution, operands(described([1, 2, 2, 1], [1, 8], 1)), gelu));
  assert(error instanceof Error && error.message.includes("gelu"));
  return Promise.resolve();
});
