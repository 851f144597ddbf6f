/** FusedConvolution of feature maps joined along channels, and with residuals after the activation or resized. */
import { fusedGeometry } from "../../lib/backend/kernel_arguments.ts";
import { runFused } from "../../lib/backend/kernels.ts";
import { wasmFusedConvolution } from "../../lib/backend/wasm/fused_convolution.ts";
import { fusedConvolutionKernel } from "../../lib/backend/webgpu/fused_convolution.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { concatenate, type Maps, resizeTo, zipMaps } from "../nn/reference.ts";
import { noiseMaps } from "../nn/support.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { type Numbers, onBackend, valuesOf } from "../support.ts";
import { convolutionShape, convolve } from "./reference.ts";
import { assertClose, held, noise, sizeOf } from "./support.ts";
import { described, quickest, tiled } from "./webgpu_convolution_support.ts";

/** What a case has beside x [batch, height, width, first]. */
interface Case {
  readonly size: readonly [batch: number, height: number, width: number];
  /** Channels of x, of what is joined to it, and of the output. */
  readonly channels: readonly [first: number, second: number, made: number];
  readonly taps: number;
  readonly stride: number;
  readonly gain: boolean;
  readonly bias: boolean;
  /** Height and width of the residual. */
  readonly residual: readonly [number, number];
  readonly residualLast: boolean;
  readonly activation: "none" | "relu" | "leakyRelu";
}

const [epsilon, slope] = [1e-3, 0.1];

const activate = (value: number, activation: Case["activation"]): number =>
  activation === "none" || value > 0 ? value : activation === "relu" ? 0 : slope * value;

const vector = (length: number, seed: number, change = (value: number): number => value): Numbers => ({
  shape: [length],
  values: Float32Array.from(noise(length, seed), change),
});

const mapsOf = ({ size, channels: [first, second, made], residual, gain }: Case) => ({
  x: noiseMaps([...size, first], 1),
  second: noiseMaps([...size, second], 2),
  ...(gain ? { gain: noiseMaps([...size, second], 3) } : {}),
  residual: noiseMaps([size[0], ...residual, made], 4),
});

const vectorsOf = ({ channels: [, , made], bias }: Case) => ({
  gamma: vector(made, 5),
  beta: vector(made, 6),
  mean: vector(made, 7),
  variance: vector(made, 8, (value) => 1.5 + value),
  ...(bias ? { bias: vector(made, 9) } : {}),
});

const convolutionOf = ({ size, channels: [first, second, made], taps, stride }: Case) =>
  described([...size, first + second], [taps, taps, first + second, made], stride, Math.floor(taps / 2));

const filterOf = (each: Case): Maps => noiseMaps(convolutionOf(each).filter, 10);

const expected = (each: Case): readonly number[] => {
  const { x, second, gain, residual } = mapsOf(each);
  const { gamma, beta, mean, variance, bias } = vectorsOf(each);
  const convolution = convolutionOf(each);
  const [, height, width, made] = convolutionShape(convolution);
  const joined = concatenate(x, gain === undefined ? second : zipMaps(second, gain, (a, b) => a * b));
  const zeros = new Array<number>(sizeOf(convolutionShape(convolution))).fill(0);
  const { y } = convolve(convolution, [...joined.values], [...filterOf(each).values], zeros);
  const added = resizeTo(residual, [height, width]);
  return Array.from(y, (sum, at) => {
    const of = ({ values }: Numbers): number => values[at % made] ?? NaN;
    const deviation = Math.sqrt(of(variance) + epsilon);
    const normed = (sum + (bias === undefined ? 0 : of(bias)) - of(mean)) / deviation * of(gamma) + of(beta);
    const other = added.values[at] ?? NaN;
    return each.residualLast ? activate(normed, each.activation) + other : activate(normed + other, each.activation);
  });
};

