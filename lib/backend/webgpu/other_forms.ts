/** Operations that TensorFlow.js's WebGPU backend has wrong or too coarse, composed of those that it has right. */
import { tf } from "../../dependencies/tensorflow.ts";
import { composedKernel, tensorOf } from "../composed_kernels.ts";
import { runStockKernel } from "../kernels.ts";
import { stridedSliceKernel } from "../strided_slice.ts";

/** Whether numbers are stored in another way than floats. */
const isStoredAsInteger = (dtype: string): boolean => dtype === "bool" || dtype === "int32";

const toFloat = composedKernel("webgpu", "Cast", (tensors, attrs) => {
  const labelled: tf.Tensor = tf.engine().runKernel("StockCast", { x: tensorOf(tensors, "x") }, attrs);
  // Products convert what they read.
  return tf.mul(labelled, 1);
});

/**
 * TensorFlow.js's own calls integers floats and leaves them as they are stored: what moves them, such as a sum along the first
 * dimension, then makes a shader that no GPU takes.
 */
const cast: tf.KernelConfig = {
  ...toFloat,
  kernelFunc: (call) => {
    const isConverted = call.attrs?.dtype === "float32" && isStoredAsInteger(call.inputs["x"]?.dtype ?? "");
    return isConverted ? toFloat.kernelFunc(call) : runStockKernel("webgpu", "Cast", call);
  },
};

/** √(1 − x²), exact also near 1. */
const opposite = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.mul(tf.sub(1, x), tf.add(1, x)));

/** WGSL's own arcs of sine and cosine need to be right to four digits only. */
const asin = composedKernel("webgpu", "Asin", (tensors) => {
  const x = tensorOf(tensors, "x");
  return tf.atan2(x, opposite(x));
});

const acos = composedKernel("webgpu", "Acos", (tensors) => {
  const x = tensorOf(tensors, "x");
  return tf.atan2(opposite(x), x);
});

const only = (result: tf.Tensor | tf.Tensor[]): tf.Tensor => {
  if (!Array.isArray(result)) return result;
  throw new Error(`found ${result.length} results of a kernel, expected one`);
};

/**
 * Running sums and products from the end on: TensorFlow.js keeps one shader for rows of all lengths, in which the length of
 * the first stands.
 */
const running = (kernelName: "Cumsum" | "Cumprod"): tf.KernelConfig => {
  const fromEnd = composedKernel("webgpu", kernelName, (tensors, attrs) => {
    const [x, axis] = [tensorOf(tensors, "x"), Number(attrs.axis)];
    const turned = { x: tf.reverse(x, axis) };
    return tf.reverse(only(tf.engine().runKernel(`Stock${kernelName}`, turned, { ...attrs, reverse: false })), axis);
  });
  return {
    ...fromEnd,
    kernelFunc: (call) =>
      call.attrs?.reverse === true ? fromEnd.kernelFunc(call) : runStockKernel("webgpu", kernelName, call),
  };
};

/** Products along dimensions that stay: of small tensors, TensorFlow.js's own leave them out. */
const prod = composedKernel("webgpu", "Prod", (tensors, attrs) => {
  const x = tensorOf(tensors, "x");
  const axes = tf.util.parseAxisParam(attrs.axis as number | number[], x.shape);
  const product = only(tf.engine().runKernel("StockProd", { x }, { ...attrs, keepDims: false }));
  const wide = x.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
  return attrs.keepDims === true ? tf.reshape(product, wide) : product;
});

/** The gradient of maxima of volumes: TensorFlow.js takes the windows' height for their width. */
const maxPool3DGrad: tf.KernelConfig = {
  kernelName: "MaxPool3DGrad",
  backendName: "webgpu",
  kernelFunc: (call) => {
    const [, height, width]: readonly unknown[] = [call.attrs?.filterSize].flat();
    if (height === width) return runStockKernel("webgpu", "MaxPool3DGrad", call);
    throw new Error(
      `tf.maxPool3d: found a gradient of windows of ${height}×${width} pixels on WebGPU, expected windows as high as wide: ` +
        "take the wasm backend, or tf.maximum of tf.maxPool of its planes",
    );
  },
};

/** Conversions to floats, arcs, running sums from the end on and slices with strides, on WebGPU. */
export const webGpuOtherForms: readonly tf.KernelConfig[] = [
  cast,
  asin,
  acos,
  running("Cumsum"),
  running("Cumprod"),
  prod,
  stridedSliceKernel("webgpu"),
  maxPool3DGrad,
];
