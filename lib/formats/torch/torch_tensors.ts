import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure, FailureError } from "../../errors.ts";
import type { ByteSource } from "../byte_source.ts";
import { dtypeSize } from "../bytes.ts";
import type { PlainValue, StoredTensor, TensorFile, TensorFileFormat } from "../tensor_file.ts";
import {
  describeValue,
  type PickleCall,
  type PickleDictionary,
  type PickleSequence,
  type PickleValue,
  scalarDtypes,
} from "./pickle_values.ts";
import {
  gather,
  readView,
  type StorageReference,
  type TensorObject,
  tensorPlace,
  type TensorView,
  viewSpan,
} from "./torch_views.ts";

/** How deep dictionaries and lists may lie in each other. */
const maximumDepth = 100;

/** How many values and tensors are listed at most; lists that share lists could otherwise never end. */
const maximumValues = 2 ** 20;

/** How long a name may be, in letters. */
const maximumName = 1000;

/** How long all names may be together, in letters. */
const maximumNames = 2 ** 26;

/** The tensors and values that an object holds, each with its name; no name is there twice. */
export interface TorchObjects {
  /** The tensors in the file's order. */
  readonly tensors: readonly (readonly [name: string, tensor: TensorObject])[];
  /** Everything else but bytes, sets and classes, in the file's order. */
  readonly values: readonly PlainValue[];
}

/** What is filled on the way through an object. */
interface Found {
  readonly place: string;
  readonly names: Set<string>;
  readonly tensors: (readonly [name: string, tensor: TensorObject])[];
  readonly values: PlainValue[];
  visited: number;
  letters: number;
}

type Children = readonly (readonly [key: PickleValue, value: PickleValue])[];

const refuse = (place: string, found: string, expected: string): never => {
  throw new FailureError(failure("format", place, found, expected));
};

const keyText = (place: string, key: PickleValue): string => {
  if (key === null) return "None";
  if (typeof key === "object") {
    return refuse(place, `a dictionary with the key ${describeValue(key)}`, "texts and numbers");
  }
  return typeof key === "boolean" ? key ? "True" : "False" : String(key);
};

const childrenOf = (value: PickleDictionary | PickleSequence): Children =>
  value.kind === "dictionary" ? value.pairs : value.items.map((item, index) => [index, item]);

const takeName = (found: Found, path: string, fallback: string): string => {
  const name = path === "" ? fallback : path;
  if (found.names.has(name)) refuse(found.place, `the name ${JSON.stringify(name)} twice`, "each name once");
  found.letters += name.length;
  if (found.letters > maximumNames) refuse(found.place, "names that are too long", `at most ${maximumNames} letters`);
  found.names.add(name);
  return name;
};

/** A device such as `cuda:0`; undefined for what is none. */
const deviceText = ([type, index]: readonly PickleValue[]): string | undefined => {
  if (typeof type !== "string" || type.length > 20) return undefined;
  return typeof index === "number" ? `${type}:${index}` : type;
};

/** A call that is no tensor: its value as a text, its items, or nothing. */
const plainCall = (call: PickleCall): PickleValue | undefined => {
  if (call.name === "torch.Size") return call.arguments[0];
  return call.name === "torch.device" ? deviceText(call.arguments) : undefined;
};

const isTensor = (value: TensorObject): boolean => value.kind === "persistent" || value.name.includes("._rebuild_");

const visitLeaf = (found: Found, path: string, value: PickleValue): void => {
  if (typeof value !== "object" || value === null) {
    found.values.push({ name: takeName(found, path, "value"), value });
  } else if (value.kind === "global" && scalarDtypes.has(value.name)) {
    found.values.push({ name: takeName(found, path, "value"), value: value.name });
  } else if (value.kind === "persistent" || value.kind === "call") {
    if (isTensor(value)) found.tensors.push([takeName(found, path, "tensor"), value]);
  }
};

const visitChildren = (
  found: Found,
  path: string,
  value: PickleDictionary | PickleSequence,
  above: readonly PickleValue[],
): void => {
  if (above.includes(value)) refuse(found.place, "a list or dictionary that contains itself", "one that ends");
  if (above.length >= maximumDepth) {
    refuse(found.place, "lists or dictionaries nested too deep", `at most ${maximumDepth} in each other`);
  }
  const inside = [...above, value];
  for (const [key, child] of childrenOf(value)) {
    const name = keyText(found.place, key);
    visit(found, path === "" ? name : `${path}.${name}`, child, inside);
  }
};

