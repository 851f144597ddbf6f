/**
 * Kernels that must know whose data a tensor holds. On wasm, Identity copied it and products forgot its shape.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { inputOf } from "./attributes.ts";
import { wasmBackend } from "./wasm_memory.ts";

const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputOf(inputs, "x");
  wasmBackend(backend).incRef(dataId);
  return { dataId, shape, dtype };
};

/**
 * Identity on wasm: x to a tensor of the same shape and data.
 *
 * It takes the place of one that copies the data: every tensor that is kept for a backward pass goes through it. Here the
 * result shares the data of its input, as on the other backends; tensors never change, so nobody can tell.
 */
export const wasmIdentity: tf.KernelConfig = { kernelName: "Identity", backendName: "wasm", kernelFunc: identity };
