import { tf } from "../../lib/dependencies/tensorflow.ts";
import { maxPool } from "./reference.ts";
import { assertClose, forwardAndBackward, fourOf, noise, openBackends, sizeOf, testOn } from "./support.ts";

const backends = await openBackends();

const pool = (...[x = tf.scalar(0)]: tf.Tensor[]): tf.Tensor =>
  tf.maxPool(x.as4D(...fourOf(x.shape)), 3, 2, 1, "floor");

const shapes: readonly (readonly [number, number, number, number])[] = [
  [1, 7, 9, 1],
  [3, 8, 6, 5],
  [1, 5, 8, 3],
  [3, 1, 2, 2],
];

/** Inputs with equal maxima, of which there are many after a ReLU. */
const inputs: Readonly<Record<string, (length: number) => number[]>> = {
  "ties": (length) => noise(length, 3).map((value) => Math.round(value)),
  "ties after a ReLU": (length) => noise(length, 4).map((value) => Math.max(0, Math.round(value * 2))),
  "equal values": (length) => Array.from({ length }, () => -1),
};

for (const backend of backends) {
  for (const shape of shapes) {
    for (const [kind, make] of Object.entries(inputs)) {
      testOn(
        [backend],
        `maxPool of [${shape}] with ${kind} sends the gradient to the first maximum, as PyTorch`,
        async () => {
          const x = make(sizeOf(shape));
          const pooled = [shape[0], Math.ceil(shape[1] / 2), Math.ceil(shape[2] / 2), shape[3]];
          const dy = noise(sizeOf(pooled), 5);
          const expected = maxPool(shape, x, dy, "first");
          const { value, gradients: [dx = []] } = await forwardAndBackward(
            pool,
            [{ shape: [...shape], values: x }],
            dy,
          );
          assertClose(value, expected.y, 0, "forward");
          assertClose(dx, expected.dx, 1e-6, "gradient");
        },
      );
    }
  }
}

type Window = readonly [size: [number, number], stride: [number, number], padding: "same" | "valid"];

const windows: readonly Window[] = [
  [[3, 2], [3, 1], "valid"],
  [[2, 3], [1, 2], "valid"],
  [[3, 2], [3, 1], "same"],
  [[5, 4], [2, 3], "same"],
  [[1, 1], [2, 2], "valid"],
];

windows.forEach(([size, stride, padding]) =>
  testOn(
    backends,
    `maxPool of ${size} with stride ${stride}, "${padding}", sends the gradient to the maximum`,
    async () => {
      const x = noise(2 * 9 * 11 * 3, 6);
      const f = (...[t = tf.scalar(0)]: tf.Tensor[]): tf.Tensor =>
        tf.maxPool(t.as4D(2, 9, 11, 3), size, stride, padding);
      const outputs = padding === "same"
        ? Math.ceil(9 / stride[0]) * Math.ceil(11 / stride[1])
        : (Math.floor((9 - size[0]) / stride[0]) + 1) * (Math.floor((11 - size[1]) / stride[1]) + 1);
      const dy = noise(2 * outputs * 3, 7);
      const { value, gradients: [dx = []] } = await forwardAndBackward(f, [{ shape: [2, 9, 11, 3], values: x }], dy);
      // The values of an image and channel are all different, so a maximum tells where it lies.
      const owners = new Map(x.map((each, at) => [each, at]));
      const expected = new Float64Array(x.length);
      value.forEach((maximum, at) => {
        const owner = owners.get(maximum) ?? -1;
        expected[owner] = (expected[owner] ?? 0) + (dy[at] ?? NaN);
      });
      assertClose(dx, expected, 1e-6);
    },
  )
);
