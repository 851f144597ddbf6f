// The backend is imported for its effect: it registers itself and its kernels.
import "../dependencies/wasm.ts";
import { E } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Device } from "./device.ts";
import { type KernelChoice, registerKernels } from "./kernels/register.ts";

/** Opens the wasm backend: one thread of the processor, with SIMD. */
export const openWasm = async (reason: string, kernels: KernelChoice): Promise<Device> => {
  registerKernels("wasm", kernels);
  if (!await tf.setBackend("wasm")) throw new Error("TensorFlow.js could not start its wasm backend");
  await tf.ready();
  return {
    backend: "wasm",
    adapter: "the processor, one thread",
    reason,
    kernels,
    health: () => Promise.resolve(E.right(undefined)),
  };
};
