import { tf } from "../../lib/dependencies/tensorflow.ts";
import { absolute, stopGradient } from "../../lib/nn/operations.ts";
import { assertEquals } from "../std.ts";
import { assertClose, forwardAndBackward, held, noise, openBackends, testOn } from "./support.ts";

const backends = await openBackends();

testOn(backends, "stopGradient keeps the values and stops only its own path", async () => {
  const x = noise(6, 1);
  const { value, gradients: [dx = []] } = await forwardAndBackward(
    (t = tf.scalar(NaN)) => tf.mul(t, stopGradient(tf.square(t))),
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
