import { runFused } from "../../lib/backend/kernels.ts";
import { webGpuMaxPoolGrad } from "../../lib/backend/webgpu/max_pool_grad.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { noise, testOn } from "./support.ts";
import { countDispatches, openWebGpu, registerAs, runKernel } from "./webgpu_support.ts";

const devices = await openWebGpu();
const name = "MaxPoolGrad of this library";
registerAs(name, webGpuMaxPoolGrad.kernelFunc);

const attributes: tf.NamedAttrMap = { filterSize: 3, strides: 2, pad: 1, dimRoundingMode: "floor" };

testOn(devices, "the gradient of maxPool has the same bits each time", async () => {
  const shape = [1, 29, 38, 8];
  const pooled = [1, 15, 19, 8];
  const input = { shape, values: noise(29 * 38 * 8, 4).map((value) => Math.max(0, Math.round(value * 2))) };
  const y = tf.tidy(() => tf.maxPool(tf.tensor4d(input.values, [1, 29, 38, 8]), 3, 2, 1, "floor"));
  const output = { shape: pooled, values: [...await y.data()] };
  y.dispose();
  const dy = { shape: pooled, values: noise(15 * 19 * 8, 5) };
  const run = () => runKernel(name, { dy, input, output }, attributes);
  const first = await run();
  assert(first[0]?.some((value) => value !== 0));
  assertEquals(await run(), first);
});

testOn(devices, "the gradient of maxPool takes one dispatch", () => {
  tf.tidy(() => {
    const [input, output] = [tf.zeros([1, 8, 6, 4]), tf.zeros([1, 4, 3, 4])];
    assertEquals(countDispatches(() => runFused(name, { dy: output, input, output }, attributes)), 1);
  });
  return Promise.resolve();
});
