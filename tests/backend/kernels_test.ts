import { registerWasmKernels } from "../../lib/backend/wasm/open.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { convolve } from "./reference.ts";
import { assertClose, convolution, held, noise, openBackends, testOn } from "./support.ts";

const backends = await openBackends();
const wasmOnly = backends.filter(({ backend }) => backend === "wasm");

const message = (run: () => unknown): string => {
  const reason: unknown = assertThrows(run);
  return reason instanceof Error ? reason.message : String(reason);
};

testOn(
  backends,
  "the filter's gradient is right where dy is also the right factor of a product of another shape",
  async () => {
    const values = noise(24, 5);
    const x = noise(12, 6);
    const results = tf.tidy(() => {
      const dy = tf.tensor(values, [1, 2, 3, 4]);
      const product = tf.matMul(tf.ones([1, 2]), tf.reshape(dy, [2, 12]));
      const inputs = [tf.tensor(x, [1, 2, 3, 2]), tf.ones([1, 1, 2, 4])];
      return [product, ...tf.grads(convolution([1, 1], 0))(inputs, dy)];
    });
    const [, , dw = []] = await Promise.all(results.map((result) => result.data()));
    tf.dispose(results);
    const described = {
      input: [1, 2, 3, 2],
      filter: [1, 1, 2, 4],
      stride: [1, 1],
      padding: [0, 0, 0, 0],
    } as const;
    assertClose([...dw].map(Number), convolve(described, x, noise(8, 1), values).dw);
  },
);

testOn(wasmOnly, "kernels refuse dilated filters with a stride and unknown padding", () => {
  const x = tf.ones([1, 7, 7, 1]);
  const run = (attributes: tf.NamedAttrMap) => () =>
    tf.getKernel("Conv2DBackpropFilter", "wasm").kernelFunc({
      inputs: { x, dy: x },
      backend: tf.backend(),
      attrs: { strides: 1, pad: "same", filterShape: [3, 3, 1, 1], ...attributes },
    });
  const both = message(run({ strides: 2, dilations: [2, 1] }));
  assertStringIncludes(both, "dilations: found [2,1], expected 1 at the strides [2,2]: convolve at stride 1");
  assertStringIncludes(message(run({ pad: "half" })), 'pad: found "half"');
  x.dispose();
  return Promise.resolve();
});

const first = (tensor: tf.Tensor): tf.Tensor4D => tf.transpose<tf.Tensor4D>(tensor as tf.Tensor4D, [0, 3, 1, 2]);

/** A convolution of stride 2 and what its gradients are, in one of both orders of dimensions. */
const inOrder = (
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  dy: tf.Tensor4D,
  order: "NHWC" | "NCHW",
): readonly tf.Tensor[] => {
  const run = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 1, order);
  return [run(x, filter), ...tf.grads(run)([x, filter], dy)];
};

testOn(backends, "with the channels first, convolutions and their gradients are those with them last", async () => {
  const results = tf.tidy(() => {
    const x = tf.tensor4d([...noise(2 * 5 * 6 * 3, 7)], [2, 5, 6, 3]);
    const filter = tf.tensor4d([...noise(9 * 3 * 4, 8)], [3, 3, 3, 4]);
    const dy = tf.tensor4d([...noise(2 * 3 * 3 * 4, 9)], [2, 3, 3, 4]);
    const [y = x, dx = x, dFilter = x] = inOrder(x, filter, dy, "NHWC");
    return [first(y), first(dx), dFilter, ...inOrder(first(x), filter, first(dy), "NCHW")];
  });
  const values = await Promise.all(results.map(async (result) => [...await result.data()].map(Number)));
  values.slice(0, 3).forEach((expected, at) => assertClose(values[at + 3] ?? [], expected, 1e-5));
  assertEquals(results.slice(3).map(({ shape }) => shape), results.slice(0, 3).map(({ shape }) => shape));
  tf.dispose(results);
});

testOn(backends, "a convolution whose dilations are null is one without holes", async () => {
  const [x, filter] = [tf.tensor(noise(60, 7), [1, 5, 4, 3]), tf.tensor(noise(27 * 8, 8), [3, 3, 3, 8])];
  const run = (dilations: tf.NamedAttrMap): tf.Tensor => {
    const attributes = { strides: [1, 1], pad: 1, dataFormat: "NHWC", ...dilations };
    const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel("Conv2D", { x, filter }, attributes);
    assert(!Array.isArray(result));
    return result;
  };
  const results = [run({}), run(JSON.parse('{ "dilations": null }'))];
  const [expected, found] = await Promise.all(results.map((result) => result.data()));
  assertEquals(found, expected);
  tf.dispose([x, filter, ...results]);
});

testOn(backends, "repeated forward and backward passes hold no more memory", async () => {
  const inputs = [
    tf.tensor(noise(3 * 9 * 8 * 4, 1), [3, 9, 8, 4]),
    tf.tensor(noise(9 * 4 * 4, 2), [3, 3, 4, 4]),
    tf.tensor(noise(4 * 4, 2), [1, 1, 4, 4]),
  ];
  const f = (...[x = tf.scalar(0), w3 = x, w1 = x]: tf.Tensor[]): tf.Tensor => {
    const y = convolution([2, 2], 0)(convolution([1, 1], 1)(x, w3), w1);
    const pooled = tf.maxPool(y.as4D(3, 5, 4, 4), 3, 2, 1);
    return tf.sum(convolution([2, 2], 1)(pooled, w3));
  };
  const step = async (): Promise<void> => {
    const gradients = tf.grads(f)(inputs);
    await Promise.all(gradients.map((gradient) => gradient.data()));
    tf.dispose(gradients);
  };
  await step();
  const before = held();
  for (let k = 0; k < 5; k++) await step();
  assertEquals(held(), before);
  tf.dispose(inputs);
});

Deno.test("registering the kernels again changes nothing", () => {
  const names = ["Conv2DBackpropFilter", "Conv2DBackpropInput", "MaxPoolGrad"];
  const kernels = () => names.map((name) => tf.getKernel(name, "wasm"));
  const before = kernels();
  registerWasmKernels("own");
  assertEquals(kernels().map((kernel, k) => kernel === before[k]), [true, true, true]);
});
