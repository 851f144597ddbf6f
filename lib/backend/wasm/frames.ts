/**
 * What a wasm kernel needs of the backend's memory: tensors in it, views of them, and their addresses.
 *
 * A kernel owns what it allocates and releases all but its result; its inputs are its caller's. A view of the memory is
 * good until the next allocation or kernel, either of which may move the memory: allocate first, then take views.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { BackendWasm } from "../../dependencies/wasm.ts";
import { fourSizes, lengthOf } from "../kernel_arguments.ts";
import { programOf } from "./program.ts";

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
export interface ImagesInMemory {
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
export interface PixelRun {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

/** The pixels that a frame shows of images [batch, height, width, channels]. */
export const runsOf = (
  [batch, height, width]: readonly [number, number, number, number],
  { top, left, rows, columns }: Frame,
): readonly PixelRun[] => {
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
): ImagesInMemory => {
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
export const pixelAddresses = (images: ImagesInMemory, grid: Grid, unused?: number): Int32Array => {
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

/** What a convolution reads: `x` [N, H, W, C], or [x, second] or [x, second ⊙ gain] along channels. */
export interface Source {
  readonly x: tf.TensorInfo;
  readonly second?: tf.TensorInfo;
  /** Of the shape of `second`. */
  readonly gain?: tf.TensorInfo;
}

/** One tensor's way to some channels of a frame; places are in numbers from the beginning of the memory. */
interface Way {
  readonly runs: readonly PixelRun[];
  /** How many channels the tensor has. */
  readonly channels: number;
  /** Where it begins. */
  readonly source: number;
  /** Where its first channel of the frame's first pixel is. */
  readonly target: number;
  /** How many channels the frame has. */
  readonly pitch: number;
}

const copyRuns = (memory: Float32Array, { runs, channels, source, target, pitch }: Way): void => {
  for (const { from, to, pixels } of runs) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const start = source + (from + pixel) * channels;
      memory.copyWithin(target + (to + pixel) * pitch, start, start + channels);
    }
  }
};

/** The product of two tensors, the other of which begins at `gain`; for channels that do not fill vectors. */
const multiplySlowly = (memory: Float32Array, { runs, channels, source, target, pitch }: Way, gain: number): void => {
  for (const { from, to, pixels } of runs) {
    for (let at = 0; at < pixels * channels; at++) {
      const place = target + (to + Math.floor(at / channels)) * pitch + at % channels;
      const read = from * channels + at;
      memory[place] = memory[source + read]! * memory[gain + read]!;
    }
  }
};

const multiply = (backend: BackendWasm, memory: Float32Array, way: Way, gain: number): void => {
  const { runs, channels, source, target, pitch } = way;
  if (channels % 4 !== 0) return multiplySlowly(memory, way, gain);
  const { multiplyRuns } = programOf(backend);
  for (const { from, to, pixels } of runs) {
    const read = from * channels;
    multiplyRuns(4 * (target + to * pitch), 4 * pitch, 4 * (source + read), 4 * (gain + read), pixels, channels / 4);
  }
};

/**
 * The pixels of a source that a frame shows, zeros outside, as {@link framed} gives them for one tensor. Tensors are joined
 * where they are copied, as a convolution with padding copies its input anyway.
 */
export const framedSource = (
  backend: BackendWasm,
  { x, second, gain }: Source,
  shape: readonly [number, number, number, number],
  frame: Frame,
): ImagesInMemory => {
  if (second === undefined) return framed(backend, x, shape, frame);
  const [batch, , , pitch] = shape;
  const { rows, columns } = frame;
  const copy = allocate(backend, [batch * rows * columns * pitch]);
  const numbers = view(backend, copy).fill(0);
  const memory = new Float32Array(numbers.buffer);
  const [runs, target] = [runsOf(shape, frame), numbers.byteOffset / 4];
  const placeOf = (tensor: tf.TensorInfo): number => view(backend, tensor).byteOffset / 4;
  const [, , , channels] = fourSizes("x", x.shape);
  copyRuns(memory, { runs, channels, source: placeOf(x), target, pitch });
  const way = { runs, channels: pitch - channels, source: placeOf(second), target: target + channels, pitch };
  if (gain === undefined) copyRuns(memory, way);
  else multiply(backend, memory, way, placeOf(gain));
  return { address: addressOf(backend, copy), rows, columns, channels: pitch, copy };
};
