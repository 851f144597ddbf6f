/**
 * Slices with strides, as places that are gathered along each dimension. Where dimensions are added or left out, TensorFlow.js's
 * wasm kernel reads other places, and its WebGPU one makes a shader that no GPU takes.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { composedKernel, tensorOf } from "./composed_kernels.ts";

/** Every `stride`-th place of a dimension from `begin` up to `end`, or down to it. */
const strided = (x: tf.Tensor, axis: number, begin: number, end: number, stride: number): tf.Tensor => {
  const count = Math.max(0, Math.ceil((end - begin) / stride));
  const places = Int32Array.from({ length: count }, (_, k) => begin + k * stride);
  return begin === 0 && stride === 1 && count === x.shape[axis] ? x : tf.gather(x, tf.tensor1d(places, "int32"), axis);
};

/** Where a slice of a tensor of this shape begins and ends along each dimension, and of which shape it is. */
export const sliceInfoOf = (
  shape: readonly number[],
  attrs: tf.NamedAttrMap,
): ReturnType<typeof tf.slice_util.sliceInfo> =>
  tf.slice_util.sliceInfo(
    [...shape],
    attrs.begin as number[],
    attrs.end as number[],
    attrs.strides as number[],
    Number(attrs.beginMask),
    Number(attrs.endMask),
    Number(attrs.ellipsisMask),
    Number(attrs.newAxisMask),
    Number(attrs.shrinkAxisMask),
  );

/** StridedSlice on a backend. */
export const stridedSliceKernel = (backendName: string): tf.KernelConfig =>
  composedKernel(backendName, "StridedSlice", (tensors, attrs) => {
    const x = tensorOf(tensors, "x");
    const { begin, end, strides, finalShape } = sliceInfoOf(x.shape, attrs);
    const seen = x.shape.reduce(
      (sum, _, axis) => strided(sum, axis, begin[axis] ?? NaN, end[axis] ?? NaN, strides[axis] ?? NaN),
      x,
    );
    return tf.reshape(seen, finalShape);
  });
