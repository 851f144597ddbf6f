import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { fourSizes } from "./attributes.ts";
import { type Frame, framed, type Images, type Run, runsOf } from "./wasm_addresses.ts";
import { addressOf, allocate, view } from "./wasm_memory.ts";
import { programOf } from "./wasm_program.ts";

/** What a convolution reads: `x` [N, H, W, C], or [x, second] or [x, second ⊙ gain] along channels. */
export interface Source {
  readonly x: tf.TensorInfo;
  readonly second?: tf.TensorInfo;
  /** Of the shape of `second`. */
  readonly gain?: tf.TensorInfo;
}

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
): Images => {
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
