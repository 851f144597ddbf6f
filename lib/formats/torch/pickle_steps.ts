import { viewOf } from "../bytes.ts";
import {
  binaryNumber,
  byteString,
  decimalFloat,
  decimalNumber,
  escapedText,
  lineText,
  type OpcodeName,
  type Operation,
  quotedString,
  utf8Text,
} from "./pickle_opcodes.ts";
import {
  describeValue,
  type PicklePair,
  type PicklePersistent,
  type PickleSequence,
  type PickleValue,
} from "./pickle_values.ts";

/** The stack machine that a pickle is a program for. It lives as long as one pickle is read. */
export interface Machine {
  /** The pickle. */
  readonly bytes: Uint8Array;
  /** What was kept to be used again, by number. */
  readonly memo: Map<number, PickleValue>;
  /** Every persistent value so far. */
  readonly references: PicklePersistent[];
  /** Puts a value on the stack. */
  readonly push: (value: PickleValue) => void;
  /** Takes the topmost value off the stack. */
  readonly pop: () => PickleValue;
  /** The topmost value, which stays. */
  readonly top: () => PickleValue;
  /** Remembers how high the stack is. */
  readonly mark: () => void;
  /** Takes off everything above the last mark, and the mark. */
  readonly popToMark: () => PickleValue[];
  /** Takes the topmost value off the stack, or the last mark if nothing is above it. */
  readonly discard: () => void;
  /** Names a global. @throws FailureError if it is not in the list. */
  readonly global: (module: string, name: string) => PickleValue;
  /** What a call would give, as data. @throws FailureError unless the callee may be called. */
  readonly call: (callee: PickleValue, values: PickleValue) => PickleValue;
  /** The object of a class with what it is made from, as data. @throws FailureError for what is no class. */
  readonly build: (target: PickleValue, values: PickleValue, names?: readonly PicklePair[]) => PickleValue;
  /** @throws FailureError with kind `format`, always. */
  readonly refuse: (found: string, expected: string) => never;
}

type Step = (machine: Machine, argument: Uint8Array) => void;

/** The values that a machine builds grow until the pickle ends; only then are they the readonly data of others. */
const growing = <A>(items: readonly A[]): A[] => items as A[];

/** A step that pushes what its argument says; undefined is an argument that says nothing. */
const pushing = (decode: (argument: Uint8Array) => PickleValue | undefined): Step => (machine, argument) => {
  const value = decode(argument);
  machine.push(value === undefined ? machine.refuse("a number or text that cannot be read", "a whole pickle") : value);
};

const pushNew = (make: () => PickleValue): Step => (machine) => machine.push(make());

const sequence = (kind: PickleSequence["kind"], items: readonly PickleValue[]): PickleSequence => ({ kind, items });

const tuple = (size: number): Step => (machine) => {
  const items = Array.from({ length: size }, () => machine.pop()).reverse();
  machine.push(sequence("tuple", items));
};

const unsigned8 = (argument: Uint8Array): number => viewOf(argument).getUint8(0);
const unsigned32 = (argument: Uint8Array): number => viewOf(argument).getUint32(0, true);

const appendTo = (machine: Machine, kind: PickleSequence["kind"], items: readonly PickleValue[]): void => {
  const target = machine.top();
  const takes = typeof target === "object" && target !== null &&
    (target.kind === kind || (target.kind === "record" && kind === "list"));
  if (!takes || !("items" in target)) {
    return machine.refuse(`items added to ${describeValue(target)}`, `a ${kind}`);
  }
  const grown = growing(target.items);
  for (const item of items) grown.push(item);
};

const pairsOf = (machine: Machine, items: readonly PickleValue[]): PicklePair[] => {
  const pairs: PicklePair[] = [];
  let key: PickleValue | undefined;
  for (const item of items) {
    if (key !== undefined) pairs.push([key, item]);
    key = key === undefined ? item : undefined;
  }
  return key === undefined ? pairs : machine.refuse("a key without a value", "a value for each key");
};

