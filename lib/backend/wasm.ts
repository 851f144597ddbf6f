// The backend is imported for its effect: it registers itself and its kernels.
import "../dependencies/wasm.ts";
import { E } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Device } from "./device.ts";
import { type KernelChoice, registerKernels } from "./kernels/register.ts";

/** What is used of the backend's WebAssembly module. */
interface Module {
  readonly _free: (address: number) => void;
  _malloc: (bytes: number) => number;
}

/**
 * The module's own allocation gives 0 where memory ends, over which TensorFlow.js would write, and from 2 GB on addresses
 * below 0, at which it would read something else.
 */
const allocateSoundly = (module: Module): void => {
  // At its first call the module puts another function in this one's place.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const address = allocate(bytes) >>> 0;
    if (address === 0 && bytes > 0) throw new Error(`no room for ${bytes} bytes in the 4 GB of the wasm backend`);
    return address;
  };
};

/** Opens the wasm backend: one thread of the processor, with SIMD. */
export const openWasm = async (reason: string, kernels: KernelChoice): Promise<Device> => {
  registerKernels("wasm", kernels);
  if (!await tf.setBackend("wasm")) throw new Error("TensorFlow.js could not start its wasm backend");
  await tf.ready();
  const { wasm } = tf.backend() as tf.KernelBackend & { readonly wasm: Module };
  allocateSoundly(wasm);
  return {
    backend: "wasm",
    adapter: "the processor, one thread",
    reason,
    kernels,
    health: () => Promise.resolve(E.right(undefined)),
  };
};
