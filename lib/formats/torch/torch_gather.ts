import { dtypeSize } from "../dtype.ts";
import { byteCount, elementCount } from "../stored_tensor.ts";
import type { TensorView } from "./torch_views.ts";

type Layout = Pick<TensorView, "shape" | "strides">;

/** How many of the last dimensions lie in C order without gaps, and how many elements those have together. */
const contiguousTail = ({ shape, strides }: Layout): readonly [dimensions: number, elements: number] => {
  let elements = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const side = shape[dimension] ?? 1;
    if (side !== 1 && strides[dimension] !== elements) return [shape.length - 1 - dimension, elements];
    elements *= side;
  }
  return [shape.length, elements];
};

/** Moves an index on in C order, and gives by how many elements its place moves. */
const advance = (index: number[], { shape, strides }: Layout): number => {
  let moved = 0;
  for (let dimension = index.length - 1; dimension >= 0; dimension--) {
    const [at, side, stride] = [(index[dimension] ?? 0) + 1, shape[dimension] ?? 1, strides[dimension] ?? 0];
    index[dimension] = at < side ? at : 0;
    if (at < side) return moved + stride;
    moved -= (side - 1) * stride;
  }
  return moved;
};

const gatherElements = (view: TensorView, span: Uint8Array, block: number, dimensions: number): Uint8Array => {
  const size = dtypeSize[view.dtype];
  const result = new Uint8Array(byteCount(view));
  const [outer, blockBytes] = [Array.from({ length: dimensions }, () => 0), block * size];
  for (let to = 0, from = 0; to < result.length; to += blockBytes) {
    // A call for each element would take several times as long as copying its bytes.
    if (blockBytes > 64) result.set(span.subarray(from, from + blockBytes), to);
    else for (let byte = 0; byte < blockBytes; byte++) result[to + byte] = span[from + byte] ?? 0;
    from += advance(outer, view) * size;
  }
  return result;
};

/**
 * A view's elements in C order without gaps. `span` are the bytes from its first element to the last; they are given
 * back as they are where they are in that order already.
 */
export const gather = (view: TensorView, span: Uint8Array): Uint8Array => {
  const [dimensions, block] = contiguousTail(view);
  if (elementCount(view.shape) === 0 || dimensions === view.shape.length) return span;
  return gatherElements(view, span, block, view.shape.length - dimensions);
};
