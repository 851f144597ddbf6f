/**
 * What a wasm kernel needs of the backend's memory: tensors in it, views of them, and their addresses.
 *
 * A kernel owns what it allocates and releases all but its result; its inputs are its caller's. A view of the memory is
 * good until the next allocation or kernel, either of which may move the memory: allocate first, then take views.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { BackendWasm } from "../../dependencies/wasm.ts";
import { lengthOf } from "./attributes.ts";

/** The backend that a kernel was called with, as the WebAssembly backend; anything else is a bug and throws. */
export const wasmBackend = (backend: unknown): BackendWasm => {
  if (backend instanceof BackendWasm) return backend;
  throw new Error("a kernel of the wasm backend was run on another backend");
};

/** A new tensor of floats, not cleared; the caller releases it. */
export const allocate = (
  backend: BackendWasm,
  shape: readonly number[],
): tf.TensorInfo => backend.makeOutput([...shape], "float32");

/** Gives back a tensor that {@link allocate} or a kernel made. */
export const release = (backend: BackendWasm, tensor: tf.TensorInfo): void => {
  backend.disposeData(tensor.dataId);
};

/** The floats of a tensor in place, in row-major order. */
export const view = (
  backend: BackendWasm,
  tensor: tf.TensorInfo,
): Float32Array => {
  const values = backend.typedArrayFromHeap(tensor);
  if (values instanceof Float32Array) return values;
  throw new Error(`found a tensor of ${tensor.dtype}, expected float32`);
};

/** The memory of a tensor of floats as integers; good as long as a view of it. */
export const integers = (backend: BackendWasm, tensor: tf.TensorInfo): Int32Array => {
  const { buffer, byteOffset, length } = view(backend, tensor);
  return new Int32Array(buffer, byteOffset, length);
};

/** Where a tensor is in the backend's memory, in bytes. An address stays good when the memory grows. */
export const addressOf = (backend: BackendWasm, tensor: tf.TensorInfo): number =>
  backend.dataIdMap.get(tensor.dataId).memoryOffset;

/** A copy of a tensor with so many numbers of memory after it, for the caller to release. */
export const copyWithSlack = (backend: BackendWasm, tensor: tf.TensorInfo, numbers: number): tf.TensorInfo => {
  const size = lengthOf(tensor);
  const copy = allocate(backend, [size + numbers]);
  view(backend, copy).fill(0, size);
  view(backend, copy).set(view(backend, tensor));
  return copy;
};

/** Releases what was copied. */
export const releaseCopies = (
  backend: BackendWasm,
  factors: readonly { readonly copy?: tf.TensorInfo }[],
): void => factors.forEach(({ copy }) => copy !== undefined && release(backend, copy));
