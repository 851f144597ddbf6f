import { type Failure, failure } from "../errors.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { concatenate } from "./bytes.ts";
import { readSafetensorsHeader, type TensorEntry, tensorPlace } from "./safetensors_header.ts";

/** The arrays that a tensor of a safetensors file can hold. */
export type TensorValues = Float32Array | Int32Array;

/** A tensor with its name: `values` in C order (the last dimension varies fastest), the product of `shape` of them. */
export interface NamedArray {
  /** The name in the file, which no other tensor of it has; any text but `__metadata__`. */
  readonly name: string;
  /** The size of each dimension, slowest first; empty for a single number. */
  readonly shape: readonly number[];
  /** 32-bit floats (F32) or integers (I32). */
  readonly values: TensorValues;
}

/** The contents of a safetensors file; the map runs in the order of the data. */
export interface Safetensors {
  /** The tensors by name. */
  readonly tensors: ReadonlyMap<string, NamedArray>;
  /** Texts that the header holds beside the tensors, under `__metadata__`; empty if it has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How an element type is stored. A further one is one more line in {@link dtypes} and one more in {@link dtypeOf}. */
interface Dtype {
  readonly size: number;
  readonly view: (buffer: ArrayBufferLike, offset: number, length: number) => TensorValues;
}

const dtypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ["F32", { size: 4, view: (buffer, offset, length) => new Float32Array(buffer, offset, length) }],
  ["I32", { size: 4, view: (buffer, offset, length) => new Int32Array(buffer, offset, length) }],
]);

const dtypeOf = (values: TensorValues): string => values instanceof Float32Array ? "F32" : "I32";

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

const checkWritable = (tensors: readonly NamedArray[]): void => {
  const names = new Set(tensors.map(({ name }) => name));
  if (names.size < tensors.length || names.has("__metadata__")) {
    throw new RangeError("names of tensors must differ from each other and from __metadata__");
  }
  const odd = tensors.find(({ shape, values }) => product(shape) !== values.length);
  if (odd !== undefined) {
    throw new RangeError(`tensor ${odd.name}: ${odd.values.length} values for shape [${odd.shape}]`);
  }
};

const describeTensors = (tensors: readonly NamedArray[]): readonly (readonly [string, unknown])[] => {
  let end = 0;
  return tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: dtypeOf(values), shape, data_offsets: [begin, end] }] as const;
  });
};

const encodeHeader = (tensors: readonly NamedArray[], metadata: Readonly<Record<string, string>>): Uint8Array => {
  const entries = [["__metadata__", metadata] as const, ...describeTensors(tensors)];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
};

/**
 * A safetensors file in parts, in order: the header, then the bytes of each tensor. These are views of the tensors'
 * own memory, so that a large file can be written without a second copy of it. Throws a RangeError for names that
 * repeat or are `__metadata__`, and where `values` does not hold the product of `shape`.
 */
export const safetensorsParts = (
  tensors: readonly NamedArray[],
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] => {
  checkWritable(tensors);
  const data = tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return [encodeHeader(tensors, metadata), ...data];
};

/** A safetensors file in one piece; otherwise as {@link safetensorsParts}. */
export const encodeSafetensors = (
  tensors: readonly NamedArray[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => concatenate(safetensorsParts(tensors, metadata));

/** Views the bytes where a typed array can start there, and copies them where it cannot. */
const valuesAt = (bytes: Uint8Array, start: number, end: number, dtype: Dtype): TensorValues => {
  const offset = bytes.byteOffset + start;
  const length = (end - start) / dtype.size;
  if (offset % dtype.size === 0) return dtype.view(bytes.buffer, offset, length);
  return dtype.view(new Uint8Array(bytes.subarray(start, end)).buffer, 0, length);
};

const readTensor = (
  file: string,
  bytes: Uint8Array,
  dataStart: number,
  { name, dtype, shape, begin, end }: TensorEntry,
): Either<Failure, NamedArray> => {
  const wrong = (found: string, expected: string) =>
    E.left(failure("format", tensorPlace(file, name), found, expected));
  const type = dtypes.get(dtype);
  if (type === undefined) return wrong(`dtype ${JSON.stringify(dtype)}`, `one of ${[...dtypes.keys()].join(", ")}`);
  const size = product(shape) * type.size;
  if (size !== end - begin) {
    return wrong(`${end - begin} bytes of data`, `${size} for ${dtype} of shape [${shape}]`);
  }
  return E.right({ name, shape, values: valuesAt(bytes, dataStart + begin, dataStart + end, type) });
};

/**
 * Decodes a safetensors file of F32 and I32 tensors. The values may share the memory of `bytes`. Left with kind
 * `format` if anything differs from the format: a header that is too long, no JSON object or names something twice,
 * data that overlap, leave holes or do not end with the file, sizes that do not fit their shapes, other element types.
 * Every message names the file and, where there is one, the tensor. Source: the format as published with the
 * safetensors library: header length in 8 bytes, JSON header, data; all little-endian.
 */
export const decodeSafetensors = (name: string, bytes: Uint8Array): Either<Failure, Safetensors> =>
  pipe(
    readSafetensorsHeader(name, bytes),
    E.chain(({ entries, metadata, dataStart }) =>
      pipe(
        entries,
        E.traverseArray((entry) => readTensor(name, bytes, dataStart, entry)),
        E.map((tensors) => ({ tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata })),
      )
    ),
  );
