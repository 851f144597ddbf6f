/**
 * What a wasm kernel needs of the backend's memory: tensors in it, views of them, and kernels that are already there.
 *
 * A kernel owns what it allocates and releases all but its result; its inputs are its caller's. A view of the memory is
 * good until the next allocation or kernel, either of which may move the memory: allocate first, then take views.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { BackendWasm } from "../../dependencies/wasm.ts";

/** The backend that a kernel was called with, as the WebAssembly backend; anything else is a bug and throws. */
export const wasmBackend = (backend: unknown): BackendWasm => {
  if (backend instanceof BackendWasm) return backend;
  throw new Error("a kernel of the wasm backend was run on another backend");
};

/** The input of this name; throws where it is missing or not of floats. */
export const floatInput = (
  inputs: tf.NamedTensorInfoMap,
  name: string,
): tf.TensorInfo => {
  const input = inputs[name];
  if (input?.dtype === "float32") return input;
  throw new Error(
    `kernel input ${name}: found ${input?.dtype ?? "nothing"}, expected float32`,
  );
};

/** A new tensor of floats, not cleared; the caller releases it. */
export const allocate = (
  backend: BackendWasm,
  shape: readonly number[],
): tf.TensorInfo => backend.makeOutput([...shape], "float32");

/** Gives back a tensor that {@link allocate} or {@link runKernel} made. */
export const release = (backend: BackendWasm, tensor: tf.TensorInfo): void => {
  backend.disposeData(tensor.dataId);
};

/** The floats of a tensor in place, in row-major order. */
export const view = (
  backend: BackendWasm,
  tensor: tf.TensorInfo,
): Float32Array => {
  const values = backend.typedArrayFromHeap(tensor);
  if (values instanceof Float32Array) return values;
  throw new Error(`found a tensor of ${tensor.dtype}, expected float32`);
};

const run = (
  { kernelName, kernelFunc }: tf.KernelConfig,
  backend: BackendWasm,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo => {
  const result = kernelFunc({ inputs, backend, attrs });
  if (!Array.isArray(result)) return result;
  throw new Error(`kernel ${kernelName} gave ${result.length} tensors, expected one`);
};

/** Runs a kernel that the wasm backend has and that gives one tensor; the caller releases it. */
export const runKernel = (
  backend: BackendWasm,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo => run(tf.getKernel(name, "wasm"), backend, inputs, attrs);

/** The name under which TensorFlow.js's own kernel stays where this library's took its place. */
export const stockName = (kernelName: string): string => `Stock${kernelName}`;

/** Runs TensorFlow.js's own kernel of this name, also where it was replaced; the caller releases its result. */
export const runStockKernel = (
  backend: BackendWasm,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo => {
  const stock: tf.KernelConfig | undefined = tf.getKernel(stockName(name), "wasm");
  return run(stock ?? tf.getKernel(name, "wasm"), backend, inputs, attrs);
};
