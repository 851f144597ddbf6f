import { E, type Either } from "../../dependencies/fp.ts";
import { type Failure, failure, FailureError } from "../../errors.ts";
import { operationAt } from "./pickle_opcodes.ts";
import { type Machine, step } from "./pickle_steps.ts";
import {
  builders,
  dictionaryClasses,
  forbiddenCall,
  forbiddenGlobal,
  inertCalls,
  isAllowedGlobal,
  isCallable,
  setClasses,
} from "./pickle_globals.ts";
import {
  describeValue,
  type PickleGlobal,
  type PicklePair,
  type PicklePersistent,
  type PickleRecord,
  type PickleValue,
} from "./pickle_values.ts";

/** The most pairs that calls of dictionaries may copy in all, since a short pickle can repeat such a call at will. */
const maximumCopies = 2 ** 20;

const isPair = (value: PickleValue): value is { kind: "list" | "tuple"; items: PicklePair } =>
  typeof value === "object" && value !== null && (value.kind === "list" || value.kind === "tuple") &&
  value.items.length === 2;

const sequenceItems = (value: PickleValue | undefined): readonly PickleValue[] | undefined =>
  typeof value === "object" && value !== null && (value.kind === "list" || value.kind === "tuple")
    ? value.items
    : undefined;

/** The pairs of `OrderedDict(pairs)`, `defaultdict(class, pairs)` and `Counter(dictionary)`; undefined if the arguments are no such. */
const dictionaryPairs = (values: readonly PickleValue[]): readonly PicklePair[] | undefined => {
  const last = values.at(-1);
  if (typeof last !== "object" || last === null || last.kind === "global") return [];
  if (last.kind === "dictionary") return [...last.pairs];
  const items = sequenceItems(last);
  return items?.every(isPair) ? items.filter(isPair).map(({ items }) => items) : undefined;
};

const isGlobal = (value: PickleValue | undefined): value is PickleGlobal =>
  typeof value === "object" && value?.kind === "global";

/** What an object is made from by `copyreg._reconstructor(class, base, state)` or `copyreg.__newobj__(class, …)`. */
const partsOf = (
  name: string,
  values: readonly PickleValue[],
): readonly [values: readonly PickleValue[], names: readonly PicklePair[]] => {
  const [, second, third = null] = values;
  if (name.endsWith(".__newobj__")) return [values.slice(1), []];
  const names = typeof third === "object" && third?.kind === "dictionary" ? third.pairs : [];
  const isBase = name.endsWith("._reconstructor") && third !== null && names.length === 0;
  if (isBase) return [sequenceItems(third) ?? [third], []];
  if (name.endsWith("._reconstructor")) return [[], names];
  return [sequenceItems(second) ?? [], names];
};

/** How many values a dictionary that is made of another value copies. */
const copied = (value: PickleValue | undefined): number =>
  typeof value === "object" && value?.kind === "dictionary" ? value.pairs.length : sequenceItems(value)?.length ?? 0;

