/** A small writer of pickles, zip archives and both formats of PyTorch files, sound ones and others. */
import fc from "fast-check";
import { crc32 } from "../../lib/dependencies/codecs.ts";
import type { Either } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { concatenate, type Dtype, dtypeSize } from "../../lib/formats/bytes.ts";
import { readTorchFile } from "../../lib/formats/open_tensor_file.ts";
import type { StoredTensor, TensorFile } from "../../lib/formats/tensor_file.ts";
import { assertEquals } from "../std.ts";
import { assertTagged, damaged, leftOf, rightOf } from "./support.ts";

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const numbers = (...fields: readonly (readonly [size: 1 | 2 | 4 | 8, value: number | bigint])[]): Uint8Array =>
  concatenate(fields.map(([size, value]) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
    return new Uint8Array(view.buffer, 0, size);
  }));

/** The steps of a pickle that leave one value on its stack. */
export type Steps = Uint8Array;

/** Steps from characters of U+0000 to U+00FF, such as opcodes by their letters. */
export const raw = (...parts: readonly (string | Uint8Array)[]): Steps =>
  concatenate(parts.map((part) => typeof part === "string" ? latin(part) : part));

export const none: Steps = raw("N");
export const truth = (value: boolean): Steps => raw(value ? "\x88" : "\x89");
export const int = (value: number): Steps => raw("J", numbers([4, value]));
export const float = (value: number): Steps => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return raw("G", new Uint8Array(view.buffer));
};
export const text = (value: string): Steps => {
  const bytes = new TextEncoder().encode(value);
  return raw("X", numbers([4, bytes.length]), bytes);
};
/** A whole number beyond 32 bits, in 9 bytes of two's complement. */
export const long = (value: bigint): Steps =>
  raw("\x8a\x10", numbers([8, value & (2n ** 64n - 1n)], [8, value >> 64n]));
export const tuple = (...items: readonly Steps[]): Steps => raw("(", ...items, "t");
export const list = (...items: readonly Steps[]): Steps => raw("](", ...items, "e");
export const dict = (...pairs: readonly (readonly [Steps, Steps])[]): Steps => raw("}(", ...pairs.flat(), "u");
export const named = (pairs: Readonly<Record<string, Steps>>): Steps =>
  dict(...Object.entries(pairs).map(([key, value]) => [text(key), value] as const));
export const global = (module: string, name: string): Steps => raw(`c${module}\n${name}\n`);
export const call = (module: string, name: string, ...values: readonly Steps[]): Steps =>
  raw(global(module, name), tuple(...values), "R");
export const ordered = (pairs: Readonly<Record<string, Steps>>): Steps =>
  raw(call("collections", "OrderedDict"), "(", ...Object.entries(pairs).flatMap(([k, v]) => [text(k), v]), "u");
export const pickle = (value: Steps): Uint8Array => raw("\x80\x02", value, ".");

export const storageClass: Readonly<Record<Dtype, string>> = {
  F64: "DoubleStorage",
  F32: "FloatStorage",
  F16: "HalfStorage",
  BF16: "BFloat16Storage",
  I64: "LongStorage",
  I32: "IntStorage",
  I16: "ShortStorage",
  I8: "CharStorage",
  U8: "ByteStorage",
  BOOL: "BoolStorage",
};

/** A storage of a file. */
export interface TestStorage {
  readonly key: string;
  readonly dtype: Dtype;
  readonly bytes: Uint8Array;
}

const countOf = ({ dtype, bytes }: TestStorage): number => bytes.length / dtypeSize[dtype];

/** A reference to a storage; `more` is what the format before 1.6 adds. */
export const reference = (storage: TestStorage, ...more: readonly Steps[]): Steps => {
  const { key, dtype } = storage;
  const id = [text("storage"), global("torch", storageClass[dtype]), text(key), text("cpu"), int(countOf(storage))];
  return raw(tuple(...id, ...more), "Q");
};

export const tensorOf = (
  storage: Steps,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Steps =>
  call(
    "torch._utils",
    "_rebuild_tensor_v2",
    storage,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    truth(false),
    call("collections", "OrderedDict"),
  );

/** A file in an archive; what is declared may differ from what is there. */
export interface TestEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: number;
  readonly declared?: number | bigint;
}

const isWide = (size: number | bigint): boolean => BigInt(size) >= 0xFFFFFFFFn;

