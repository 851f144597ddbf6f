/** Winograd's convolution and its use by the kernels of both backends. */
import fc from "fast-check";
import { convolutionGeometry, floatInput, fourSizes } from "../../lib/backend/kernel_arguments.ts";
import { tiledGradient } from "../../lib/backend/wasm/conv2d_backprop_input.ts";
import { convolve as wasmConvolve } from "../../lib/backend/wasm/convolution.ts";
import { wasmBackend } from "../../lib/backend/wasm/frames.ts";
import { runConvolution } from "../../lib/backend/webgpu/convolution.ts";
import { webGpuBackend } from "../../lib/backend/webgpu/shader.ts";
import { filterMatrix, inputMatrix, type Matrix, outputMatrix, winogradPays } from "../../lib/backend/winograd.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import { assertClose, dot, held, noise, openBackends, sizeOf, testOn } from "./support.ts";

const backends = await openBackends();

const times = (matrix: Matrix, column: readonly number[]): number[] => matrix.map((row) => dot(row, column));

Deno.test("in one dimension the matrices give what a filter of three taps gives", () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 4, maxLength: 4 }),
      fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 3, maxLength: 3 }),
      (x, w) => {
        const weights = times(filterMatrix, w);
        const found = times(outputMatrix, times(inputMatrix, x).map((value, k) => value * (weights[k] ?? 0)));
        assertEquals(found, [0, 1].map((first) => dot(x.slice(first, first + 3), w)));
      },
    ),
  ));

/** The attributes of a convolution kernel. */
const attributes = ({ stride, padding: [top, bottom, left, right] }: Convolution): tf.NamedAttrMap => ({
  strides: [...stride],
  pad: [[0, 0], [top, bottom], [left, right], [0, 0]],
  dataFormat: "NHWC",
});

const described = (
  input: Convolution["input"],
  outputs: number,
  padding: Convolution["padding"] = [1, 1, 1, 1],
): Convolution => ({ input, filter: [3, 3, input[3], outputs], stride: [1, 1], padding });

/** Both directions by Winograd, whatever the table says. */
const kernelOf =
  (convolution: Convolution, direction: "forward" | "gradient"): tf.KernelFunc => ({ inputs, backend }) => {
    const { input, filter } = convolution;
    const geometry = convolutionGeometry(
      attributes(convolution),
      fourSizes("input", input),
      fourSizes("filter", filter),
    );
    const [read, weights] = [floatInput(inputs, "read"), floatInput(inputs, "weights")];
    if (tf.getBackend() === "webgpu") {
      return runConvolution(webGpuBackend(backend), { direction, geometry, read, weights, winograd: true });
    }
    const wasm = wasmBackend(backend);
    return direction === "forward"
      ? wasmConvolve(wasm, { x: read }, weights, geometry, undefined, true)
      : tiledGradient(wasm, read, weights, geometry);
  };

/** Runs a kernel under a name of its own; nothing is left. */
const run = async (kernelFunc: tf.KernelFunc, inputs: () => tf.NamedTensorMap, attrs = {}): Promise<Float32Array> => {
  const [kernelName, backendName] = ["KernelOfThisTest", tf.getBackend()];
  tf.registerKernel({ kernelName, backendName, kernelFunc });
  const result = tf.tidy((): tf.Tensor => {
    const made: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernelName, inputs(), attrs);
    assert(!Array.isArray(made));
    return made;
  });
  tf.unregisterKernel(kernelName, backendName);
  const values = Float32Array.from(await result.data());
  result.dispose();
  return values;
};

const shapes: readonly Convolution[] = [
  described([1, 8, 10, 8], 16),
  described([3, 7, 5, 16], 8),
  described([2, 15, 19, 8], 24),
  described([1, 57, 76, 8], 8),
  described([1, 1, 1, 8], 8),
  described([2, 1, 9, 8], 8),
  described([2, 6, 7, 8], 8, [0, 0, 0, 0]),
  described([1, 6, 5, 8], 8, [2, 0, 1, 3]),
];

