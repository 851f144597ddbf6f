import { type Failure, failure } from "../../errors.ts";
import { E, type Either } from "../../dependencies/fp.ts";
import { type Dtype, dtypeSize } from "../dtype.ts";
import { byteCount, elementCount, type TensorEntry } from "../stored_tensor.ts";
import { scalarDtypes } from "./pickle_globals.ts";
import { isCount, readStorageReference, type StorageReference } from "./torch_storages.ts";
import { describeValue, type PickleCall, type PicklePersistent, type PickleValue } from "./pickle_values.ts";

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
export const axesOf = ({ shape, strides }: Pick<TensorView, "shape" | "strides">): readonly Axis[] =>
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
  const isCall = typeof tensor === "object" && tensor?.kind === "call" && tensor.name.includes("._rebuild_tensor");
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
