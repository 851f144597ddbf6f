import { tf } from "../dependencies/tensorflow.ts";

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
