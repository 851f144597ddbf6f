/**
 * Replaces BatchMatMul on wasm, which can be silently wrong: it keeps the right factor in packed form by the identity of its
 * data and forgets the shape that it had, so that the same data as the right factor of another shape, such as a reshaped
 * tensor, gives wrong numbers. Here the right factor is a fresh copy each time.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInput, release, runStockKernel, wasmBackend } from "./wasm_memory.ts";

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const left = floatInput(inputs, "a");
  const right = floatInput(inputs, "b");
  const copy = runStockKernel(wasm, "Identity", { x: right }, {});
  const product = runStockKernel(wasm, "BatchMatMul", { a: left, b: { ...copy, shape: right.shape } }, attrs ?? {});
  release(wasm, copy);
  return product;
};

/** BatchMatMul on wasm: {a [batch, M, K], b [batch, K, N]} to [batch, M, N], each factor transposed if the attributes say so. */
export const wasmBatchMatMul: tf.KernelConfig = { kernelName: "BatchMatMul", backendName: "wasm", kernelFunc };
