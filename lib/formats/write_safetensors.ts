import { type Failure, FailureError } from "../errors.ts";
import { E, type TaskEither } from "../dependencies/fp.ts";
import { writeBytes } from "./files.ts";
import { safetensorsHeader } from "./safetensors.ts";
import type { TensorEntry } from "./stored_tensor.ts";

/** A tensor whose values are read or computed when they are written. */
export interface LazyTensor {
  /** Name, type and shape. */
  readonly entry: TensorEntry;
  /** As many bytes as the entry says, little-endian and in C order. */
  readonly bytes: TaskEither<Failure, Uint8Array>;
}

/** The parts of the file in order. A failure is thrown: the writer takes it, and leaves no half file. */
async function* chunksOf(
  tensors: readonly LazyTensor[],
  metadata: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  yield safetensorsHeader(tensors.map(({ entry }) => entry), metadata);
  for (const { bytes } of tensors) {
    const read = await bytes();
    if (E.isLeft(read)) throw new FailureError(read.left);
    yield read.right;
  }
}

/**
 * Writes a safetensors file one tensor after the other, so that no more than one is in memory. Left with what makes a tensor,
 * or writing, fail; then what was at `path` is unchanged. Throws as `safetensorsHeader` for names that repeat.
 */
export const writeSafetensors = (
  path: string,
  tensors: readonly LazyTensor[],
  metadata: Readonly<Record<string, string>>,
): TaskEither<Failure, void> => writeBytes(path, chunksOf(tensors, metadata));
