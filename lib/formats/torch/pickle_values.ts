import type { Dtype } from "../bytes.ts";

/**
 * What a pickle says, as data. Dictionaries are lists of pairs, so that no key can mean anything to JavaScript, and
 * what a pickle would call is only named with its arguments: nothing is ever run. Values may be shared, and a damaged
 * or hostile pickle may hold values that contain themselves.
 */

/** None, a truth value, a number or a text. Whole numbers beyond ±2⁵³ are bigints. */
export type PickleScalar = null | boolean | number | bigint | string;

/** Bytes; they share the memory of the pickle. */
export interface PickleBytes {
  /** Which of the values this is. */
  readonly kind: "bytes";
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/** A list, tuple or set. */
export interface PickleSequence {
  /** Which of the values this is. */
  readonly kind: "list" | "tuple" | "set";
  /** The items in the pickle's order; those of a set may repeat. */
  readonly items: readonly PickleValue[];
}

/** A key of a dictionary with its value. */
export type PicklePair = readonly [key: PickleValue, value: PickleValue];

/** A dictionary of any class. */
export interface PickleDictionary {
  /** Which of the values this is. */
  readonly kind: "dictionary";
  /** The pairs in the pickle's order; a key that is set twice is there twice. */
  readonly pairs: readonly PicklePair[];
}

/** A class, function or constant of Python, by name only. */
export interface PickleGlobal {
  /** Which of the values this is. */
  readonly kind: "global";
  /** The module's name, a dot and the name in it, such as `torch.FloatStorage`. */
  readonly name: string;
}

/** What Python would get by a call, which is not made. */
export interface PickleCall {
  /** Which of the values this is. */
  readonly kind: "call";
  /** The function or class, named as in {@link PickleGlobal}. */
  readonly name: string;
  /** The arguments in order. */
  readonly arguments: readonly PickleValue[];
}

/**
 * An object of a class that is not known here, or a value of Python such as a path or a date: what it is of, and everything
 * that the pickle would give it. Nothing of the class is needed for that, and nothing of it is run.
 */
export interface PickleRecord {
  /** Which of the values this is. */
  readonly kind: "record";
  /** The class, or what makes such values, named as in {@link PickleGlobal}. */
  readonly name: string;
  /** What it is made from, in order. */
  readonly arguments: readonly PickleValue[];
  /** What is appended to it, as to a list. */
  readonly items: readonly PickleValue[];
  /** What is set in it by key, as in a dictionary, and arguments that have names. */
  readonly pairs: readonly PicklePair[];
  /** What it is told to be, in order; mostly one dictionary of its attributes. */
  readonly states: readonly PickleValue[];
}

/** A reference to something outside the pickle; in PyTorch's files, to a storage. */
export interface PicklePersistent {
  /** Which of the values this is. */
  readonly kind: "persistent";
  /** What the file says to find it by. */
  readonly id: PickleValue;
}

/** Any value of a pickle. */
export type PickleValue =
  | PickleScalar
  | PickleBytes
  | PickleSequence
  | PickleDictionary
  | PickleGlobal
  | PickleCall
  | PickleRecord
  | PicklePersistent;

/** A value as messages show it, at most about 60 characters long. */
export const describeValue = (value: PickleValue): string => {
  if (typeof value === "string") {
    return value.length <= 60 ? JSON.stringify(value) : `a text of ${value.length} letters`;
  }
  if (typeof value === "bigint") return "a number beyond ±2⁵³";
  if (value === null) return "None";
  if (typeof value !== "object") return String(value);
  return "name" in value ? `a ${value.name.slice(0, 60)}` : `a ${value.kind}`;
};

/** PyTorch's names of element types, and of the storages that hold them. */
const elementTypes: readonly (readonly [dtype: Dtype, scalar: string, storage: string])[] = [
  ["F64", "float64", "DoubleStorage"],
  ["F32", "float32", "FloatStorage"],
  ["F16", "float16", "HalfStorage"],
  ["BF16", "bfloat16", "BFloat16Storage"],
  ["I64", "int64", "LongStorage"],
  ["I32", "int32", "IntStorage"],
  ["I16", "int16", "ShortStorage"],
  ["I8", "int8", "CharStorage"],
  ["U8", "uint8", "ByteStorage"],
  ["BOOL", "bool", "BoolStorage"],
];

/** The element type that a storage's class names. A storage without type counts as bytes. */
export const storageDtypes: ReadonlyMap<string, Dtype> = new Map([
  ...elementTypes.flatMap(([dtype, , storage]): readonly (readonly [string, Dtype])[] => [
    [`torch.${storage}`, dtype],
    [`torch.cuda.${storage}`, dtype],
  ]),
  ["torch.storage.UntypedStorage", "U8"],
  ["torch.UntypedStorage", "U8"],
]);

/** The element type that a name such as `torch.float32` stands for. */
export const scalarDtypes: ReadonlyMap<string, Dtype> = new Map(
  elementTypes.map(([dtype, scalar]) => [`torch.${scalar}`, dtype]),
);