const visit = (found: Found, path: string, given: PickleValue, above: readonly PickleValue[]): void => {
  const value = (typeof given === "object" && given?.kind === "call" ? plainCall(given) : undefined) ?? given;
  found.visited++;
  if (found.visited > maximumValues) refuse(found.place, "too many values", `at most ${maximumValues}`);
  if (path.length > maximumName) refuse(found.place, "a name that is too long", `at most ${maximumName} letters`);
  const hasChildren = typeof value === "object" && value !== null &&
    (value.kind === "dictionary" || value.kind === "list" || value.kind === "tuple");
  if (hasChildren) visitChildren(found, path, value, above);
  else visitLeaf(found, path, value);
};

/**
 * The tensors and values of the object that a file holds, with the keys and indices on the way to them joined by dots.
 * A lone tensor is named `tensor`, a lone value `value`. Bytes, sets and classes are left out. Left with kind `format`
 * for names that occur twice, objects that contain themselves and those too deep or too large; `place` names the file.
 */
const objectsOf = (place: string, value: PickleValue): Either<Failure, TorchObjects> => {
  const found: Found = { place, names: new Set(), tensors: [], values: [], visited: 0, letters: 0 };
  try {
    visit(found, "", value, []);
    return E.right(found);
  } catch (reason) {
    if (reason instanceof FailureError) return E.left(reason.failure);
    throw reason;
  }
};

/** Where a storage's bytes start in the file, found out when they are needed. */
export type StorageStart = TaskEither<Failure, number>;

/**
 * Finds a storage in a file and checks that the file has all its bytes. `where` names the tensor in messages. Left with
 * kind `format` if there is no such storage.
 */
export type LocateStorage = (where: string, storage: StorageReference) => Either<Failure, StorageStart>;

interface LocatedView extends TensorView {
  readonly start: StorageStart;
}

const readTensor = (source: ByteSource, view: LocatedView): TaskEither<Failure, StoredTensor> => {
  const { name, dtype, shape, offset, storage } = view;
  const size = dtypeSize[dtype];
  const length = viewSpan(view) * size;
  return pipe(
    length === 0 ? TE.right(new Uint8Array()) : pipe(
      view.start,
      TE.chain((start) => source.read(start + storage.begin + offset * size, length)),
    ),
    TE.map((span) => ({ name, dtype, shape, bytes: gather(view, span) })),
  );
};

const locatedView = (
  source: ByteSource,
  locate: LocateStorage,
  [name, tensor]: readonly [name: string, tensor: TensorObject],
): Either<Failure, LocatedView> => {
  const view = readView(source.name, source.size, name, tensor);
  if (E.isLeft(view)) return view;
  const start = locate(tensorPlace(source.name, name), view.right.storage);
  return E.isLeft(start) ? start : E.right({ ...view.right, start: start.right });
};

const readerOf = (source: ByteSource, views: readonly LocatedView[]): TensorFile["read"] => {
  const byName = new Map(views.map((view) => [view.name, view]));
  return (name) => {
    const view = byName.get(name);
    if (view === undefined) throw new Error(`${source.name} has no tensor ${JSON.stringify(name)}`);
    return readTensor(source, view);
  };
};

/**
 * A file's tensors and values, from the object that its pickle holds. Nothing is read until a tensor is asked for, and
 * then only from its first element to its last. Left with kind `format` if any tensor is not as it should be.
 */
export const tensorFileOf = (
  source: ByteSource,
  format: TensorFileFormat,
  object: PickleValue,
  locate: LocateStorage,
): Either<Failure, TensorFile> => {
  const objects = objectsOf(source.name, object);
  if (E.isLeft(objects)) return objects;
  const { tensors, values } = objects.right;
  return pipe(
    tensors,
    E.traverseArray((tensor) => locatedView(source, locate, tensor)),
    E.map((views) => ({
      path: source.name,
      format,
      metadata: {},
      entries: views.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
      values,
      read: readerOf(source, views),
    })),
  );
};
