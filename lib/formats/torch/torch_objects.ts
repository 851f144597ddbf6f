import { E, type Either } from "../../dependencies/fp.ts";
import { type Failure, failure, FailureError } from "../../errors.ts";
import type { PlainValue } from "../tensor_file.ts";
import { inertValue, keyOfObject } from "./inert_values.ts";
import {
  describeValue,
  type PickleCall,
  type PickleDictionary,
  type PickleRecord,
  type PickleSequence,
  type PickleValue,
  scalarDtypes,
} from "./pickle_values.ts";
import type { TensorObject } from "./torch_views.ts";

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
  /** Everything else but bytes, sets and classes, in the file's order; what Python would print as a text. */
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

/** What has values inside. */
type Container = PickleDictionary | PickleSequence | PickleRecord;

type Children = readonly (readonly [key: PickleValue, value: PickleValue])[];

const refuse = (place: string, found: string, expected: string): never => {
  throw new FailureError(failure("format", place, found, expected));
};

/** Keys of dictionaries by which tensors are found must be names; inside an object, which has its own ways, any key may be. */
const keyText = (place: string, key: PickleValue, isInside: boolean): string => {
  if (key === null) return "None";
  if (typeof key === "object") {
    if (isInside || key.kind === "global") return keyOfObject(key);
    return refuse(place, `a dictionary with the key ${describeValue(key)}`, "texts and numbers");
  }
  return typeof key === "boolean" ? key ? "True" : "False" : String(key);
};

/** Counts what is looked at: lists that share lists could otherwise be gone through without end. */
const count = (found: Found, more: number): void => {
  found.visited += more;
  if (found.visited > maximumValues) refuse(found.place, "too many values", `at most ${maximumValues}`);
};

const pairsIn = (found: Found, value: PickleValue | undefined): Children => {
  const pairs = typeof value === "object" && value?.kind === "dictionary" ? value.pairs : [];
  count(found, pairs.length);
  return pairs;
};

/** What `torch.nn.Module.state_dict` gives of a module that was saved whole, or undefined for any other object. */
const moduleChildren = (found: Found, attributes: Children): Children | undefined => {
  const groups = new Map(attributes);
  if (!groups.has("_parameters") || !groups.has("_modules")) return undefined;
  const hidden = groups.get("_non_persistent_buffers_set");
  const temporary = new Set(typeof hidden === "object" && hidden?.kind === "set" ? hidden.items : []);
  count(found, temporary.size);
  const buffers = pairsIn(found, groups.get("_buffers")).filter(([name]) => !temporary.has(name));
  return [...pairsIn(found, groups.get("_parameters")), ...buffers, ...pairsIn(found, groups.get("_modules"))]
    .filter(([, child]) => child !== null);
};

/** The state of an object with slots is a pair of dictionaries. */
const attributesOf = (found: Found, state: PickleValue): Children =>
  typeof state === "object" && state?.kind === "tuple" && state.items.length === 2
    ? state.items.flatMap((each) => pairsIn(found, each))
    : pairsIn(found, state);

/** What an object holds: first by key, then by index, then its attributes, as far as they are not the same keys again. */
const recordChildren = (found: Found, { arguments: values, items, pairs, states }: PickleRecord): Children => {
  count(found, values.length + items.length + pairs.length + states.length);
  const attributes = states.flatMap((state) => attributesOf(found, state));
  const keys = new Set(pairs.map(([key]) => key));
  return moduleChildren(found, attributes) ?? [
    ...pairs,
    // What is appended later makes more of an object than what it was begun with, such as the length of a deque.
    ...(items.length > 0 ? items : values).map((item, index) => [index, item] as const),
    ...attributes.filter(([key]) => !keys.has(key)),
  ];
};

const childrenOf = (found: Found, value: Container): Children => {
  if (value.kind === "record") return recordChildren(found, value);
  return value.kind === "dictionary" ? value.pairs : value.items.map((item, index) => [index, item]);
};

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

/** What is known of a value's class, as a value that is shown; anything else as it is. */
const plainValue = (given: PickleValue): PickleValue => {
  if (typeof given !== "object" || given === null) return given;
  const plain = given.kind === "call" ? plainCall(given) : given.kind === "record" ? inertValue(given) : undefined;
  return plain ?? given;
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
  value: Container,
  above: readonly Container[],
): void => {
  const isInside = above.some(({ kind }) => kind === "record");
  // Objects often know what they belong to.
  if (above.includes(value) && (isInside || value.kind === "record")) return;
  if (above.includes(value)) refuse(found.place, "a list or dictionary that contains itself", "one that ends");
  if (above.length >= maximumDepth) {
    refuse(found.place, "lists or dictionaries nested too deep", `at most ${maximumDepth} in each other`);
  }
  const inside = [...above, value];
  for (const [key, child] of childrenOf(found, value)) {
    const name = keyText(found.place, key, isInside || value.kind === "record");
    visit(found, path === "" ? name : `${path}.${name}`, child, inside);
  }
};

const visit = (found: Found, path: string, given: PickleValue, above: readonly Container[]): void => {
  const value = plainValue(given);
  count(found, 1);
  if (path.length > maximumName) refuse(found.place, "a name that is too long", `at most ${maximumName} letters`);
  const hasChildren = typeof value === "object" && value !== null &&
    (value.kind === "dictionary" || value.kind === "list" || value.kind === "tuple" || value.kind === "record");
  if (hasChildren) visitChildren(found, path, value, above);
  else visitLeaf(found, path, value);
};

/**
 * The tensors and values of the object that a file holds, with the keys and indices on the way to them joined by dots.
 * A lone tensor is named `tensor`, a lone value `value`. Bytes, sets and classes are left out. Left with kind `format`
 * for names that occur twice, objects that contain themselves and those too deep or too large; `place` names the file.
 */
export const objectsOf = (place: string, value: PickleValue): Either<Failure, TorchObjects> => {
  const found: Found = { place, names: new Set(), tensors: [], values: [], visited: 0, letters: 0 };
  try {
    visit(found, "", value, []);
    return E.right(found);
  } catch (reason) {
    if (reason instanceof FailureError) return E.left(reason.failure);
    throw reason;
  }
};
