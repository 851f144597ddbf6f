/**
 * Forms of operations that TensorFlow.js's wasm kernels refuse or have wrong, brought to those that they have right: channels
 * first, biases that are no row, slopes of another shape than their input.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { composedKernel, type KernelTensors, tensorOf } from "../composed_kernels.ts";
import { hasChannelsLast, inputOf, lengthOf } from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { wasmBackend } from "./frames.ts";

const run = (name: string, inputs: KernelTensors, attrs: tf.NamedAttrMap): tf.Tensor => {
  const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, { ...inputs }, attrs);
  if (!Array.isArray(result)) return result;
  throw new Error(`kernel ${name} gave ${result.length} tensors, expected one`);
};

const last = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 3, 1]);

const first = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 3, 1, 2]);

/** What is told of each dimension, in the order of dimensions with the channels last. */
const shapeLast = ([n, c, h, w]: readonly unknown[]): readonly unknown[] => [n, h, w, c];

/** The same kernel, which takes pictures with their channels first, too: those in `pictures`, and its result if it is one. */
export const withChannelsFirst = (
  kernel: tf.KernelConfig,
  pictures: readonly string[],
  givesPictures: boolean,
): tf.KernelConfig => {
  const { kernelName, backendName } = kernel;
  const composed = composedKernel(backendName, kernelName, (tensors, attrs) => {
    const turned = pictures.map((name) => [name, last(tensorOf(tensors, name))] as const);
    const shape = attrs.inputShape === undefined ? {} : { inputShape: shapeLast(attrs.inputShape as number[]) };
    const pad = Array.isArray(attrs.pad) ? { pad: shapeLast(attrs.pad) } : {};
    const own = { ...attrs, ...shape, ...pad, dataFormat: "NHWC" } as tf.NamedAttrMap;
    const result = run(kernelName, { ...tensors, ...Object.fromEntries(turned) }, own);
    return givesPictures ? first(result) : result;
  });
  return {
    ...kernel,
    kernelFunc: (call) => (hasChannelsLast(call.attrs ?? {}) ? kernel : composed).kernelFunc(call),
  };
};

const activated = (x: tf.Tensor, tensors: KernelTensors, attrs: tf.NamedAttrMap): tf.Tensor => {
  switch (attrs.activation) {
    case "linear":
    case undefined:
      return x;
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.relu6(x);
    case "elu":
      return tf.elu(x);
    case "sigmoid":
      return tf.sigmoid(x);
    case "leakyrelu":
      return tf.leakyRelu(x, Number(attrs.leakyreluAlpha));
    case "prelu":
      return tf.prelu(x, tensorOf(tensors, "preluActivationWeights"));
    default:
      throw new Error(`found the activation "${attrs.activation}", expected one of TensorFlow.js's`);
  }
};

/** With the channels first, a bias or a slope of each channel stands before rows and columns. */
const inFront = (x: tf.Tensor | undefined, isFirst: boolean): tf.Tensor | undefined =>
  x !== undefined && isFirst && x.rank === 1 && x.size > 1 ? tf.reshape(x, [x.size, 1, 1]) : x;

/** A fused operation as its parts, for forms that no fused kernel takes. */
const asParts = (part: string, operands: readonly string[]) => (tensors: KernelTensors, attrs: tf.NamedAttrMap) => {
  const isFirst = attrs.dataFormat === "NCHW";
  const own = Object.fromEntries(operands.map((name) => [name, tensorOf(tensors, name)]));
  const plain = run(part, own, attrs);
  const bias = inFront(tensors["bias"], isFirst);
  const slopes = inFront(tensors["preluActivationWeights"], isFirst);
  const biased = bias === undefined ? plain : tf.add(plain, bias);
  return activated(biased, slopes === undefined ? tensors : { ...tensors, preluActivationWeights: slopes }, attrs);
};

/** A fused kernel that goes by parts where its bias or its slopes are no row of channels, or channels come first. */
const fused = (kernelName: string, part: string, operands: readonly string[]): tf.KernelConfig => {
  const composed = composedKernel("wasm", kernelName, asParts(part, operands));
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: (call) => {
      const { bias, preluActivationWeights: slopes } = call.inputs;
      const isUsual = call.attrs?.dataFormat !== "NCHW" && (bias?.shape.length ?? 1) === 1 && slopes === undefined;
      return isUsual ? runStockKernel("wasm", kernelName, call) : composed.kernelFunc(call);
    },
  };
};

/** Of x ≥ 0 itself, of the others the product with the slope. */
const repeatedPrelu = composedKernel("wasm", "Prelu", (tensors) => {
  const [x, alpha] = [tensorOf(tensors, "x"), tensorOf(tensors, "alpha")];
  return tf.sub(tf.relu(x), tf.mul(alpha, tf.relu(tf.neg(x))));
});

/** TensorFlow.js's own reads slopes of another shape than the input's as if they had it. */
const prelu: tf.KernelConfig = {
  ...repeatedPrelu,
  kernelFunc: (call) => {
    const isSame = inputOf(call.inputs, "x").shape.join() === inputOf(call.inputs, "alpha").shape.join();
    return isSame ? runStockKernel("wasm", "Prelu", call) : repeatedPrelu.kernelFunc(call);
  },
};

/** TensorFlow.js's own reads beyond the end of its input, or of a row, where a part is asked for that is not there. */
const slice: tf.KernelConfig = {
  kernelName: "Slice",
  backendName: "wasm",
  kernelFunc: (call) => {
    const { begin, size } = call.attrs ?? {};
    const x = inputOf(call.inputs, "x");
    const [from = [], sizes = []] = tf.slice_util.parseSliceParams(x, begin as number[], size as number[]);
    tf.slice_util.assertParamsValid(x, from, sizes);
    return runStockKernel("wasm", "Slice", call);
  },
};

/** Of nothing, TensorFlow.js's own gives what was in memory before. */
const sum: tf.KernelConfig = {
  kernelName: "Sum",
  backendName: "wasm",
  kernelFunc: (call) => {
    const result = runStockKernel("wasm", "Sum", call);
    if (lengthOf(inputOf(call.inputs, "x")) === 0) wasmBackend(call.backend).typedArrayFromHeap(result).fill(0);
    return result;
  },
};

/** Fused convolutions and products, PReLU, slices and sums on wasm. */
export const wasmOtherForms: readonly tf.KernelConfig[] = [
  fused("FusedConv2D", "Conv2D", ["x", "filter"]),
  fused("FusedDepthwiseConv2D", "DepthwiseConv2dNative", ["x", "filter"]),
  fused("_FusedMatMul", "BatchMatMul", ["a", "b"]),
  prelu,
  slice,
  sum,
];