const setItems = (machine: Machine, items: readonly PickleValue[]): void => {
  const target = machine.top();
  if (typeof target !== "object" || target === null || !("pairs" in target)) {
    return machine.refuse(`keys set in ${describeValue(target)}`, "a dictionary");
  }
  const grown = growing(target.pairs);
  for (const pair of pairsOf(machine, items)) grown.push(pair);
};

const popped = (machine: Machine, count: number): PickleValue[] =>
  Array.from({ length: count }, () => machine.pop()).reverse();

const keep = (number: (argument: Uint8Array) => number): Step => (machine, argument) =>
  void machine.memo.set(number(argument), machine.top());

const recall = (number: (argument: Uint8Array) => number): Step => (machine, argument) => {
  const value = machine.memo.get(number(argument));
  machine.push(
    value === undefined ? machine.refuse("a pickle that recalls what it never kept", "a whole pickle") : value,
  );
};

const lineNumber = (argument: Uint8Array): number => Number(lineText(argument));

const persistent = (machine: Machine, id: PickleValue): void => {
  const value = { kind: "persistent", id } as const;
  machine.references.push(value);
  machine.push(value);
};

const globalOfLines = (machine: Machine, argument: Uint8Array): PickleValue => {
  const [module, name] = byteString(argument).split("\n");
  if (module === undefined || name === undefined) return machine.refuse("a global without a name", "a name");
  return machine.global(module, name);
};

const stackGlobal: Step = (machine) => {
  const [name, module] = [machine.pop(), machine.pop()];
  if (typeof name !== "string" || typeof module !== "string") machine.refuse("a global without a name", "a name");
  else machine.push(machine.global(module, name));
};

const callOnStack: Step = (machine) => {
  const [values, callee] = [machine.pop(), machine.pop()];
  machine.push(machine.call(callee, values));
};

const buildOnStack: Step = (machine) => {
  const [values, target] = [machine.pop(), machine.pop()];
  machine.push(machine.build(target, values));
};

const buildWithNames: Step = (machine) => {
  const [names, values, target] = [machine.pop(), machine.pop(), machine.pop()];
  const isNames = typeof names === "object" && names?.kind === "dictionary";
  if (!isNames) return machine.refuse(`arguments named by ${describeValue(names)}`, "a dictionary");
  machine.push(machine.build(target, values, names.pairs));
};

/** Python makes an object without arguments without a call; with some, it calls. */
const buildOrCall = (machine: Machine, target: PickleValue, values: readonly PickleValue[]): void =>
  machine.push((values.length === 0 ? machine.build : machine.call)(target, sequence("tuple", values)));

const buildAfterMark: Step = (machine) => {
  const [target = null, ...values] = machine.popToMark();
  buildOrCall(machine, target, values);
};

/** A state dictionary carries `_metadata` as an attribute, which is left out; objects keep what they are told. */
const setState: Step = (machine) => {
  const [state, target] = [machine.pop(), machine.top()];
  if (typeof target === "object" && target?.kind === "record") growing(target.states).push(state);
  else if (typeof target !== "object" || target?.kind !== "dictionary") {
    machine.refuse(`attributes set on ${describeValue(target)}`, "none");
  }
};

const numberOrTruth = (argument: Uint8Array): PickleValue | undefined => {
  const line = lineText(argument);
  return line === "00" || line === "01" ? line === "01" : decimalNumber(line);
};

const bytesValue = pushing((bytes) => ({ kind: "bytes", bytes }));
const refused = (what: string): Step => (machine) => machine.refuse(what, "a pickle as PyTorch writes it");
const nothing: Step = () => {};

const protocol: Step = (machine, argument) => {
  const version = unsigned8(argument);
  if (version > 5) machine.refuse(`a pickle of protocol ${version}`, "protocol 0 to 5");
};

