/** Sums of rows by their segments, which TensorFlow.js's wasm backend lacks, and with them the gradient of reading by indices. */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInput, inputOf, numberAttribute } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const [x, segmentIds] = [floatInput(inputs, "x"), inputOf(inputs, "segmentIds")];
  const count = numberAttribute(attrs, "numSegments");
  const sums = allocate(wasm, [count, ...x.shape.slice(segmentIds.shape.length)]);
  const [from, to, segments] = [view(wasm, x), view(wasm, sums), wasm.typedArrayFromHeap(segmentIds)];
  const size = count === 0 ? 0 : to.length / count;
  to.fill(0);
  // As on the other backends, rows of a segment that is not there are left out.
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row]!;
    if (segment < 0 || segment >= count) continue;
    for (let k = 0; k < size; k++) to[segment * size + k]! += from[row * size + k]!;
  }
  return sums;
};

/** UnsortedSegmentSum on wasm: rows x [N, …] and the segment of each, to sums [numSegments, …]. */
export const wasmUnsortedSegmentSum: tf.KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc,
};
