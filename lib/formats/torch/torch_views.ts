import { E, type Either } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { type Dtype, dtypeSize } from "../bytes.ts";
import { byteCount, elementCount, type TensorEntry } from "../tensor_file.ts";
import {
  describeValue,
  type PickleCall,
  type PicklePersistent,
  type PickleValue,
  scalarDtypes,
  storageDtypes,
} from "./pickle_values.ts";

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
const isCount = (value: PickleValue | undefined): value is number =>
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

/** A tensor as a part of a storage: element (i, j, …) lies at `offset` + i·`strides[0]` + j·`strides[1]` + …. */
export interface TensorView extends TensorEntry {
  /** The storage, which other tensors may share. */
  readonly storage: StorageReference;
  /** The first element's place in the storage, in elements. */
  readonly offset: number;
  /** For each dimension, how many elements further the next index lies; from 0. */
  readonly strides: readonly number[];
}

/** What describes a tensor in a pickle: a call that would rebuild it, or a storage by itself. */
export type TensorObject = PickleCall | PicklePersistent;

/** How a message names a tensor of a file. */
export const tensorPlace = (file: string, name: string): string =>
  `${file}, tensor ${JSON.stringify(name.length <= 100 ? name : `${name.slice(0, 97)}...`)}`;

/** The most dimensions that PyTorch allows. */
const maximumDimensions = 64;

/** An argument of a call; one that the file leaves out is None, which is refused where it is needed. */
const argumentAt = (values: readonly PickleValue[], at: number): PickleValue => values[at] ?? null;

/** `torch.Size` wraps the tuple in files of some versions. */
const withoutSize = (value: PickleValue): PickleValue =>
  typeof value === "object" && value?.kind === "call" && value.name === "torch.Size"
    ? argumentAt(value.arguments, 0)
    : value;

const sizesOf = (given: PickleValue): readonly number[] | undefined => {
  const value = withoutSize(given);
  if (typeof value !== "object" || (value?.kind !== "tuple" && value?.kind !== "list")) return undefined;
  return value.items.length <= maximumDimensions && value.items.every(isCount)
    ? value.items.filter(isCount)
    : undefined;
};

/** A dimension of a view: how long it is, and how many elements further its next index lies. */
export interface Axis {
  readonly side: number;
  readonly stride: number;
}

/** The dimensions of a view, outermost first. @throws RangeError where there is not one stride for each. */
const axesOf = ({ shape, strides }: Pick<TensorView, "shape" | "strides">): readonly Axis[] =>
  shape.map((side, dimension) => {
    const stride = strides[dimension];
    if (stride === undefined) throw new RangeError(`no stride for dimension ${dimension} of [${shape}]`);
    return { side, stride };
  });

/** How many elements from the first to the last one, both counted; 0 if there are none. */
export const viewSpan = (view: Pick<TensorView, "shape" | "strides">): number =>
  elementCount(view.shape) === 0 ? 0 : axesOf(view).reduce((span, { side, stride }) => span + (side - 1) * stride, 1);

/** What a call wraps if it is one of those that only wrap a tensor; anything else as it is. */
const unwrapOnce = (value: PickleValue): PickleValue => {
  if (typeof value !== "object" || value?.kind !== "call") return value;
  const [first = null, , third = null] = value.arguments;
  if (value.name.startsWith("torch._utils._rebuild_parameter")) return first;
  const isWrapped = value.name === "torch._tensor._rebuild_from_type_v2" && typeof first === "object" &&
    first?.kind === "global" && typeof third === "object" && third?.kind === "tuple";
  return isWrapped ? { kind: "call", name: first.name, arguments: third.items } : value;
};

/** A parameter with attributes is wrapped twice; a hostile file's could be without end. */
const unwrap = (tensor: PickleValue): PickleValue => unwrapOnce(unwrapOnce(unwrapOnce(tensor)));

const wrong = (where: string, found: string, expected: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected));

const checkView = (where: string, view: TensorView, fileSize: number): Either<Failure, TensorView> => {
  const { offset, dtype, shape, storage } = view;
  const size = byteCount(view);
  // Also where the product is no number, as infinity times 0.
  if (!(size <= fileSize)) {
    return wrong(where, `shape [${shape.join(", ")}], so ${size} bytes`, `at most the ${fileSize} bytes of the file`);
  }
  const last = viewSpan(view) === 0 ? 0 : offset + viewSpan(view);
  const elements = Math.floor(storage.size / dtypeSize[dtype]);
  return last <= elements ? E.right(view) : wrong(where, `elements up to ${last}`, `at most its storage's ${elements}`);
};

