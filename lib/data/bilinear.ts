import type { DepthImage } from "../formats/raster.ts";

/** The two input pixels that each output pixel of an axis lies between, and how much the second one weighs. */
interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

/** Rounded to 32 bits at each step, as backends compute it, so that results are the same to the last bit. */
const neighbours = (from: number, to: number): Neighbours => {
  const scale = Math.fround(from / to);
  const offset = Math.fround(Math.fround(0.5 * scale) - 0.5);
  const [first, second, weight] = [new Int32Array(to), new Int32Array(to), new Float32Array(to)];
  for (let at = 0; at < to; at++) {
    const position = Math.fround(Math.fround(at * scale) + offset);
    const within = Math.min(Math.max(position, 0), from - 1);
    first[at] = Math.floor(within);
    second[at] = Math.min(first[at]! + 1, from - 1);
    weight[at] = within - first[at]!;
  }
  return { first, second, weight };
};

const between = (a: number, b: number, weight: number): number =>
  Math.fround(a + Math.fround(Math.fround(b - a) * weight));

const widenRow = ({ metres, width }: DepthImage, row: number, columns: Neighbours, output: Float32Array): void => {
  const start = row * width;
  for (let at = 0; at < output.length; at++) {
    output[at] = between(
      metres[start + columns.first[at]!]!,
      metres[start + columns.second[at]!]!,
      columns.weight[at]!,
    );
  }
};

const mixRows = (above: Float32Array, below: Float32Array, weight: number, output: Float32Array): void => {
  for (let at = 0; at < output.length; at++) output[at] = between(above[at]!, below[at]!, weight);
};

/**
 * A depth map without holes at another size: bilinear at half-pixel centres, edges clamped, without antialiasing. It is that
 * of TensorFlow's wasm backend to the last bit, but for pictures of any size: a device need not hold what it makes, which may
 * be a thousand times as large as what goes in.
 */
export const resizeBilinearly = (height: number, width: number): (depth: DepthImage) => DepthImage => (depth) => {
  if (depth.height === height && depth.width === width) return depth;
  const [rows, columns] = [neighbours(depth.height, height), neighbours(depth.width, width)];
  const metres = new Float32Array(height * width);
  const wide = [new Float32Array(width), new Float32Array(width)] as const;
  const held = [-1, -1];
  // Two rows at a time are as wide as the result: an even one and an odd one.
  const wideRow = (row: number): Float32Array => {
    const slot = row % 2 === 0 ? wide[0] : wide[1];
    if (held[row % 2] !== row) widenRow(depth, row, columns, slot);
    held[row % 2] = row;
    return slot;
  };
  for (let row = 0; row < height; row++) {
    const [above, below] = [wideRow(rows.first[row]!), wideRow(rows.second[row]!)];
    mixRows(above, below, rows.weight[row]!, metres.subarray(row * width, (row + 1) * width));
  }
  return { height, width, metres };
};
