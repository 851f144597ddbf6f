/**
 * TensorFlow.js's table of kernels: this library's take the place of those that it has wrong, slow or not at all, and kernels
 * are run from it by their names.
 */
import { tf } from "../dependencies/tensorflow.ts";

/** Whose kernels compute: this library's where it has some, or TensorFlow.js's own, for comparison.
 * @category Backends */
export type KernelChoice = "own" | "stock";

/** What a kernel is called with. */
export type KernelCall = Parameters<tf.KernelFunc>[0];

/** The name under which TensorFlow.js's own kernel stays where this library's took its place. */
const stockName = (kernelName: string): string => `Stock${kernelName}`;

const kernelOf = (name: string, backendName: string): tf.KernelConfig | undefined => tf.getKernel(name, backendName);

/** Puts one kernel in the place of the one of the same name, if any, which stays under another name. */
const putInPlace = (kernel: tf.KernelConfig): void => {
  const { kernelName, backendName } = kernel;
  const present = kernelOf(kernelName, backendName);
  if (present === kernel) return;
  if (present !== undefined) {
    tf.registerKernel({ ...present, kernelName: stockName(kernelName) });
    tf.unregisterKernel(kernelName, backendName);
  }
  tf.registerKernel(kernel);
};

/** Takes one kernel away, and puts the one that it replaced back. */
const takeAway = (kernel: tf.KernelConfig): void => {
  const { kernelName, backendName } = kernel;
  if (kernelOf(kernelName, backendName) !== kernel) return;
  tf.unregisterKernel(kernelName, backendName);
  const stock = kernelOf(stockName(kernelName), backendName);
  if (stock === undefined) return;
  tf.unregisterKernel(stock.kernelName, backendName);
  tf.registerKernel({ ...stock, kernelName });
};

/**
 * Puts a backend's kernels in the place of TensorFlow.js's own, or, for "stock", puts TensorFlow.js's back where it has any
 * and leaves those that are indispensable. Calling it again changes nothing.
 */
export const registerKernels = (
  kernels: readonly tf.KernelConfig[],
  choice: KernelChoice,
  indispensable: readonly tf.KernelConfig[] = [],
): void =>
  kernels.forEach((kernel) =>
    choice === "own" || indispensable.includes(kernel) ? putInPlace(kernel) : takeAway(kernel)
  );

const run = (kernel: tf.KernelConfig | undefined, name: string, call: KernelCall): tf.TensorInfo => {
  if (kernel === undefined) throw new Error(`found no kernel ${name}`);
  const result = kernel.kernelFunc(call);
  if (!Array.isArray(result)) return result;
  throw new Error(`kernel ${name} gave ${result.length} tensors, expected one`);
};

/** Runs a kernel that a backend has and that gives one tensor; the caller releases it. */
export const runKernel = (backendName: string, name: string, call: KernelCall): tf.TensorInfo =>
  run(kernelOf(name, backendName), name, call);

/** Runs TensorFlow.js's own kernel of this name, also where it was replaced; the caller releases its result. */
export const runStockKernel = (backendName: string, name: string, call: KernelCall): tf.TensorInfo =>
  run(kernelOf(stockName(name), backendName) ?? kernelOf(name, backendName), name, call);

/** Whether the current backend has this library's kernel of this name, which does in one pass what else takes many. */
export const hasKernel = (name: string): boolean => {
  const kernel: tf.KernelConfig | undefined = tf.getKernel(name, tf.getBackend());
  return kernel !== undefined;
};

/** Runs a kernel of the current backend that gives several tensors. @throws Error if it is not there. */
export const runFused = (
  name: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap,
): readonly tf.Tensor[] => {
  const results: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, inputs, attrs);
  return Array.isArray(results) ? results : [results];
};
