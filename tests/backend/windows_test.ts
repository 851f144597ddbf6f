/** What the table of operations does not hold of convolutions with holes and of each channel by itself. */
import { registerGradients } from "../../lib/backend/gradients.ts";
import { registerWasmKernels } from "../../lib/backend/wasm/open.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { dot, noise, openBackends, testOn } from "./support.ts";

const backends = await openBackends();
const wasmOnly = backends.filter(({ backend }) => backend === "wasm");

type Convolution = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

const dilated: Convolution = (x, filter) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same", "NHWC", [2, 3]);

const depthwise: Convolution = (x, filter) =>
  tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same", "NHWC", [2, 3]);

/** ‖g‖² of a gradient g that is linear in what is given: its own gradient there, times what is given, is twice itself. */
const assertHomogeneous = async (squared: (given: tf.Tensor) => tf.Tensor, given: tf.Tensor): Promise<void> => {
  const [value, gradient] = tf.tidy(() => [squared(given), tf.grad(squared)(given)]);
  assert(value !== undefined && gradient !== undefined);
  const [[square = NaN], slope, at] = await Promise.all([value.data(), gradient.data(), given.data()]);
  tf.dispose([value, gradient]);
  const twice = dot(Array.from(slope), Array.from(at));
  assert(square > 0 && Math.abs(twice - 2 * square) < 1e-5 * square, `found ${twice}, expected ${2 * square}`);
};

[{ name: "with holes", convolve: dilated, outputs: 4 }, { name: "by channel", convolve: depthwise, outputs: 2 }]
  .forEach(
    ({ name, convolve, outputs }) =>
      testOn(backends, `gradients of gradients of convolutions ${name} have their sizes and slopes`, async () => {
        const x = tf.tensor(noise(6 * 7 * 3, 1), [1, 6, 7, 3]);
        const filter = tf.tensor(noise(9 * 3 * outputs, 2), [3, 3, 3, outputs]);
        const toInput = tf.grads((a: tf.Tensor, b: tf.Tensor) => convolve(a, b));
        const squareOf = (which: 0 | 1) => (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
          tf.sum(tf.square(toInput([a, b])[which] ?? tf.scalar(NaN)));
        await assertHomogeneous((b) => squareOf(0)(x, b), filter);
        await assertHomogeneous((a) => squareOf(1)(a, filter), x);
        tf.dispose([x, filter]);
      }),
  );

const message = (run: () => unknown): string => {
  const reason: unknown = assertThrows(run);
  return reason instanceof Error ? reason.message : String(reason);
};

testOn(backends, "windows larger than the picture, and channels first, are refused with what to do", () => {
  const [x, filter] = [tf.ones<tf.Rank.R4>([1, 4, 4, 4]), tf.ones<tf.Rank.R4>([3, 3, 4, 1])];
  const far = message(() => tf.tidy(() => tf.depthwiseConv2d(x, filter, 1, "valid", "NHWC", 3)));
  assertStringIncludes(far, "found a window of 7×7 pixels over an input [1,4,4,4]");
  assertStringIncludes(far, "use a smaller filter or dilation, or more padding");
  const first = message(() => tf.tidy(() => tf.depthwiseConv2d(x, filter, 1, "same", "NCHW")));
  assertStringIncludes(first, "transpose to channels last with tf.transpose");
  tf.dispose([x, filter]);
  return Promise.resolve();
});

testOn(wasmOnly, "with stock kernels TensorFlow.js's own refusals are back", () => {
  const [x, filter] = [tf.ones<tf.Rank.R4>([1, 5, 5, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 2])];
  const attributes = { strides: 1, pad: "same", dataFormat: "NHWC", dilations: [2, 3] };
  const train = (): unknown => tf.getGradient("Conv2D").gradFunc(x, [x, filter], attributes);
  registerWasmKernels("stock");
  registerGradients("stock");
  try {
    assertStringIncludes(message(train), "dilation rates greater than 1 are not yet supported in gradients");
    const missing: tf.KernelConfig | undefined = tf.getKernel("DepthwiseConv2dNativeBackpropInput", "wasm");
    assertEquals(missing, undefined);
  } finally {
    registerWasmKernels("own");
    registerGradients("own");
  }
  train();
  tf.dispose([x, filter]);
  return Promise.resolve();
});
