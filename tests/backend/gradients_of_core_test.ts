/** Gradients that TensorFlow.js has wrong or not at all, by the adjoint identity and by their definition. */
import { registerGradients } from "../../lib/backend/gradients.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { assertClose, dot, forwardAndBackward, noise, openBackends, sizeOf, testOn } from "./support.ts";

const backends = await openBackends();

/** ⟨Ax, y⟩ = ⟨x, Aᵀy⟩, with x and y that look random. */
const adjoint = (name: string, shape: [number, number, number, number], apply: (x: tf.Tensor4D) => tf.Tensor): void =>
  testOn(backends, `${name} of [${shape}] has its adjoint as gradient`, async () => {
    const f = (...[x]: tf.Tensor[]): tf.Tensor => apply(tf.reshape(x ?? tf.scalar(0), shape));
    const size = tf.tidy(() => sizeOf(apply(tf.zeros(shape)).shape));
    const [x, y] = [noise(sizeOf(shape), 5), noise(size, 7)];
    const { value, gradients: [dx = []] } = await forwardAndBackward(f, [{ shape, values: x }], y);
    assertClose([dot(x, dx)], [dot(value, y)], 1e-5);
  });

([[1, 3, 1, "same"], [2, 3, 2, "same"], [1, 2, 3, "valid"], [3, 4, 2, 1]] as const).forEach(
  ([batch, size, stride, pad]) =>
    adjoint(
      `avgPool ${size} stride ${stride} pad ${pad}`,
      [batch, 7, 5, 3],
      (x) => tf.avgPool(x, size, stride, pad, pad === 1 ? "floor" : undefined),
    ),
);

(["reflect", "symmetric"] as const).forEach((mode) =>
  adjoint(`mirrorPad ${mode}`, [2, 5, 4, 3], (x) => tf.mirrorPad(x, [[0, 0], [2, 1], [3, 0], [1, 2]], mode))
);

testOn(backends, "smooth L1 inside tf.where has its gradient", async () => {
  const smooth = (...[x = tf.scalar(0)]: tf.Tensor[]): tf.Tensor => {
    const size = tf.abs(x);
    return tf.where(tf.less(size, 1), tf.mul(tf.square(x), 0.5), tf.sub(size, 0.5));
  };
  const { gradients: [dx = []] } = await forwardAndBackward(smooth, [{ shape: [4], values: [-3, -0.5, 0.25, 2] }], [
    1,
    1,
    1,
    1,
  ]);
  assertClose(dx, [-1, -0.5, 0.25, 1]);
});

testOn(backends, "a transposed convolution to fewer pixels than it reads is cut off", async () => {
  const result = tf.tidy(() =>
    tf.conv2dTranspose(tf.ones<tf.Rank.R4>([1, 8, 8, 1]), tf.fill<tf.Rank.R4>([1, 1, 1, 1], 2), [1, 4, 4, 1], 1, "same")
  );
  const value = await result.data();
  result.dispose();
  assertClose(value, Array.from({ length: 16 }, () => 2));
});

testOn(backends, "a transposed convolution to fewer pixels gives each tap its own pixel", async () => {
  const [x, expected] = [Array.from({ length: 9 }, (_, k) => k + 1), [1, 2, 4, 5]];
  const result = tf.tidy(() =>
    tf.conv2dTranspose(tf.tensor4d(x, [1, 3, 3, 1]), tf.ones<tf.Rank.R4>([1, 1, 1, 1]), [1, 2, 2, 1], 1, "same")
  );
  const value = await result.data();
  result.dispose();
  assertClose(value, expected);
});

Deno.test("TensorFlow.js's own gradients come back for stock kernels", () => {
  const own = tf.getGradient("AvgPool");
  registerGradients("stock");
  assert(tf.getGradient("AvgPool") !== own);
  assertEquals(tf.getGradient("Less"), undefined);
  registerGradients("own");
  assertEquals(tf.getGradient("AvgPool"), own);
});
