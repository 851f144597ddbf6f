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

/** Inputs by what makes them hard. */
const inputs: Readonly<Record<string, (length: number) => number[]>> = {
  "both signs": (length) => noise(length, 1),
  "negative values": (length) => noise(length, 2).map((value) => Math.fround(value - 2)),
  "ties": (length) => noise(length, 3).map((value) => Math.round(value)),
  "ties after a ReLU": (length) => noise(length, 4).map((value) => Math.max(0, Math.round(value * 2))),
  "all equal values": (length) => Array.from({ length }, () => -1),
  "all zeros": (length) => Array.from({ length }, () => 0),
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

testOn(backends, "maxPool of other windows, strides and padding sends the gradient to the maximum", async () => {
  const x = noise(2 * 6 * 7 * 2, 6);
  const dy = noise(2 * 2 * 6 * 2, 7);
  const f = (...[t = tf.scalar(0)]: tf.Tensor[]): tf.Tensor => tf.maxPool(t.as4D(2, 6, 7, 2), [3, 2], [3, 1], "valid");
  const { value, gradients: [dx = []] } = await forwardAndBackward(f, [{ shape: [2, 6, 7, 2], values: x }], dy);
  const at = (n: number, h: number, w: number, c: number) => ((n * 6 + h) * 7 + w) * 2 + c;
  const expected = new Float64Array(x.length);
  dy.forEach((gradient, k) => {
    const [c, j, i, n] = [k % 2, Math.floor(k / 2) % 6, Math.floor(k / 12) % 2, Math.floor(k / 24)];
    const window = [0, 1, 2].flatMap((r) => [0, 1].map((s) => at(n, 3 * i + r, j + s, c)));
    const most = Math.max(...window.map((place) => x[place] ?? NaN));
    assertClose([value[k] ?? NaN], [most], 0);
    const place = window.find((candidate) => x[candidate] === most) ?? -1;
    expected[place] = (expected[place] ?? 0) + gradient;
  });
  assertClose(dx, expected, 1e-6);
});
