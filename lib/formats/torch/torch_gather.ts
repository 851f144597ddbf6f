import { dtypeSize } from "../dtype.ts";
import { byteCount, elementCount } from "../stored_tensor.ts";
import type { TensorView } from "./torch_views.ts";

/** Sizes and strides as typed arrays, whose loops are fast. */
interface Layout {
  readonly shape: Float64Array;
  readonly strides: Float64Array;
}

/** How many of the last dimensions lie in C order without gaps, and how many elements those have together. */
const contiguousTail = ({ shape, strides }: Layout): readonly [dimensions: number, elements: number] => {
  let elements = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const side = shape[dimension]!;
    if (side !== 1 && strides[dimension] !== elements) return [shape.length - 1 - dimension, elements];
    elements *= side;
  }
  return [shape.length, elements];
};

/** Moves an index on in C order, and gives by how many elements its place moves. */
const advance = (index: Float64Array, { shape, strides }: Layout): number => {
  let moved = 0;
  for (let dimension = index.length - 1; dimension >= 0; dimension--) {
    const [at, side, stride] = [index[dimension]! + 1, shape[dimension]!, strides[dimension]!];
    index[dimension] = at < side ? at : 0;
    if (at < side) return moved + stride;
    moved -= (side - 1) * stride;
  }
  return moved;
};

/**
 * A view's elements in C order without gaps. `span` are the bytes from its first element to the last; they are given
 * back as they are where they are in that order already.
 */
export const gather = (view: TensorView, span: Uint8Array): Uint8Array => {
  const layout = { shape: Float64Array.from(view.shape), strides: Float64Array.from(view.strides) };
  const [tail, block] = contiguousTail(layout);
  if (elementCount(view.shape) === 0 || tail === view.shape.length) return span;
  const size = dtypeSize[view.dtype];
  const result = new Uint8Array(byteCount(view));
  const [outer, blockBytes] = [new Float64Array(view.shape.length - tail), block * size];
  for (let to = 0, from = 0; to < result.length; to += blockBytes) {
    // A call for each element would take several times as long as copying its bytes.
    if (blockBytes > 64) result.set(span.subarray(from, from + blockBytes), to);
    else for (let byte = 0; byte < blockBytes; byte++) result[to + byte] = span[from + byte]!;
    from += advance(outer, layout) * size;
  }
  return result;
};