/** The element type: the storage's, or the one that version 3 adds to the arguments. */
const dtypeOf = (name: string, values: readonly PickleValue[], storage: StorageReference): Dtype | undefined => {
  const scalar = argumentAt(values, 6);
  if (!name.endsWith("_rebuild_tensor_v3")) return storage.dtype;
  return typeof scalar === "object" && scalar?.kind === "global" ? scalarDtypes.get(scalar.name) : undefined;
};

/** Version 2 may say that the stored values are still to be negated. */
const isPending = (name: string, values: readonly PickleValue[]): boolean => {
  const notes = argumentAt(values, name.endsWith("_rebuild_tensor_v3") ? 7 : 6);
  return typeof notes === "object" && notes?.kind === "dictionary" && notes.pairs.length > 0;
};

/**
 * What a file says of one tensor, checked: sizes from 0, every element inside its storage, and no more bytes than the
 * whole file has, since a tensor may repeat the elements of a small storage. Left with kind `format`.
 */
export const readView = (
  file: string,
  fileSize: number,
  name: string,
  given: TensorObject,
): Either<Failure, TensorView> => {
  const where = tensorPlace(file, name);
  const tensor = unwrap(given);
  const isStorage = typeof tensor === "object" && tensor?.kind === "persistent";
  const isCall = typeof tensor === "object" && tensor?.kind === "call" &&
    tensor.name.startsWith("torch._utils._rebuild_tensor");
  if (!isStorage && !isCall) return wrong(where, describeValue(tensor), "a tensor");
  const values = isStorage ? [tensor] : tensor.arguments;
  const storage = readStorageReference(where, argumentAt(values, 0));
  if (E.isLeft(storage)) return storage;
  const length = storage.right.size / dtypeSize[storage.right.dtype];
  if (isStorage) {
    const lone = { name, dtype: storage.right.dtype, shape: [length], strides: [1], offset: 0, storage: storage.right };
    return checkView(where, lone, fileSize);
  }
  const [offset, shape, strides] = [
    argumentAt(values, 1),
    sizesOf(argumentAt(values, 2)),
    sizesOf(argumentAt(values, 3)),
  ];
  if (!isCount(offset)) return wrong(where, `the offset ${describeValue(offset)}`, "a whole number from 0");
  if (shape === undefined || strides === undefined || shape.length !== strides.length) {
    return wrong(where, "a shape or strides that make no sense", `up to ${maximumDimensions} whole numbers from 0`);
  }
  const dtype = dtypeOf(tensor.name, values, storage.right);
  if (dtype === undefined) return wrong(where, `elements of ${describeValue(argumentAt(values, 6))}`, "real numbers");
  if (isPending(tensor.name, values)) return wrong(where, "values that are still to be negated", "plain values");
  return checkView(where, { name, dtype, shape, strides, offset, storage: storage.right }, fileSize);
};

/** How many of the axes, innermost first, lie in C order without gaps, and how many elements those have together. */
const contiguousAxes = (axes: readonly Axis[]): readonly [axes: number, elements: number] => {
  let [count, elements] = [0, 1];
  for (const { side, stride } of axes) {
    if (side !== 1 && stride !== elements) break;
    elements *= side;
    count++;
  }
  return [count, elements];
};

/** An axis with the index that is reached on it. */
interface Counter extends Axis {
  index: number;
}

/** Moves an index on in C order, its innermost axis first, and gives by how many elements its place moves. */
const advance = (counters: readonly Counter[]): number => {
  let moved = 0;
  for (const counter of counters) {
    counter.index++;
    if (counter.index < counter.side) return moved + counter.stride;
    counter.index = 0;
    moved -= (counter.side - 1) * counter.stride;
  }
  return moved;
};

/**
 * A view's elements in C order without gaps. `span` are the bytes from its first element to the last; they are given
 * back as they are where they are in that order already.
 */
export const gather = (view: TensorView, span: Uint8Array): Uint8Array => {
  const axes = axesOf(view).toReversed();
  const [inner, block] = contiguousAxes(axes);
  if (elementCount(view.shape) === 0 || inner === axes.length) return span;
  const size = dtypeSize[view.dtype];
  const result = new Uint8Array(byteCount(view));
  const [outer, blockBytes] = [axes.slice(inner).map((axis): Counter => ({ ...axis, index: 0 })), block * size];
  for (let to = 0, from = 0; to < result.length; to += blockBytes) {
    // A call for each element would take several times as long as copying its bytes.
    if (blockBytes > 64) result.set(span.subarray(from, from + blockBytes), to);
    else for (let byte = 0; byte < blockBytes; byte++) result[to + byte] = span[from + byte]!;
    from += advance(outer) * size;
  }
  return result;
};
