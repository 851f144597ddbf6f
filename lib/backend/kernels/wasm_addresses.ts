/** Tensors of the wasm backend as addresses, and images in a frame of zeros, as the procedures of wasm_code want them. */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { allocate, view } from "./wasm_memory.ts";

/** Where a tensor is in the backend's memory, in bytes. An address stays good when the memory grows. */
export const addressOf = (backend: BackendWasm, tensor: tf.TensorInfo): number =>
  backend.dataIdMap.get(tensor.dataId).memoryOffset;

/** The memory of a tensor of floats as integers; good as long as a view of it. */
export const integers = (backend: BackendWasm, tensor: tf.TensorInfo): Int32Array => {
  const { buffer, byteOffset, length } = view(backend, tensor);
  return new Int32Array(buffer, byteOffset, length);
};

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

const copyInto = (
  source: Float32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
  target: Float32Array,
  { top, left, rows, columns }: Frame,
): void => {
  const [firstRow, endRow] = [Math.max(0, top), Math.min(height, top + rows)];
  const [first, end] = [Math.max(0, left), Math.min(width, left + columns)];
  if (first >= end) return;
  for (let n = 0; n < batch; n++) {
    for (let h = firstRow; h < endRow; h++) {
      const row = (n * height + h) * width;
      const to = ((n * rows + h - top) * columns + first - left) * channels;
      target.set(source.subarray((row + first) * channels, (row + end) * channels), to);
    }
  }
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
  const target = view(backend, copy);
  target.fill(0);
  copyInto(view(backend, images), shape, target, frame);
  return { address: addressOf(backend, copy), rows, columns, channels, copy };
};

/** A copy of a tensor with so many numbers of memory after it, for the caller to release. */
export const copyWithSlack = (backend: BackendWasm, tensor: tf.TensorInfo, numbers: number): tf.TensorInfo => {
  const size = tensor.shape.reduce((product, length) => product * length, 1);
  const copy = allocate(backend, [size + numbers]);
  view(backend, copy).fill(0, size);
  view(backend, copy).set(view(backend, tensor));
  return copy;
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
  return addresses.fill(unused ?? addresses[0] ?? 0, count);
};