shapes.forEach((shape) =>
  testOn(
    backends,
    `[${shape.input}] with [${shape.filter}], padding ${shape.padding}, has by Winograd the definition's values`,
    async () => {
      const made = convolutionShape(shape);
      const [x, w, dy] = [noise(sizeOf(shape.input), 1), noise(sizeOf(shape.filter), 2), noise(sizeOf(made), 3)];
      const expected = convolve(shape, x, w, dy);
      const before = held();
      const of = (values: readonly number[], form: readonly number[]) => () => ({
        read: tf.tensor([...values], [...form]),
        weights: tf.tensor(w, [...shape.filter]),
      });
      assertClose(await run(kernelOf(shape, "forward"), of(x, shape.input)), expected.y, 2e-6, "forward");
      assertClose(await run(kernelOf(shape, "gradient"), of(dy, made)), expected.dx, 2e-6, "gradient of the input");
      assertEquals(held(), before, "memory left over");
    },
  )
);

testOn(backends, "a convolution that the table gives to Winograd is finished like any other", async () => {
  const [channels, height, width] = [96, 29, 31];
  const shape = described([1, height, width, channels], channels);
  const taps = [3, 3] as const;
  assert(winogradPays({ taps, stride: [1, 1], pixels: height * width, summed: channels, made: channels }));
  const [x, w] = [noise(sizeOf(shape.input), 1), noise(sizeOf(shape.filter), 2)];
  const residual = noise(sizeOf(shape.input), 3);
  const vectors = [4, 5, 6, 7, 8].map((seed) => noise(channels, seed));
  const [bias = [], gamma = [], beta = [], mean = [], signed = []] = vectors;
  const variance = signed.map((value) => 100 + value);
  const { y } = convolve(shape, x, w, new Array<number>(residual.length).fill(0));
  const expected = Array.from(y, (sum, at) => {
    const c = at % channels;
    const scale = (gamma[c] ?? 0) / Math.sqrt((variance[c] ?? 0) + 1e-5);
    const value = (sum + (bias[c] ?? 0) - (mean[c] ?? 0)) * scale + (beta[c] ?? 0) + (residual[at] ?? 0);
    return value < 0 ? 0.1 * value : value;
  });
  const inputs = (): tf.NamedTensorMap => ({
    x: tf.tensor(x, [...shape.input]),
    filter: tf.tensor(w, [...shape.filter]),
    residual: tf.tensor(residual, [...shape.input]),
    bias: tf.tensor1d(bias),
    gamma: tf.tensor1d(gamma),
    beta: tf.tensor1d(beta),
    mean: tf.tensor1d(mean),
    variance: tf.tensor1d(variance),
  });
  const fused = tf.getKernel("FusedConvolution", tf.getBackend()).kernelFunc;
  const attrs = { stride: 1, epsilon: 1e-5, activation: "leakyRelu", slope: 0.1 };
  const found = await run(fused, inputs, attrs);
  assertClose(found, expected, 2e-6);
  assertEquals(await run(fused, inputs, attrs), found, "the same bits each time");
  const joined = (): tf.NamedTensorMap => {
    const { x, ...others } = inputs();
    const [first, second] = x === undefined ? [] : tf.split(x, [40, 56], 3);
    assert(first !== undefined && second !== undefined);
    return { ...others, x: first, second };
  };
  assertClose(await run(fused, joined, attrs), expected, 2e-6, "of two tensors joined along channels");
});

Deno.test("the table takes Winograd for 3×3 at stride 1 with enough channels and pixels", () => {
  const size = { taps: [3, 3], stride: [1, 1], pixels: 57 * 76, summed: 256, made: 256 } as const;
  assert(winogradPays(size));
  assert(winogradPays({ ...size, pixels: 29 * 38, summed: 512 }));
  assert(!winogradPays({ ...size, taps: [1, 1] }));
  assert(!winogradPays({ ...size, stride: [2, 2] }));
  assert(!winogradPays({ ...size, made: 1 }));
  assert(!winogradPays({ ...size, summed: 64, made: 64 }));
  assert(!winogradPays({ ...size, pixels: 80, summed: 512, made: 512 }));
});
