import { bytesOfFloat32, type Dtype, dtypeSize, float32From } from "./dtype.ts";

/** What a file says of a tensor before its values are read. */
export interface TensorEntry {
  /** The name in the file, which no other tensor of it has. */
  readonly name: string;
  /** The element type. */
  readonly dtype: Dtype;
  /** The size of each dimension, slowest first; empty for a single number. */
  readonly shape: readonly number[];
}

/** A tensor as it lies in a file: little-endian, in C order (the last dimension varies fastest). */
export interface StoredTensor extends TensorEntry {
  /** The product of `shape` elements. */
  readonly bytes: Uint8Array;
}

/** How many elements a shape has. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, side) => count * side, 1);

/** How many bytes a tensor takes in a file. */
export const byteCount = ({ dtype, shape }: TensorEntry): number => elementCount(shape) * dtypeSize[dtype];

/** The values as 32-bit floats; see {@link float32From}. */
export const float32Values = ({ dtype, bytes }: StoredTensor): Float32Array => float32From(dtype, bytes);

/** A tensor of 32-bit floats, which shares the memory of the values. */
export const storedFloat32 = (name: string, shape: readonly number[], values: Float32Array): StoredTensor => ({
  name,
  dtype: "F32",
  shape,
  bytes: bytesOfFloat32(values),
});

/** A tensor as messages and lists show it, such as `F32 [64, 3, 7, 7]`. */
export const describeEntry = ({ dtype, shape }: TensorEntry): string => `${dtype} [${shape.join(", ")}]`;
