/** Feature maps joined along channels for the wasm backend: copied into a frame, as a convolution's input is anyway. */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { addressOf, type Frame, framed, type Images } from "./wasm_addresses.ts";
import { allocate, view } from "./wasm_memory.ts";
import { programOf } from "./wasm_program.ts";

/** What a convolution reads: `x` [N, H, W, C], or [x, second] or [x, second ⊙ gain] along channels. */
export interface Source {
  readonly x: tf.TensorInfo;
  readonly second?: tf.TensorInfo;
  /** Of the shape of `second`. */
  readonly gain?: tf.TensorInfo;
}

/** One run of pixels of a row, from the pixel `from` of the images to the pixel `to` of the frame. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

const runsOf = (
  [batch, height, width]: readonly [number, number, number],
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

/** One tensor's way to some channels of a frame; places are in numbers from the beginning of the memory. */
interface Way {
  readonly runs: readonly Run[];
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
      memory[place] = (memory[source + read] ?? 0) * (memory[gain + read] ?? 0);
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

/** The pixels of a source that a frame shows, zeros outside, as {@link framed} gives them for one tensor. */
export const framedSource = (
  backend: BackendWasm,
  { x, second, gain }: Source,
  shape: readonly [number, number, number, number],
  frame: Frame,
): Images => {
  if (second === undefined) return framed(backend, x, shape, frame);
  const [batch, height, width, pitch] = shape;
  const { rows, columns } = frame;
  const copy = allocate(backend, [batch * rows * columns * pitch]);
  const numbers = view(backend, copy).fill(0);
  const memory = new Float32Array(numbers.buffer);
  const [runs, target] = [runsOf([batch, height, width], frame), numbers.byteOffset / 4];
  const placeOf = (tensor: tf.TensorInfo): number => view(backend, tensor).byteOffset / 4;
  const [, , , channels = 0] = x.shape;
  copyRuns(memory, { runs, channels, source: placeOf(x), target, pitch });
  const way = { runs, channels: pitch - channels, source: placeOf(second), target: target + channels, pitch };
  if (gain === undefined) copyRuns(memory, way);
  else multiply(backend, memory, way, placeOf(gain));
  return { address: addressOf(backend, copy), rows, columns, channels: pitch, copy };
};
