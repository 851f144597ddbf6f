import fc from "fast-check";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { interpolationMatrix, resizeBilinear } from "../../lib/nn/resize.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../tasks/std.ts";
import { resize } from "./reference.ts";
import { assertClose, dot, forwardAndBackward, fourOf, held, noise, openBackends, sizeOf, testOn } from "./support.ts";

const backends = await openBackends();

type Case = readonly [
  from: readonly [batch: number, height: number, width: number, channels: number],
  to: readonly [height: number, width: number],
];

const cases: readonly Case[] = [
  [[1, 29, 38, 2], [57, 76]],
  [[3, 15, 19, 3], [29, 38]],
  [[3, 8, 10, 5], [15, 19]],
  [[1, 57, 76, 1], [228, 304]],
  [[1, 57, 76, 2], [29, 38]],
  [[3, 29, 38, 1], [15, 19]],
  [[1, 15, 19, 4], [8, 10]],
  [[1, 228, 304, 1], [57, 76]],
  [[3, 5, 9, 2], [9, 4]],
  [[1, 1, 1, 3], [4, 5]],
  [[3, 6, 7, 2], [1, 1]],
  [[3, 6, 7, 2], [6, 7]],
  [[3, 3, 4, 1], [7, 31]],
];

cases.forEach(([from, to]) =>
  testOn(backends, `resizeBilinear of [${from}] to ${to} and its gradient are those of the definition`, async () => {
    const x = noise(sizeOf(from), 1);
    const dy = noise(from[0] * to[0] * to[1] * from[3], 2);
    const expected = resize(from, to, x, dy);
    const { value, gradients: [dx = []] } = await forwardAndBackward(
      (...[t = tf.scalar(0)]) => resizeBilinear(t.as4D(...fourOf(t.shape)), to),
      [{ shape: [...from], values: x }],
      dy,
    );
    assertClose(value, expected.y, 2e-5, "forward");
    assertClose(dx, expected.dx, 1e-5, "gradient");
    const scale = Math.sqrt(dot(value, value) * dot(dy, dy)) + 1;
    assert(Math.abs(dot(value, dy) - dot(x, dx)) < 1e-5 * scale, "⟨Ax, y⟩ = ⟨x, Aᵀy⟩");
  })
);

testOn(backends, "the gradient of resizeBilinear holds no more memory when repeated", async () => {
  const x = tf.tensor(noise(3 * 5 * 7 * 2, 1), [3, 5, 7, 2]);
  const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.square(resizeBilinear(t.as4D(3, 5, 7, 2), [9, 4]))));
  const step = async (): Promise<void> => {
    const dx = gradient(x);
    await dx.data();
    dx.dispose();
  };
  await step();
  const before = held();
  for (let k = 0; k < 5; k++) await step();
  assertEquals(held(), before);
  x.dispose();
});

const size = fc.integer({ min: 1, max: 40 });

Deno.test("every row of the interpolation matrix is a weighting of at most two neighbours", () =>
  fc.assert(fc.property(size, size, (input, output) => {
    const matrix = interpolationMatrix(input, output);
    for (let o = 0; o < output; o++) {
      const row = Array.from(matrix.subarray(o * input, (o + 1) * input));
      assertAlmostEquals(row.reduce((sum, weight) => sum + weight, 0), 1, 1e-6);
      const used = row.flatMap((weight, k) => weight > 0 ? [k] : []);
      assert(used.length <= 2 && (used.at(-1) ?? 0) - (used[0] ?? 0) <= 1);
      assert(row.every((weight) => weight >= 0));
    }
  })));

Deno.test("the interpolation matrix keeps a ramp, but for its clamped ends", () =>
  fc.assert(fc.property(size, size, (input, output) => {
    const matrix = interpolationMatrix(input, output);
    for (let o = 0; o < output; o++) {
      const row = Array.from(matrix.subarray(o * input, (o + 1) * input));
      const centre = (o + 0.5) * input / output - 0.5;
      const found = row.reduce((sum, weight, k) => sum + weight * k, 0);
      assertAlmostEquals(found, Math.min(Math.max(centre, 0), input - 1), 1e-4);
    }
  })));

Deno.test("the interpolation matrix that doubles three pixels is the one known", () => {
  // torch.nn.functional.interpolate, scale 2, align_corners=False
  assertEquals(
    Array.from(interpolationMatrix(3, 6)),
    [[1, 0, 0], [0.75, 0.25, 0], [0.25, 0.75, 0], [0, 0.75, 0.25], [0, 0.25, 0.75], [0, 0, 1]].flat(),
  );
});
