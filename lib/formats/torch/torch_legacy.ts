import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import type { ByteSource } from "../byte_source.ts";
import { dtypeSize, viewOf } from "../bytes.ts";
import type { TensorFile } from "../tensor_file.ts";
import { maximumPickle, type Pickle, readPickle } from "./pickle.ts";
import { endOfPickles } from "./pickle_opcodes.ts";
import { describeValue, type PicklePersistent, type PickleValue } from "./pickle_values.ts";
import { type LocateStorage, tensorFileOf } from "./torch_tensors.ts";
import { readStorageReference, type StorageReference } from "./torch_views.ts";

/** The number that the format starts with, so that it is not taken for any other pickle. */
const magicNumber = 0x1950a86a20f9469cfc6cn;

/** The pickles: the magic number, the protocol, the machine's properties, the object, and the keys of the storages. */
const pickleCount = 5;

/** How many bytes are read at first; those of a file with 300 tensors. */
const firstRead = 2 ** 16;

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected, advice));

/** Reads on, twice as much each time, until the bytes contain all pickles, or as much as may be read. */
const readPickleBytes = (source: ByteSource, length: number): TaskEither<Failure, Uint8Array> =>
  pipe(
    source.read(0, Math.min(length, source.size)),
    TE.chain((bytes) => {
      const isAll = length >= Math.min(source.size, maximumPickle) || endOfPickles(bytes, pickleCount) !== undefined;
      return isAll ? TE.right(bytes) : readPickleBytes(source, Math.min(2 * length, maximumPickle));
    }),
  );

/** The pickles one after the other, each checked before the next is read. */
const readPickles = (file: string, bytes: Uint8Array): Either<Failure, readonly Pickle[]> => {
  const pickles: Pickle[] = [];
  for (let index = 0, start = 0; index < pickleCount; index++) {
    const pickle = readPickle(file, bytes, start);
    if (E.isLeft(pickle)) return pickle;
    const checked = checks[index]?.(file, pickle.right.value);
    if (checked !== undefined && E.isLeft(checked)) return checked;
    pickles.push(pickle.right);
    start = pickle.right.end;
  }
  return E.right(pickles);
};

const checkMagic = (file: string, value: PickleValue): Either<Failure, void> =>
  value === magicNumber
    ? E.right(undefined)
    : wrong(file, "a pickle that torch.save did not write", "a PyTorch file", "Save it with torch.save.");

const checkProtocol = (file: string, value: PickleValue): Either<Failure, void> =>
  value === 1001 ? E.right(undefined) : wrong(file, `the version ${describeValue(value)}`, "1001");

const checkMachine = (file: string, value: PickleValue): Either<Failure, void> => {
  if (typeof value !== "object" || value?.kind !== "dictionary") {
    return wrong(file, describeValue(value), "a dictionary");
  }
  const isBig = value.pairs.some(([key, value]) => key === "little_endian" && value !== true);
  return isBig ? wrong(file, "values of a big-endian machine", "little-endian ones") : E.right(undefined);
};

const checks = [checkMagic, checkProtocol, checkMachine] as const;

const checkKeys = (file: string, value: PickleValue): Either<Failure, readonly string[]> => {
  const items = typeof value === "object" && value?.kind === "list" ? value.items : undefined;
  const keys = items?.filter((key) => typeof key === "string" || typeof key === "number").map(String);
  if (keys === undefined || keys.length !== items?.length) return wrong(file, "no list of storages", "a list of keys");
  return new Set(keys).size === keys.length ? E.right(keys) : wrong(file, "a storage twice", "each storage once");
};

/** The storages that the object refers to, by key; each key has one type and one length. */
const readStorages = (
  file: string,
  references: readonly PicklePersistent[],
): Either<Failure, ReadonlyMap<string, StorageReference>> => {
  const storages = new Map<string, StorageReference>();
  for (const reference of references) {
    const read = readStorageReference(file, reference);
    if (E.isLeft(read)) return read;
    const storage = read.right;
    const known = storages.get(storage.key) ?? storage;
    if (known.dtype !== storage.dtype || known.wholeSize !== storage.wholeSize) {
      return wrong(file, `the storage ${JSON.stringify(storage.key)} with two types or lengths`, "one of each");
    }
    storages.set(storage.key, known);
  }
  return E.right(storages);
};

/** Where each storage's record starts: a count of 8 bytes, and the elements after it. */
const placeStorages = (
  source: ByteSource,
  begin: number,
  keys: readonly string[],
  storages: ReadonlyMap<string, StorageReference>,
): Either<Failure, ReadonlyMap<string, number>> => {
  const places = new Map<string, number>();
  let at = begin;
  for (const key of keys) {
    const storage = storages.get(key);
    if (storage === undefined) return wrong(source.name, `a storage ${JSON.stringify(key)} of no tensor`, "none");
    places.set(key, at);
    at += 8 + storage.wholeSize;
  }
  if (at <= source.size) return E.right(places);
  const advice = "The file is probably truncated; copy or download it again.";
  return wrong(source.name, `a file of ${source.size} bytes`, `at least ${at}`, advice);
};

const checkCount =
  (where: string, { dtype, wholeSize }: StorageReference) => (bytes: Uint8Array): Either<Failure, void> => {
    const [found, expected] = [viewOf(bytes).getBigInt64(0, true), wholeSize / dtypeSize[dtype]];
    return found === BigInt(expected)
      ? E.right(undefined)
      : wrong(where, `a storage of ${found} elements`, `${expected}`);
  };

const locateIn = (source: ByteSource, places: ReadonlyMap<string, number>): LocateStorage => (where, storage) => {
  const place = places.get(storage.key);
  if (place === undefined) return wrong(where, `no storage ${JSON.stringify(storage.key)}`, "the tensor's data");
  return E.right(pipe(
    source.read(place, 8),
    TE.chainEitherK(checkCount(where, storage)),
    TE.map(() => place + 8),
  ));
};

const fileOf = (source: ByteSource, pickles: readonly Pickle[]): Either<Failure, TensorFile> => {
  const [, , , object, keys] = pickles;
  if (object === undefined || keys === undefined) throw new Error(`${pickleCount} pickles were read`);
  const names = checkKeys(source.name, keys.value);
  if (E.isLeft(names)) return names;
  return pipe(
    readStorages(source.name, object.references),
    E.chain((storages) => placeStorages(source, keys.end, names.right, storages)),
    E.chain((places) => tensorFileOf(source, "PyTorch (before 1.6)", object.value, locateIn(source, places))),
  );
};

/**
 * Reads a file of PyTorch before 1.6: five pickles, then the storages, each with its count of elements before it. The
 * pickles do not say how long they are, so the file's beginning is read in growing pieces, up to 64 MiB, until all five
 * end in it; the storages stay in the file. Left with kind `format`, also for big-endian files, and `missing` or `file` if
 * reading fails.
 */
export const readTorchLegacy = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(
    readPickleBytes(source, firstRead),
    TE.chainEitherK((bytes) => readPickles(source.name, bytes)),
    TE.chainEitherK((pickles) => fileOf(source, pickles)),
  );