/** A zip archive; with `zip64`, the sizes and offsets of its directory stand where large archives have them. */
export const zipOf = (entries: readonly TestEntry[], zip64 = false): Uint8Array => {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes, method = 0, declared = bytes.length } of entries) {
    const wide = zip64 || isWide(declared);
    const size = wide ? 0xFFFFFFFF : declared;
    const sizes = wide ? [[8, declared], [8, declared]] as const : [];
    const extra = wide ? numbers([2, 1], [2, 24], ...sizes, [8, at]) : new Uint8Array();
    const localExtra = wide ? numbers([2, 1], [2, 16], ...sizes) : new Uint8Array();
    const common = numbers([2, 45], [2, 0x800], [2, method], [4, 0], [4, crc32(bytes)], [4, size], [4, size]);
    const lengths = numbers([2, name.length], [2, localExtra.length]);
    const local = raw("PK\x03\x04", common, lengths, name, localExtra);
    const central = numbers([2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, wide ? 0xFFFFFFFF : at]);
    directory.push(raw("PK\x01\x02", numbers([2, 45]), common, numbers([2, name.length]), central, name, extra));
    parts.push(local, bytes);
    at += local.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const [count, begin] = [entries.length, at];
  if (zip64) {
    const fields = numbers([8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, begin]);
    directory.push(raw("PK\x06\x06", fields), raw("PK\x06\x07", numbers([4, 0], [8, begin + size], [4, 1])));
  }
  const [short, long] = zip64 ? [0xFFFF, 0xFFFFFFFF] : [count, begin];
  const end = numbers([2, 0], [2, 0], [2, short], [2, short], [4, zip64 ? long : size], [4, long], [2, 0]);
  return concatenate([...parts, ...directory, raw("PK\x05\x06", end)]);
};

/** The files of the archive that PyTorch writes for an object. */
export const torchEntries = (object: Steps, storages: readonly TestStorage[]): readonly TestEntry[] => [
  { name: "archive/data.pkl", bytes: pickle(object) },
  { name: "archive/byteorder", bytes: latin("little") },
  ...storages.map(({ key, bytes }) => ({ name: `archive/data/${key}`, bytes })),
  { name: "archive/version", bytes: latin("3\n") },
];

export const torchZip = (object: Steps, storages: readonly TestStorage[]): Uint8Array =>
  zipOf(torchEntries(object, storages));

const machine = named({ protocol_version: int(1001), little_endian: truth(true), type_sizes: named({ int: int(4) }) });

/** What stands before the object in the format before 1.6. */
export const legacyStart = (sysInfo: Steps = machine): Uint8Array =>
  concatenate([long(0x1950a86a20f9469cfc6cn), int(1001), sysInfo].map(pickle));

export const torchLegacy = (object: Steps, storages: readonly TestStorage[]): Uint8Array =>
  concatenate([
    legacyStart(),
    pickle(object),
    pickle(list(...storages.map(({ key }) => text(key)))),
    ...storages.flatMap((storage) => [numbers([8, countOf(storage)]), storage.bytes]),
  ]);

/** Opens bytes as a file of the name `m.pth`. */
export const open = (bytes: Uint8Array): Promise<Either<Failure, TensorFile>> =>
  readTorchFile(sourceOfBytes("m.pth", bytes))();

/** Writes a file of an object and its storages. */
export type Writer = (object: Steps, storages: readonly TestStorage[]) => Uint8Array;

/** Both formats. */
export const writers: readonly (readonly [string, Writer])[] = [["zip", torchZip], ["legacy", torchLegacy]];

/** A storage whose bytes count from 1. */
export const counting = (key: string, dtype: Dtype, elements: number): TestStorage => ({
  key,
  dtype,
  bytes: Uint8Array.from({ length: elements * dtypeSize[dtype] }, (_, i) => i + 1),
});

/** A storage of 24 bytes, and a tensor of it. */
export const weights = counting("0", "F32", 6);
export const matrix = tensorOf(reference(weights), 0, [2, 3], [3, 1]);

/** Why a file of an object is refused, for the same reason in both formats. */
export const refusal = async (object: Steps, storages: readonly TestStorage[] = [weights]): Promise<string> => {
  const [zip, legacy] = [
    leftOf(await open(torchZip(object, storages))),
    leftOf(await open(torchLegacy(object, storages))),
  ];
  assertEquals([zip.kind, legacy.kind], ["format", "format"]);
  assertEquals(zip.found, legacy.found);
  return zip.found;
};

/** Every tensor of a file that opens. */
export const readAll = async (bytes: Uint8Array): Promise<readonly StoredTensor[]> => {
  const file = rightOf(await open(bytes));
  const tensors = await Promise.all(file.entries.map(({ name }) => file.read(name)()));
  return tensors.map(rightOf);
};

/** Checks that a file gives values or failures that name it, whatever its bytes are. */
export const assertSound = async (bytes: Uint8Array): Promise<void> => {
  const file = await open(bytes);
  assertTagged(file, "m.pth");
  if (file._tag === "Left") return;
  for (const { name } of file.right.entries) assertTagged(await file.right.read(name)(), "m.pth");
};

/** Damaged copies of a file, some of them with bytes added in the middle. */
export const mutated = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const inserted = fc.tuple(fc.nat({ max: bytes.length }), fc.uint8Array({ minLength: 1, maxLength: 20 }))
    .map(([at, more]) => concatenate([bytes.subarray(0, at), more, bytes.subarray(at)]));
  return fc.oneof({ arbitrary: damaged(bytes), weight: 3 }, inserted);
};
