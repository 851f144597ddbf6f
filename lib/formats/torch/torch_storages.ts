import { type Failure, failure } from "../../errors.ts";
import { E, type Either } from "../../dependencies/fp.ts";
import { type Dtype, dtypeSize } from "../dtype.ts";
import { storageDtypes } from "./pickle_globals.ts";
import { describeValue, type PickleValue } from "./pickle_values.ts";

/** A run of elements that tensors are views of, as the pickle describes it. */
export interface StorageReference {
  /** By which the file finds it. */
  readonly key: string;
  /** What its class says of its elements. */
  readonly dtype: Dtype;
  /** How many bytes the file should have under the key. */
  readonly wholeSize: number;
  /** Where this storage starts in those bytes; not 0 only for parts of storages, before PyTorch 1.6. */
  readonly begin: number;
  /** How many bytes this storage has. */
  readonly size: number;
}

/** Whether a value is a whole number from 0. */
export const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** Where a part of a storage starts, and its length, in elements: `(key, offset, length)`, or None for the whole. */
const partOf = (
  value: PickleValue | undefined,
  count: number,
): readonly [offset: number, length: number] | undefined => {
  if (value === undefined || value === null) return [0, count];
  if (typeof value !== "object" || value.kind !== "tuple") return undefined;
  const [, offset, length] = value.items;
  return isCount(offset) && isCount(length) && offset + length <= count ? [offset, length] : undefined;
};

/**
 * Reads `("storage", class, key, device, length, part)`, as PyTorch refers to the storages of a file. Left with kind
 * `format` for anything else.
 */
export const readStorageReference = (where: string, value: PickleValue): Either<Failure, StorageReference> => {
  const wrong = (found: string, expected: string) => E.left(failure("format", where, found, expected));
  const id = typeof value === "object" && value?.kind === "persistent" ? value.id : null;
  if (typeof id !== "object" || id?.kind !== "tuple") return wrong(describeValue(value), "a storage");
  const [tag, storage = null, key = null, , count, part] = id.items;
  const dtype = typeof storage === "object" && storage?.kind === "global" ? storageDtypes.get(storage.name) : undefined;
  if (tag !== "storage" || dtype === undefined) return wrong(`a reference to ${describeValue(storage)}`, "a storage");
  if (typeof key !== "string" && typeof key !== "number") return wrong(`the key ${describeValue(key)}`, "a text");
  const range = isCount(count) ? partOf(part, count) : undefined;
  if (!isCount(count) || range === undefined) return wrong("a storage of no sound length", "a whole number from 0");
  const [offset, length] = range;
  const size = dtypeSize[dtype];
  return E.right({ key: String(key), dtype, wholeSize: count * size, begin: offset * size, size: length * size });
};
