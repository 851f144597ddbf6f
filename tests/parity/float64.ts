/**
 * TensorFlow.js in float64: its cpu backend stores numbers in whatever `Float32Array` is, and importing this file
 * makes that `Float64Array` for the whole process. It stands before other imports, in a test file of its own.
 *
 * Two computations of one function agree but for rounding. Rounding of 1e-16 hides nothing, even where batch norm
 * over a few positions amplifies it.
 */
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert } from "../std.ts";
import { convolutionKernels } from "./float64_kernels.ts";

Object.defineProperty(globalThis, "Float32Array", { value: Float64Array });

/** The platform that also takes float64 arrays for tensors' values. */
const platform = Object.assign(Object.create(tf.env().platform), {
  isTypedArray: (value: unknown): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView),
});

/** Opens the cpu backend with the kernels of this folder. */
export const openFloat64 = async (): Promise<void> => {
  tf.env().setPlatform("float64", platform);
  convolutionKernels.forEach((kernel) => {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel(kernel);
  });
  assert(await tf.setBackend("cpu"));
};
