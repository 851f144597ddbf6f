import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, FailureError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { concatenate } from "./bytes.ts";
import { writeBytes } from "./files.ts";
import {
  maximumHeader,
  readSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderLength,
} from "./safetensors_header.ts";
import { byteCount, describeEntry, type StoredTensor, type TensorEntry, type TensorFile } from "./tensor_file.ts";

const isShape = (shape: readonly number[]): boolean => shape.every((side) => Number.isSafeInteger(side) && side >= 0);

const checkEntries = (entries: readonly TensorEntry[]): void => {
  const names = new Set(entries.map(({ name }) => name));
  if (names.size < entries.length || names.has("__metadata__")) {
    throw new RangeError("names of tensors must differ from each other and from __metadata__");
  }
  const odd = entries.find((entry) => !isShape(entry.shape) || !Number.isSafeInteger(byteCount(entry)));
  if (odd !== undefined) throw new RangeError(`tensor ${odd.name}: no tensor can be ${describeEntry(odd)}`);
};

const describeTensors = (entries: readonly TensorEntry[]): readonly (readonly [string, unknown])[] => {
  let end = 0;
  return entries.map((entry) => {
    const begin = end;
    end += byteCount(entry);
    return [entry.name, { dtype: entry.dtype, shape: entry.shape, data_offsets: [begin, end] }] as const;
  });
};

/**
 * The start of a safetensors file, up to the data: the length of the header in 8 bytes and the header, filled up with
 * spaces to a multiple of 8. What must follow are the bytes of each tensor, in the order of `entries` and without
 * gaps; so a file can be written tensor by tensor. `metadata` are texts of any kind, which readers get back.
 * @throws RangeError for names that repeat or are `__metadata__`, for sizes that are no whole numbers or too large to
 * be counted, and for a header beyond the format's limit.
 */
export const safetensorsHeader = (
  entries: readonly TensorEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => {
  checkEntries(entries);
  const members = [["__metadata__", metadata] as const, ...describeTensors(entries)];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(members)));
  const length = Math.ceil(json.length / 8) * 8;
  if (length > maximumHeader) throw new RangeError(`a header of ${length} bytes; at most ${maximumHeader} are allowed`);
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
};

/**
 * A safetensors file in parts, in order: the header, then the bytes of each tensor. These are the tensors' own memory,
 * so that a large file can be written without a second copy of it.
 * @throws RangeError as {@link safetensorsHeader}, and where `bytes` does not fit `dtype` and `shape`.
 */
export const safetensorsParts = (
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] => {
  const header = safetensorsHeader(tensors, metadata);
  const odd = tensors.find((tensor) => byteCount(tensor) !== tensor.bytes.length);
  if (odd !== undefined) {
    throw new RangeError(`tensor ${odd.name}: ${odd.bytes.length} bytes for ${describeEntry(odd)}`);
  }
  return [header, ...tensors.map(({ bytes }) => bytes)];
};

/** A safetensors file in one piece; otherwise as {@link safetensorsParts}.
 * @category Files */
export const encodeSafetensors = (
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => concatenate(safetensorsParts(tensors, metadata));

const tensorFile = (source: ByteSource, { tensors, metadata, dataStart }: SafetensorsHeader): TensorFile => {
  const places = new Map(tensors.map((tensor) => [tensor.entry.name, tensor]));
  return {
    path: source.name,
    format: "safetensors",
    metadata,
    entries: tensors.map(({ entry }) => entry),
    values: [],
    read: (name) => {
      const place = places.get(name);
      if (place === undefined) throw new Error(`${source.name} has no tensor ${name}`);
      const { entry, begin, end } = place;
      return pipe(source.read(dataStart + begin, end - begin), TE.map((bytes): StoredTensor => ({ ...entry, bytes })));
    },
  };
};

/**
 * Opens a safetensors file: reads and verifies its header, and each tensor only when it is asked for. The entries come
 * in the order of their data. Left with kind `format` if anything differs from the format: a header that is too long,
 * is no JSON object or names something twice, data that overlap, leave holes or do not end with the file, sizes that
 * do not fit their shapes, unknown element types; and with kind `missing` or `file` if the source cannot be read. Every
 * message names the file and, where there is one, the tensor. Source: the format as published with the safetensors
 * library: length of the header in 8 bytes, header in JSON, data; all little-endian.
 * @category Files
 */
export const readSafetensors = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(
    source.read(0, Math.min(8, source.size)),
    TE.chainEitherK((bytes) => safetensorsHeaderLength(source.name, bytes, source.size)),
    TE.chain((length) => source.read(8, length)),
    TE.chainEitherK((header) => readSafetensorsHeader(source.name, header, source.size)),
    TE.map((header) => tensorFile(source, header)),
  );

/** A tensor whose values are read or computed when they are written.
 * @category Files */
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
 * @category Files
 */
export const writeSafetensors = (
  path: string,
  tensors: readonly LazyTensor[],
  metadata: Readonly<Record<string, string>>,
): TaskEither<Failure, void> => writeBytes(path, chunksOf(tensors, metadata));
