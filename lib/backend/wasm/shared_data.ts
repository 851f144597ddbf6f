/**
 * Kernels that must know whose data a tensor holds. On wasm, Identity copied it and products forgot its shape.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, inputOf } from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { release, wasmBackend } from "./frames.ts";

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
