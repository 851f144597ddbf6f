// The gradients of TensorFlow.js's operations that the library builds on, against central differences of plain float64
// functions, and at the kinks against the convention of PyTorch.
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { absolute } from "../../lib/nn/absolute.ts";
import { stopGradient } from "../../lib/nn/stop_gradient.ts";
import { assertEquals } from "../../tasks/std.ts";
import {
  assertClose,
  centralDifferences,
  dot,
  forwardAndBackward,
  held,
  noise,
  openBackends,
  sizeOf,
  testOn,
} from "./support.ts";

const backends = await openBackends();

interface Operation {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly tensors: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** The same on plain numbers, in float64. */
  readonly numbers: (...inputs: (readonly number[])[]) => number[];
}

const zero = tf.scalar(0);
zero.dispose();

const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

const operations: readonly Operation[] = [
  {
    name: "matMul",
    shapes: [[3, 5], [5, 4]],
    tensors: (a = zero, b = zero) => tf.matMul(a, b),
    numbers: (a = [], b = []) =>
      range(12).map((k) => dot(a.slice(5 * (k >> 2), 5 * (k >> 2) + 5), range(5).map((m) => b[m * 4 + (k & 3)] ?? 0))),
  },
  {
    name: "relu",
    shapes: [[3, 7]],
    tensors: (x = zero) => tf.relu(x),
    numbers: (x = []) => x.map((value) => Math.max(0, value)),
  },
  {
    name: "leakyRelu",
    shapes: [[3, 7]],
    tensors: (x = zero) => tf.leakyRelu(x, 0.2),
    numbers: (x = []) => x.map((value) => value > 0 ? value : 0.2 * value),
  },
  {
    name: "absolute",
    shapes: [[3, 7]],
    tensors: (x = zero) => absolute(x),
    numbers: (x = []) => x.map(Math.abs),
  },
  {
    name: "concat of channels",
    shapes: [[1, 2, 3, 2], [1, 2, 3, 1]],
    tensors: (a = zero, b = zero) => tf.mul(tf.concat([a, b], 3), tf.concat([b, a], 3)),
    numbers: (a = [], b = []) =>
      range(18).map((k) => {
        const pixel = Math.floor(k / 3);
        const joined = [a[2 * pixel] ?? 0, a[2 * pixel + 1] ?? 0, b[pixel] ?? 0];
        const other = [b[pixel] ?? 0, a[2 * pixel] ?? 0, a[2 * pixel + 1] ?? 0];
        return (joined[k % 3] ?? 0) * (other[k % 3] ?? 0);
      }),
  },
  {
    name: "add with a row broadcast",
    shapes: [[3, 2, 5], [5]],
    tensors: (a = zero, b = zero) => tf.square(tf.add(a, b)),
    numbers: (a = [], b = []) => a.map((value, k) => (value + (b[k % 5] ?? 0)) ** 2),
  },
  {
    name: "mul with both sides broadcast",
    shapes: [[3, 1, 4], [1, 2, 1]],
    tensors: (a = zero, b = zero) => tf.mul(a, b),
    numbers: (a = [], b = []) => range(24).map((k) => (a[4 * Math.floor(k / 8) + k % 4] ?? 0) * (b[(k >> 2) % 2] ?? 0)),
  },
  {
    name: "mean of height and width",
    shapes: [[3, 2, 3, 2]],
    tensors: (x = zero) => tf.square(tf.mean(x, [1, 2])),
    numbers: (x = []) =>
      range(6).map((k) => (range(6).reduce((sum, p) => sum + (x[(k >> 1) * 12 + p * 2 + k % 2] ?? 0), 0) / 6) ** 2),
  },
  {
    name: "cross entropy of logSoftmax",
    shapes: [[3, 5]],
    tensors: (x = zero) =>
      tf.neg(tf.sum(tf.mul(tf.logSoftmax(x.as2D(3, 5)), tf.oneHot(tf.tensor1d([4, 0, 2], "int32"), 5)))),
    numbers: (x = []) => [
      [4, 0, 2].reduce((loss, label, n) => {
        const row = x.slice(5 * n, 5 * n + 5);
        return loss + Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - (row[label] ?? 0);
      }, 0),
    ],
  },
  {
    name: "batch norm at inference",
    shapes: [[1, 2, 3, 2], [2], [2], [2], [2]],
    tensors: (x = zero, scale = zero, offset = zero, mean = zero, root = zero) =>
      tf.batchNorm(x, mean.as1D(), tf.square(root).as1D(), offset.as1D(), scale.as1D(), 1e-5),
    numbers: (x = [], scale = [], offset = [], mean = [], root = []) =>
      x.map((value, k) => {
        const c = k % 2;
        const spread = Math.sqrt((root[c] ?? 0) ** 2 + 1e-5);
        return (value - (mean[c] ?? 0)) / spread * (scale[c] ?? 0) + (offset[c] ?? 0);
      }),
  },
];

operations.forEach(({ name, shapes, tensors, numbers }) =>
  testOn(backends, `${name} has the values and gradients of central differences`, async () => {
    const inputs = shapes.map((shape, k) => noise(sizeOf(shape), 11 + k));
    const expected = numbers(...inputs);
    const dy = noise(expected.length, 3);
    const { value, gradients } = await forwardAndBackward(
      tensors,
      inputs.map((values, k) => ({ values, shape: [...shapes[k] ?? []] })),
      dy,
    );
    assertClose(value, expected, 1e-5, "forward");
    inputs.forEach((input, k) => {
      const loss = (x: readonly number[]): number => dot(numbers(...inputs.with(k, [...x])), dy);
      assertClose(gradients[k] ?? [], centralDifferences(loss, input), 1e-5, `gradient ${k}`);
    });
  })
);

const kinks: readonly (readonly [name: string, f: (x: tf.Tensor) => tf.Tensor, expected: readonly number[]])[] = [
  ["relu", (x) => tf.relu(x), [0, 0, 1]],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.25), [0.25, 0.25, 1]],
  ["absolute", absolute, [-1, 0, 1]],
  ["stopGradient", stopGradient, [0, 0, 0]],
];

kinks.forEach(([name, f, expected]) =>
  testOn(backends, `${name} has PyTorch's gradient below, at and above 0`, async () => {
    const { gradients: [dx = []] } = await forwardAndBackward(
      (...[x = zero]) => f(x),
      [{ shape: [3], values: [-2, 0, 2] }],
      [1, 1, 1],
    );
    assertEquals(Array.from(dx, (value) => value + 0), [...expected]);
  })
);

testOn(backends, "stopGradient keeps the values and stops only its own path", async () => {
  const x = noise(6, 1);
  const { value, gradients: [dx = []] } = await forwardAndBackward(
    (...[t = zero]) => tf.mul(t, stopGradient(tf.square(t))),
    [{ shape: [2, 3], values: x }],
    [1, 1, 1, 1, 1, 1],
  );
  assertClose(value, x.map((a) => a ** 3), 1e-6);
  assertClose(dx, x.map((a) => a ** 2), 1e-6);
});

testOn(backends, "absolute and stopGradient hold no more memory when repeated", async () => {
  const x = tf.tensor(noise(24, 1), [2, 3, 4]);
  const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.mul(absolute(t), stopGradient(t))));
  const step = async (): Promise<void> => {
    const dx = gradient(x);
    await dx.data();
    tf.dispose([dx, absolute(x), stopGradient(x)]);
  };
  await step();
  const before = held();
  for (let k = 0; k < 5; k++) await step();
  assertEquals(held(), before);
  x.dispose();
});
