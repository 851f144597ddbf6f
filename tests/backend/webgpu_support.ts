/**
 * What the tests of this library's kernels for WebGPU share: the device, kernels by name, and the number of
 * dispatches.
 */
import { runFused } from "../../lib/backend/kernels.ts";
import { webGpuBackend } from "../../lib/backend/webgpu/shader.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";

export { openWebGpu } from "./support.ts";

/** Registers a kernel under a name that no other has, for a test to run by it. */
export const registerAs = (kernelName: string, kernelFunc: tf.KernelFunc): void =>
  tf.registerKernel({ kernelName, backendName: "webgpu", kernelFunc });

/** A tensor as numbers and a shape. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Runs a kernel and reads all that it gives; nothing is left. */
export const runKernel = async (
  name: string,
  inputs: Readonly<Record<string, Values>>,
  attrs: tf.NamedAttrMap,
): Promise<readonly Float32Array[]> => {
  const results = tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([key, { shape, values }]) =>
      [key, tf.tensor([...values], [...shape])] as const
    );
    return [...runFused(name, Object.fromEntries(tensors), attrs)];
  });
  const values = await Promise.all(results.map(async (result) => Float32Array.from(await result.data())));
  tf.dispose(results);
  return values;
};

/** How many dispatches `run` records. */
export const countDispatches = (run: () => void): number => {
  const backend = webGpuBackend(tf.backend());
  const original = backend.runWebGPUProgram;
  let count = 0;
  backend.runWebGPUProgram = (...args) => {
    count += 1;
    return original.apply(backend, args);
  };
  try {
    run();
  } finally {
    backend.runWebGPUProgram = original;
  }
  return count;
};

/** Registers a kernel of this library's under its own name, unless it is. */
export const ensureRegistered = (kernel: tf.KernelConfig): void => {
  const present: tf.KernelConfig | undefined = tf.getKernel(kernel.kernelName, kernel.backendName);
  if (present === kernel) return;
  if (present !== undefined) tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
};
