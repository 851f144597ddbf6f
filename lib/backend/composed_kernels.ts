/**
 * Kernels that a backend lacks, or has wrong, composed of its other ones: slower than code of their own would be, and right.
 * What is computed on the way is freed, and of a gradient's tape they are one operation.
 */
import { tf } from "../dependencies/tensorflow.ts";

/** The tensors that a kernel is called with, by name. */
export type KernelTensors = Readonly<Record<string, tf.Tensor>>;

/** What a kernel is called with, as tensors; those that are no tensors yet are of another kernel, and share its data. */
const tensorsOf = (inputs: tf.NamedTensorInfoMap, backend: unknown): KernelTensors =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, info]) => {
      if (info === undefined) return [];
      if (info instanceof tf.Tensor) return [[name, info] as const];
      (backend as tf.KernelBackend).incRef(info.dataId);
      return [[name, tf.engine().makeTensorFromTensorInfo(info)] as const];
    }),
  );

/** A kernel of a backend as a function of tensors. */
export const composedKernel = (
  backendName: string,
  kernelName: string,
  run: (tensors: KernelTensors, attributes: tf.NamedAttrMap) => tf.Tensor | tf.Tensor[],
): tf.KernelConfig => ({
  kernelName,
  backendName,
  kernelFunc: ({ inputs, attrs = {}, backend }) => tf.tidy(() => run(tensorsOf(inputs, backend), attrs)),
});

/** An input of a composed kernel. @throws Error if it was not given. */
export const tensorOf = (tensors: KernelTensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`found no input ${name} of a kernel`);
  return tensor;
};
