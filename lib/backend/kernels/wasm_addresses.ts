/**
 * Images in a frame of zeros, where the procedures that copy find pixels by their addresses. What a convolution reads may be
 * joined along channels, and multiplied, on the way to the frame.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { addressOf, allocate, view } from "./wasm_memory.ts";

/** A rectangle of pixels, the same of every image; it may lie partly outside of them. */
export interface Frame {
  /** The row of its first pixel, negative above the image. */
  readonly top: number;
  /** The column of its first pixel, negative to the left of the image. */
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** Images in memory, [batch, rows, columns, channels]. */
export interface Images {
  /** The address of the frame's first pixel. */
  readonly address: number;
  /** How many rows, and pixels in each, it is from an image to the next. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** What holds them if they were copied, for the caller to release. */
  readonly copy?: tf.TensorInfo;
}

/** A run of pixels of a row, from the pixel `from` of the images to the pixel `to` of the frame. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

/** The pixels that a frame shows of images [batch, height, width, channels]. */
export const runsOf = (
  [batch, height, width]: readonly [number, number, number, number],
  { top, left, rows, columns }: Frame,
): readonly Run[] => {
  const [firstRow, endRow] = [Math.max(0, top), Math.min(height, top + rows)];
  const [first, end] = [Math.max(0, left), Math.min(width, left + columns)];
  if (first >= end) return [];
  return Array.from({ length: batch }, (_, n) =>
    Array.from({ length: Math.max(0, endRow - firstRow) }, (_, i) => ({
      from: (n * height + firstRow + i) * width + first,
      to: (n * rows + firstRow + i - top) * columns + first - left,
      pixels: end - first,
    }))).flat();
};

/** Numbers after a copy, so that a vector may be read at its last number. */
const slack = 4;

/**
 * The pixels of images that a frame shows, zeros outside. They are where the images are if the frame lies inside them,
 * else a copy, and also if `slack` is asked for: then up to 3 numbers after the last one can be read.
 */
export const framed = (
  backend: BackendWasm,
  images: tf.TensorInfo,
  shape: readonly [number, number, number, number],
  frame: Frame,
  withSlack = false,
): Images => {
  const [batch, height, width, channels] = shape;
  const { top, left, rows, columns } = frame;
  if (!withSlack && top >= 0 && left >= 0 && top + rows <= height && left + columns <= width) {
    const address = addressOf(backend, images) + 4 * (top * width + left) * channels;
    return { address, rows: height, columns: width, channels };
  }
  const copy = allocate(backend, [batch * rows * columns * channels + slack]);
  const [source, target] = [view(backend, images), view(backend, copy).fill(0)];
  for (const { from, to, pixels } of runsOf(shape, frame)) {
    target.set(source.subarray(from * channels, (from + pixels) * channels), to * channels);
  }
  return { address: addressOf(backend, copy), rows, columns, channels, copy };
};

/** A grid of pixels in images: `rows` × `columns` of them in each, from the first one on. */
export interface Grid {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  /** The first pixel's row and column, and the steps between them. */
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** The addresses of the pixels of a grid in row-major order, and then `unused` up to a multiple of 4. */
export const pixelAddresses = (images: Images, grid: Grid, unused?: number): Int32Array => {
  const count = grid.batch * grid.rows * grid.columns;
  const pixelBytes = 4 * images.channels;
  const addresses = new Int32Array(Math.ceil(count / 4) * 4);
  let at = 0;
  for (let n = 0; n < grid.batch; n++) {
    for (let i = 0; i < grid.rows; i++) {
      const row = (n * images.rows + grid.firstRow + i * grid.rowStep) * images.columns + grid.firstColumn;
      const first = images.address + row * pixelBytes;
      for (let j = 0; j < grid.columns; j++) addresses[at++] = first + j * grid.columnStep * pixelBytes;
    }
  }
  return addresses.fill(unused ?? addresses[0]!, count);
};
