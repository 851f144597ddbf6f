/**
 * Replaces Identity on wasm, which copies the data: every tensor that is kept for a backward pass goes through it. Here the
 * result shares the data of its input, as on the other backends; tensors never change, so nobody can tell.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { wasmBackend } from "./wasm_memory.ts";

const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs;
  if (x === undefined) throw new Error("kernel input x: found nothing, expected a tensor");
  wasmBackend(backend).incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};

/** Identity on wasm: x to a tensor of the same shape and data. */
export const wasmIdentity: tf.KernelConfig = { kernelName: "Identity", backendName: "wasm", kernelFunc };
