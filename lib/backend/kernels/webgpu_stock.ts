/** What a kernel that takes the place of one of TensorFlow.js's leaves to it. */
import { tf } from "../../dependencies/tensorflow.ts";
import { stockName } from "./wasm_memory.ts";

/** The input of this name; throws where it is missing. */
export const inputOf = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo => {
  const input = inputs[name];
  if (input !== undefined) return input;
  throw new Error(`kernel input ${name}: found nothing, expected a tensor`);
};

const isOne = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) ? value : [value]).every((size) => size === 1);

/** Whether a convolution is one of floats, with channels last and without holes in its filter. */
export const isOrdinary = (attrs: tf.NamedAttrMap, inputs: tf.NamedTensorInfoMap): boolean =>
  (attrs.dataFormat ?? "NHWC") === "NHWC" && isOne(attrs.dilations) &&
  Object.values(inputs).every((input) => input?.dtype === "float32");

/** Runs TensorFlow.js's own kernel of this name, which stays as `Stock…` where it was replaced. @throws Error if none. */
export const runStock = (name: string, call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | tf.TensorInfo[] => {
  const stock: tf.KernelConfig | undefined = tf.getKernel(stockName(name), "webgpu") ?? tf.getKernel(name, "webgpu");
  return stock.kernelFunc(call);
};
