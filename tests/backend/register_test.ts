/** Own kernels and TensorFlow.js's can be exchanged at any time. */
import { hasKernel, type KernelChoice } from "../../lib/backend/kernels.ts";
import { registerWasmKernels } from "../../lib/backend/wasm/open.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";

const convolved = async (): Promise<readonly number[]> => {
  const result = tf.tidy(() => {
    const [x, filter] = [tf.range(0, 2 * 5 * 6 * 8), tf.range(0, 3 * 3 * 8 * 8)];
    return tf.conv2d(x.reshape<tf.Tensor4D>([2, 5, 6, 8]), filter.reshape<tf.Tensor4D>([3, 3, 8, 8]), 1, 1);
  });
  const values = [...await result.data()].map(Number);
  result.dispose();
  return values;
};

const withKernels = async <A>(choice: KernelChoice, run: () => A | Promise<A>): Promise<A> => {
  registerWasmKernels(choice);
  try {
    return await run();
  } finally {
    registerWasmKernels("own");
  }
};

/** A kernel that was replaced stays under another name. */
const isOwn = (): boolean => hasKernel("StockConv2D");

onWasm("stock kernels take the place of own ones, and back, as often as one likes", async () => {
  assert(isOwn());
  for (let round = 0; round < 2; round++) {
    await withKernels("stock", () => assertEquals([isOwn(), hasKernel("FusedConvolution")], [false, false]));
    assertEquals([isOwn(), hasKernel("FusedConvolution")], [true, true]);
  }
});

onWasm("both compute the same convolution", async () => {
  const [own, stock] = [await convolved(), await withKernels("stock", convolved)];
  assertEquals(own.length, stock.length);
  own.forEach((value, at) => assert(Math.abs(value - (stock[at] ?? NaN)) <= 1e-6 * Math.abs(value), `at ${at}`));
});

onWasm("without own kernels there still is a filter gradient, which TensorFlow.js does not have", async () => {
  await withKernels("stock", () => assert(hasKernel("Conv2DBackpropFilter")));
});
