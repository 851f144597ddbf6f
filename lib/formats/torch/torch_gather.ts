import { dtypeSize } from "../dtype.ts";
import { byteCount, elementCount } from "../stored_tensor.ts";
import { axesOf, type Axis, type TensorView } from "./torch_views.ts";

/** How many of the axes, innermost first, lie in C order without gaps, and how many elements those have together. */
const contiguousAxes = (axes: readonly Axis[]): readonly [axes: number, elements: number] => {
  let [count, elements] = [0, 1];
  for (const { side, stride } of axes) {
    if (side !== 1 && stride !== elements) break;
    elements *= side;
    count++;
  }
  return [count, elements];
};

/** An axis with the index that is reached on it. */
interface Counter extends Axis {
  index: number;
}

/** Moves an index on in C order, its innermost axis first, and gives by how many elements its place moves. */
const advance = (counters: readonly Counter[]): number => {
  let moved = 0;
  for (const counter of counters) {
    counter.index++;
    if (counter.index < counter.side) return moved + counter.stride;
    counter.index = 0;
    moved -= (counter.side - 1) * counter.stride;
  }
  return moved;
};

/**
 * A view's elements in C order without gaps. `span` are the bytes from its first element to the last; they are given
 * back as they are where they are in that order already.
 */
export const gather = (view: TensorView, span: Uint8Array): Uint8Array => {
  const axes = axesOf(view).toReversed();
  const [inner, block] = contiguousAxes(axes);
  if (elementCount(view.shape) === 0 || inner === axes.length) return span;
  const size = dtypeSize[view.dtype];
  const result = new Uint8Array(byteCount(view));
  const [outer, blockBytes] = [axes.slice(inner).map((axis): Counter => ({ ...axis, index: 0 })), block * size];
  for (let to = 0, from = 0; to < result.length; to += blockBytes) {
    // A call for each element would take several times as long as copying its bytes.
    if (blockBytes > 64) result.set(span.subarray(from, from + blockBytes), to);
    else for (let byte = 0; byte < blockBytes; byte++) result[to + byte] = span[from + byte]!;
    from += advance(outer) * size;
  }
  return result;
};
