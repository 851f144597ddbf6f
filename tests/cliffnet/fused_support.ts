/** What the tests of fused kernels share. */
import { tf } from "../../lib/dependencies/tensorflow.ts";

/** The kernel that computes convolution, batch norm and what is around them in one. */
export const kernelName = "FusedConvolution";

/** Runs `run` with another kernel in the place of the fused one, or with none. */
export const withFused = async <A>(kernelFunc: tf.KernelFunc | undefined, run: () => A | Promise<A>): Promise<A> => {
  const backendName = tf.getBackend();
  const own = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  if (kernelFunc !== undefined) tf.registerKernel({ kernelName, backendName, kernelFunc });
  try {
    return await run();
  } finally {
    if (kernelFunc !== undefined) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(own);
  }
};
