import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { bytesOfFloat32, type Dtype, dtypeSize, float32From } from "./bytes.ts";

/** What a file says of a tensor before its values are read.
 * @category Files */
export interface TensorEntry {
  /** The name in the file, which no other tensor of it has. */
  readonly name: string;
  /** The element type. */
  readonly dtype: Dtype;
  /** The size of each dimension, slowest first; empty for a single number. */
  readonly shape: readonly number[];
}

/** A tensor as it lies in a file: little-endian, in C order (the last dimension varies fastest).
 * @category Files */
export interface StoredTensor extends TensorEntry {
  /** The product of `shape` elements. */
  readonly bytes: Uint8Array;
}

/** How many elements a shape has. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, side) => count * side, 1);

/** How many bytes a tensor takes in a file. */
export const byteCount = ({ dtype, shape }: TensorEntry): number => elementCount(shape) * dtypeSize[dtype];

/** The values as 32-bit floats; see {@link float32From}.
 * @category Files */
export const float32Values = ({ dtype, bytes }: StoredTensor): Float32Array => float32From(dtype, bytes);

/** A tensor of 32-bit floats, which shares the memory of the values.
 * @category Files */
export const storedFloat32 = (name: string, shape: readonly number[], values: Float32Array): StoredTensor => ({
  name,
  dtype: "F32",
  shape,
  bytes: bytesOfFloat32(values),
});

/** A tensor as messages and lists show it, such as `F32 [64, 3, 7, 7]`. */
export const describeEntry = ({ dtype, shape }: TensorEntry): string => `${dtype} [${shape.join(", ")}]`;

/** The formats of files with tensors.
 * @category Files */
export type TensorFileFormat =
  | "safetensors"
  | "PyTorch (zip)"
  | "PyTorch (before 1.6)"
  | "shards of safetensors"
  | "shards of PyTorch";

/** What a file holds beside its tensors: a number, text or the like with its name.
 * @category Files */
export interface PlainValue {
  /** The keys and indices on the way to it, joined by dots. */
  readonly name: string;
  /** The value itself. */
  readonly value: string | number | bigint | boolean | null;
}

/** A file with tensors whose names, types and shapes were read, but no values yet.
 * @category Files */
export interface TensorFile {
  /** The file that it was read from, for messages. */
  readonly path: string;
  /** How it is written. */
  readonly format: TensorFileFormat;
  /** Texts that a safetensors file holds under `__metadata__`; empty for other formats. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The tensors, in the file's order. Those in nested dictionaries and lists of a PyTorch file have the keys and indices
   * on the way to them joined by dots, such as `state_dict.module.conv1.weight`.
   */
  readonly entries: readonly TensorEntry[];
  /** What a PyTorch file holds beside tensors, in its order and named likewise; empty for safetensors. */
  readonly values: readonly PlainValue[];
  /**
   * A tensor's values, read from the file now. Left with kind `format`, `missing` or `file`.
   * @throws Error for an unknown name.
   */
  readonly read: (name: string) => TaskEither<Failure, StoredTensor>;
}