/** What a kernel gives for a case; it leaves nothing behind. */
const found = async (kernelFunc: tf.KernelFunc, each: Case): Promise<Float32Array> => {
  const kernelName = "KernelOfThisTest";
  tf.registerKernel({ kernelName, backendName: tf.getBackend(), kernelFunc });
  const before = held();
  try {
    const { stride, activation, residualLast } = each;
    const values = await valuesOf(() => {
      const inputs = Object.entries({ ...mapsOf(each), ...vectorsOf(each), filter: filterOf(each) })
        .map(([name, { shape, values }]) => [name, tf.tensor([...values], [...shape])] as const);
      const [result] = runFused(kernelName, Object.fromEntries(inputs), {
        ...{ stride, activation, residualLast, epsilon, slope },
      });
      assert(result !== undefined);
      assertEquals(result.shape, convolutionShape(convolutionOf(each)));
      return result;
    });
    assertEquals(held().data, before.data, "scratch memory left over");
    return values;
  } finally {
    tf.unregisterKernel(kernelName, tf.getBackend());
  }
};

const usual: Case = {
  size: [1, 15, 19],
  channels: [4, 4, 8],
  taps: 3,
  stride: 1,
  gain: true,
  bias: false,
  residual: [15, 19],
  residualLast: true,
  activation: "relu",
};

const cases: Readonly<Record<string, Case>> = {
  "a product joined, the residual last": usual,
  "a batch of three, nothing multiplied, a coarser residual": {
    ...{ ...usual, size: [3, 8, 10], channels: [8, 4, 12], gain: false, residual: [5, 4] },
    activation: "leakyRelu",
  },
  "channels that are no multiple of 4, a coarser residual before the activation": {
    ...{ ...usual, size: [2, 5, 7], channels: [3, 6, 5], bias: true, residual: [3, 2] },
    residualLast: false,
  },
  "channels that are a multiple of 4 only together, a finer residual": {
    ...{ ...usual, size: [1, 5, 7], channels: [2, 6, 8], residual: [9, 8] },
    activation: "none",
  },
  "a stride of 2 and more channels in the second part": {
    ...{ ...usual, size: [2, 7, 9], channels: [4, 12, 8], stride: 2, residual: [4, 5] },
    residualLast: false,
  },
  "one tap": { ...usual, size: [2, 3, 5], channels: [5, 8, 16], taps: 1, residual: [2, 2] },
};

/** On software small tiles and few registers, as what takes time there is to compile. */
const kernels: readonly (readonly [name: string, backend: string, kernelFunc: tf.KernelFunc])[] = [
  ["", "wasm", wasmFusedConvolution.kernelFunc],
  [", in tiles", "webgpu", fusedConvolutionKernel(tiled(32, 32, 4, 4))],
  [", in registers", "webgpu", fusedConvolutionKernel(quickest)],
  [", with 8 buffers", "webgpu", fusedConvolutionKernel(quickest, 8)],
];

for (const [name, each] of Object.entries(cases)) {
  onBackend(`${name}: a fused convolution is what its parts are one after the other`, async ({ backend }) => {
    for (const [variant, own, kernelFunc] of kernels) {
      if (own === backend) assertClose(await found(kernelFunc, each), expected(each), 2e-6, `${name}${variant}`);
    }
  });
}

Deno.test("a fused convolution refuses inputs whose shapes do not belong together", () => {
  const right = {
    x: [1, 5, 7, 4],
    second: [1, 5, 7, 6],
    gain: [1, 5, 7, 6],
    filter: [3, 3, 10, 8],
    residual: [1, 3, 4, 8],
  };
  const run = (shapes: Readonly<Record<string, number[]>>) => {
    const named = Object.entries(shapes).map(([name, shape]): [string, tf.TensorInfo] => [
      name,
      { dataId: {}, shape, dtype: "float32" },
    ]);
    return fusedGeometry(Object.fromEntries(named), { stride: 1 });
  };
  assertEquals(run(right).outShape, [1, 5, 7, 8]);
  const { second: _, ...withoutSecond } = right;
  const wrong: readonly (readonly [name: string, Readonly<Record<string, number[]>>])[] = [
    ["second", { ...right, second: [1, 5, 8, 6] }],
    ["gain", { ...right, gain: [1, 5, 7, 5] }],
    ["gain", withoutSecond],
    ["filter", { ...right, filter: [3, 3, 9, 8] }],
    ["residual", { ...right, residual: [1, 5, 7, 1] }],
    ["residual", { ...right, residual: [2, 5, 7, 8] }],
  ];
  for (const [name, shapes] of wrong) {
    const error = assertThrows(() => run(shapes));
    assert(error instanceof Error && error.message.includes(`kernel input ${name}:`), name);
  }
});
