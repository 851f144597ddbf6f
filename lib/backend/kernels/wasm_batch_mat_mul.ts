import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs } from "./attributes.ts";
import { runStockKernel } from "./register.ts";
import { release, wasmBackend } from "./wasm_memory.ts";

const batchMatMul: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const { a, b } = floatInputs(inputs, "a", "b");
  const copy = runStockKernel("wasm", "Identity", { inputs: { x: b }, backend, attrs: {} });
  const factors = { a, b: { ...copy, shape: b.shape } };
  const product = runStockKernel("wasm", "BatchMatMul", { inputs: factors, backend, attrs });
  release(wasmBackend(backend), copy);
  return product;
};

/**
 * BatchMatMul on wasm: {a [batch, M, K], b [batch, K, N]} to [batch, M, N], each factor transposed if the attributes say so.
 *
 * It takes the place of one that can be silently wrong: it keeps the right factor in packed form by the identity of its data
 * and forgets the shape that it had, so that the same data as the right factor of another shape, such as a reshaped tensor,
 * gives wrong numbers. Here the right factor is a fresh copy each time.
 */
export const wasmBatchMatMul: tf.KernelConfig = {
  kernelName: "BatchMatMul",
  backendName: "wasm",
  kernelFunc: batchMatMul,
};