/** An empty machine for a pickle; `place` names it in messages. */
const startMachine = (place: string, bytes: Uint8Array): Machine => {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  let copies = 0;
  const refuse = (found: string, expected: string): never => {
    throw new FailureError(
      failure("format", place, found, expected, "The file is damaged; copy or download it again."),
    );
  };
  const top = (): PickleValue => {
    const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
    return value === undefined ? refuse("a pickle that uses a value that is not there", "a whole pickle") : value;
  };
  const pop = (): PickleValue => {
    const value = top();
    stack.pop();
    return value;
  };
  const popToMark = (): PickleValue[] =>
    stack.splice(marks.pop() ?? refuse("a pickle that uses a mark that is not there", "a whole pickle"));
  const discard = (): void => {
    if (marks.at(-1) === stack.length) marks.pop();
    else pop();
  };
  const global = (module: string, name: string): PickleValue => {
    const whole = `${module}.${name}`;
    if (!isAllowedGlobal(whole)) throw new FailureError(forbiddenGlobal(place, whole));
    return { kind: "global", name: whole };
  };
  const record = (name: string, values: readonly PickleValue[], names: readonly PicklePair[] = []): PickleRecord => {
    copies += names.length;
    if (copies > maximumCopies) return refuse("objects made of too many pairs", `at most ${maximumCopies}`);
    return { kind: "record", name, arguments: values, items: [], pairs: [...names], states: [] };
  };
  const dictionary = (name: string, values: readonly PickleValue[]): PickleValue => {
    copies += copied(values.at(-1));
    if (copies > maximumCopies) return refuse("dictionaries made of too many pairs", `at most ${maximumCopies}`);
    return { kind: "dictionary", pairs: dictionaryPairs(values) ?? refuse(`no pairs for ${name}`, "a list of pairs") };
  };
  const call = (callee: PickleValue, values: PickleValue): PickleValue => {
    if (!isGlobal(callee)) return refuse(`a call of ${describeValue(callee)}`, "only what may be called");
    if (!isCallable(callee.name)) throw new FailureError(forbiddenCall(place, callee.name));
    if (typeof values !== "object" || values === null || values.kind !== "tuple") {
      return refuse(`a call of ${callee.name} with ${describeValue(values)}`, "a tuple");
    }
    if (inertCalls.has(callee.name)) return record(callee.name, values.items);
    if (builders.has(callee.name)) {
      const [target] = values.items;
      if (!isGlobal(target)) return refuse(`a call of ${callee.name} without a class`, "a class");
      return record(target.name, ...partsOf(callee.name, values.items));
    }
    if (dictionaryClasses.has(callee.name)) return dictionary(callee.name, values.items);
    if (!setClasses.has(callee.name)) return { kind: "call", name: callee.name, arguments: values.items };
    return { kind: "set", items: sequenceItems(values.items[0]) ?? [] };
  };
  const build = (target: PickleValue, values: PickleValue, names: readonly PicklePair[] = []): PickleValue => {
    if (!isGlobal(target) || isCallable(target.name)) {
      return names.length === 0
        ? call(target, values)
        : refuse("a call with named arguments", "arguments without names");
    }
    return record(target.name, sequenceItems(values) ?? [], names);
  };
  const push = (value: PickleValue): void => void stack.push(value);
  const mark = (): void => void marks.push(stack.length);
  return {
    bytes,
    memo: new Map(),
    references: [],
    push,
    pop,
    top,
    mark,
    popToMark,
    discard,
    global,
    call,
    build,
    refuse,
  };
};

/** The longest pickle, in bytes, that is read: with 200 bytes a tensor, that of more than 300 000 tensors. */
export const maximumPickle: number = 2 ** 26;

/** The most steps that a pickle may have. PyTorch writes about 40 for a tensor. */
const maximumSteps = 2 ** 20;

/** What was read of a pickle. */
export interface Pickle {
  /** The object that was pickled. */
  readonly value: PickleValue;
  /** Every reference to something outside, in the pickle's order. */
  readonly references: readonly PicklePersistent[];
  /** The byte after the pickle. */
  readonly end: number;
}

const unreadable = (place: string, at: number, problem: "unknown" | "cut off"): Failure =>
  failure(
    "format",
    place,
    problem === "unknown" ? `what is no step of a pickle at byte ${at}` : "a pickle that ends in the middle",
    "a whole pickle",
    "The file is damaged or truncated; copy or download it again.",
  );

const run = (place: string, bytes: Uint8Array, start: number): Pickle => {
  const machine = startMachine(place, bytes);
  for (let at = start, steps = 0; steps < maximumSteps; steps++) {
    const operation = operationAt(bytes, at);
    if (typeof operation === "string") throw new FailureError(unreadable(place, at, operation));
    at = operation.end;
    if (operation.name === "STOP") return { value: machine.pop(), references: machine.references, end: at };
    step(machine, operation);
  }
  return machine.refuse("a pickle of too many steps", `at most ${maximumSteps}`);
};

/**
 * Reads one pickle, of protocols 0 to 5, that starts at byte `start`, as data. It runs nothing and knows no class: what
 * a pickle may name is listed, and anything else is refused by name. Time and memory stay in proportion to the bytes,
 * whatever lengths they declare. Left with kind `format`; `place` names the file in the message.
 */
export const readPickle = (place: string, bytes: Uint8Array, start: number): Either<Failure, Pickle> => {
  try {
    return E.right(run(place, bytes, start));
  } catch (reason) {
    if (reason instanceof FailureError) return E.left(reason.failure);
    throw reason;
  }
};