const steps: Readonly<Record<OpcodeName, Step>> = {
  PROTO: protocol,
  FRAME: nothing,
  STOP: nothing,
  MARK: (machine) => machine.mark(),
  POP: (machine) => machine.discard(),
  POP_MARK: (machine) => void machine.popToMark(),
  DUP: (machine) => machine.push(machine.top()),
  NONE: pushNew(() => null),
  NEWTRUE: pushNew(() => true),
  NEWFALSE: pushNew(() => false),
  INT: pushing(numberOrTruth),
  LONG: pushing((argument) => decimalNumber(lineText(argument))),
  FLOAT: pushing((argument) => decimalFloat(lineText(argument))),
  BININT: pushing((argument) => viewOf(argument).getInt32(0, true)),
  BININT1: pushing(unsigned8),
  BININT2: pushing((argument) => viewOf(argument).getUint16(0, true)),
  BINFLOAT: pushing((argument) => viewOf(argument).getFloat64(0)),
  LONG1: pushing(binaryNumber),
  LONG4: pushing(binaryNumber),
  STRING: pushing((argument) => quotedString(lineText(argument))),
  BINSTRING: pushing(byteString),
  SHORT_BINSTRING: pushing(byteString),
  UNICODE: pushing((argument) => escapedText(lineText(argument))),
  BINUNICODE: pushing(utf8Text),
  SHORT_BINUNICODE: pushing(utf8Text),
  BINUNICODE8: pushing(utf8Text),
  BINBYTES: bytesValue,
  SHORT_BINBYTES: bytesValue,
  BINBYTES8: bytesValue,
  BYTEARRAY8: bytesValue,
  EMPTY_TUPLE: pushNew(() => sequence("tuple", [])),
  EMPTY_LIST: pushNew(() => sequence("list", [])),
  EMPTY_SET: pushNew(() => sequence("set", [])),
  EMPTY_DICT: pushNew(() => ({ kind: "dictionary", pairs: [] })),
  TUPLE: (machine) => machine.push(sequence("tuple", machine.popToMark())),
  TUPLE1: tuple(1),
  TUPLE2: tuple(2),
  TUPLE3: tuple(3),
  LIST: (machine) => machine.push(sequence("list", machine.popToMark())),
  FROZENSET: (machine) => machine.push(sequence("set", machine.popToMark())),
  DICT: (machine) => machine.push({ kind: "dictionary", pairs: pairsOf(machine, machine.popToMark()) }),
  APPEND: (machine) => appendTo(machine, "list", popped(machine, 1)),
  APPENDS: (machine) => appendTo(machine, "list", machine.popToMark()),
  ADDITEMS: (machine) => appendTo(machine, "set", machine.popToMark()),
  SETITEM: (machine) => setItems(machine, popped(machine, 2)),
  SETITEMS: (machine) => setItems(machine, machine.popToMark()),
  GET: recall(lineNumber),
  BINGET: recall(unsigned8),
  LONG_BINGET: recall(unsigned32),
  PUT: keep(lineNumber),
  BINPUT: keep(unsigned8),
  LONG_BINPUT: keep(unsigned32),
  MEMOIZE: (machine) => void machine.memo.set(machine.memo.size, machine.top()),
  GLOBAL: (machine, argument) => machine.push(globalOfLines(machine, argument)),
  STACK_GLOBAL: stackGlobal,
  REDUCE: callOnStack,
  NEWOBJ: buildOnStack,
  NEWOBJ_EX: buildWithNames,
  OBJ: buildAfterMark,
  INST: (machine, argument) => buildOrCall(machine, globalOfLines(machine, argument), machine.popToMark()),
  BUILD: setState,
  PERSID: (machine, argument) => persistent(machine, lineText(argument)),
  BINPERSID: (machine) => persistent(machine, machine.pop()),
  EXT1: refused("a global by number"),
  EXT2: refused("a global by number"),
  EXT4: refused("a global by number"),
  NEXT_BUFFER: refused("bytes outside the pickle"),
  READONLY_BUFFER: refused("bytes outside the pickle"),
};

/** Does one step of a pickle. @throws FailureError for one that PyTorch would not write, or that is not allowed. */
export const step = (machine: Machine, operation: Operation): void =>
  steps[operation.name](machine, machine.bytes.subarray(operation.start, operation.end));
