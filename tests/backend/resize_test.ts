import fc from "fast-check";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { interpolationMatrix, resizeBilinear } from "../../lib/nn/resize.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { held, noise, openBackends, testOn } from "./support.ts";

const backends = await openBackends();

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
