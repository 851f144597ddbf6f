/**
 * Random tensors. Every draw that reaches the device is made here: on the CPU, from a key alone, so that it is the same on
 * every backend, and so that who replays a traced step draws anew for the key of that step and freezes nothing.
 */
import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor } from "./features.ts";
import { type Key, normals, uniforms } from "./key.ts";

/** Numbers that were drawn, with the shape of the tensor that they become: floats, or integers as "int32".
 * @category Tensors */
export interface Drawn {
  /** The size of each dimension. */
  readonly shape: readonly number[];
  /** As many numbers, the last dimension fastest. */
  readonly values: Float32Array | Int32Array;
}

/**
 * Tensors from a key, by name; the caller owns them.
 *
 * @param draw Gives the numbers, from the key that it is handed and nothing else that is random or changes from step to step.
 * @category Tensors
 */
export const drawTensors = <N extends string>(
  key: Key,
  draw: (key: Key) => Readonly<Record<N, Drawn>>,
): Readonly<Record<N, Tensor>> =>
  Object.fromEntries(
    Object.entries<Drawn>(draw(key)).map(([name, { shape, values }]) => [
      name,
      tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32"),
    ]),
  ) as Record<N, Tensor>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** What 32-bit floats hold of a number in [0, 1) without becoming 1. */
const asFloat = (value: number): number => Math.floor(value * 2 ** 24) / 2 ** 24;

/**
 * Numbers that are equally likely everywhere in [least, most); the caller owns the tensor.
 *
 * ```ts
 * const kept = tf.step(tf.sub(drawUniform(at.key, mask.shape), 0.5)); // 1 at half of the pixels
 * ```
 * @category Tensors
 */
export const drawUniform = (key: Key, shape: readonly number[], least = 0, most = 1): Tensor =>
  drawTensors(key, (key) => ({
    drawn: {
      shape,
      values: Float32Array.from(uniforms(key, sizeOf(shape)), (value) => least + (most - least) * asFloat(value)),
    },
  })).drawn;

/** Draws from the standard normal distribution; the caller owns the tensor.
 * @category Tensors */
export const drawNormal = (key: Key, shape: readonly number[]): Tensor =>
  drawTensors(key, (key) => ({ drawn: { shape, values: normals(key, sizeOf(shape)) } })).drawn;
