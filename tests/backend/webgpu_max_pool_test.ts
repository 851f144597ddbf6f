import { webGpuMaxPoolGrad } from "../../lib/backend/kernels/webgpu_max_pool_grad.ts";
import { runFused } from "../../lib/backend/fused.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assertEquals } from "../../tasks/std.ts";
import { maxPool } from "./reference.ts";
import { assertClose, dot, noise, sizeOf, testOn } from "./support.ts";
import { countDispatches, openWebGpu, registerAs, runKernel } from "./webgpu_support.ts";

const devices = await openWebGpu();
const name = "MaxPoolGrad of this library";
registerAs(name, webGpuMaxPoolGrad.kernelFunc);

const shapes: readonly (readonly [number, number, number, number])[] = [
  [1, 7, 9, 1],
  [3, 8, 6, 5],
  [1, 29, 38, 8],
  [1, 5, 8, 4],
  [3, 1, 2, 2],
];

/** Inputs by what makes them hard. */
const inputs: Readonly<Record<string, (length: number) => number[]>> = {
  "both signs": (length) => noise(length, 1),
  "negative values": (length) => noise(length, 2).map((value) => Math.fround(value - 2)),
  "ties": (length) => noise(length, 3).map((value) => Math.round(value)),
  "ties after a ReLU": (length) => noise(length, 4).map((value) => Math.max(0, Math.round(value * 2))),
  "all equal values": (length) => Array.from({ length }, () => -1),
};

const attributes: tf.NamedAttrMap = { filterSize: 3, strides: 2, pad: 1, dimRoundingMode: "floor" };

for (const shape of shapes) {
  for (const [kind, make] of Object.entries(inputs)) {
    testOn(devices, `maxPool of [${shape}] with ${kind} sends the gradient to the first maximum`, async () => {
      const input = { shape, values: make(sizeOf(shape)) };
      const pooled = [shape[0], Math.ceil(shape[1] / 2), Math.ceil(shape[2] / 2), shape[3]];
      const dy = { shape: pooled, values: noise(sizeOf(pooled), 5) };
      const expected = maxPool(shape, input.values, dy.values, "first");
      const output = { shape: pooled, values: expected.y };
      const run = () => runKernel(name, { dy, input, output }, attributes);
      const first = await run();
      const [dx = []] = first;
      assertClose(dx, expected.dx, 1e-6);
      assertClose([dot(dx, input.values)], [dot(dy.values, expected.y)], 1e-4, "⟨x, dx⟩ = ⟨y, dy⟩");
      assertEquals(await run(), first);
    });
  }
}

testOn(devices, "maxPool of other windows, strides and padding has the slopes of ⟨y, dy⟩", async () => {
  const windows = [
    { filterSize: [2, 3], strides: [1, 2], pad: "valid" },
    { filterSize: [3, 2], strides: [3, 1], pad: "same" },
    { filterSize: [5, 4], strides: [2, 3], pad: "same" },
    { filterSize: [1, 1], strides: [2, 2], pad: "valid" },
  ] as const;
  for (const { filterSize, strides, pad } of windows) {
    const shape = [2, 9, 11, 3];
    const x = noise(sizeOf(shape), 6);
    const y = tf.tidy(() => tf.maxPool(tf.tensor4d(x, [2, 9, 11, 3]), [...filterSize], [...strides], pad));
    const output = { shape: y.shape, values: [...await y.data()] };
    const dy = { shape: y.shape, values: noise(y.size, 7) };
    y.dispose();
    const given = { dy, input: { shape, values: x }, output };
    const [dx = []] = await runKernel(name, given, { filterSize: [...filterSize], strides: [...strides], pad });
    const owners = new Map(x.map((value, at) => [value, at]));
    const expected = new Float64Array(x.length);
    // The values of an image and channel are all different, so a maximum tells where it lies.
    output.values.forEach((value, at) => {
      const owner = owners.get(value) ?? -1;
      expected[owner] = (expected[owner] ?? 0) + (dy.values[at] ?? NaN);
    });
    assertClose(dx, expected, 1e-6, `${filterSize}`);
  }
});

testOn(devices, "the gradient of maxPool takes one dispatch", () => {
  tf.tidy(() => {
    const [input, output] = [tf.zeros([1, 8, 6, 4]), tf.zeros([1, 4, 3, 4])];
    assertEquals(countDispatches(() => runFused(name, { dy: output, input, output }, attributes)), 1);
  });
  return Promise.resolve();
});
