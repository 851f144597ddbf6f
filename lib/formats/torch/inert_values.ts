import { bytesOf, viewOf } from "../bytes.ts";
import type { PlainValue } from "../tensor_file.ts";
import { describeValue, type PickleRecord, type PickleSequence, type PickleValue } from "./pickle_values.ts";

/** Values of Python and NumPy that a training leaves in a checkpoint, as numbers and texts. */

type Plain = PlainValue["value"];

/** The longest text that is made of a value. */
const longestText = 200;

const short = (text: string): string => text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;

const isSequence = (value: PickleValue | undefined): value is PickleSequence =>
  typeof value === "object" && value !== null &&
  (value.kind === "list" || value.kind === "tuple" || value.kind === "set");

const brackets = { list: ["[", "]"], tuple: ["(", ")"], set: ["{", "}"] } as const;

const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** How many values are printed of several, and how deep: the time for any value must not depend on the file. */
const [mostPrinted, deepest] = [8, 2];

/** A value as Python would print it, as far as a line has room. */
const pythonText = (value: PickleValue, depth = 0): string => {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (isSequence(value) && depth < deepest) {
    const [open, close] = brackets[value.kind];
    return `${open}${value.items.slice(0, mostPrinted).map((item) => pythonText(item, depth + 1)).join(", ")}${close}`;
  }
  if (typeof value === "object" && value?.kind === "record" && depth < deepest) return recordText(value, depth + 1);
  if (typeof value === "object" && value?.kind === "global") return value.name;
  return describeValue(value);
};

const recordText = ({ name, arguments: values }: PickleRecord, depth: number): string =>
  short(`${lastName(name)}(${values.slice(0, mostPrinted).map((each) => pythonText(each, depth)).join(", ")})`);

/** A key of a dictionary that is neither a text nor a number, as a part of a name. */
export const keyOfObject = (key: PickleValue): string => short(pythonText(key));

/** More bytes than any number, date or array has that is shown. */
const mostBytes = 256;

/** The first bytes of some, also as Python 2 and protocol 2 write them: a text in Latin-1. */
const bytesIn = (value: PickleValue | undefined): Uint8Array | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  if (value.kind === "bytes") return value.bytes.subarray(0, mostBytes);
  const [text, encoding] = value.kind === "call" && value.name === "_codecs.encode" ? value.arguments : [];
  return typeof text === "string" && encoding === "latin1" ? bytesOf(text.slice(0, mostBytes)) : undefined;
};

/** How NumPy's codes of element types are read from memory. */
const numberTypes: Readonly<
  Record<string, readonly [name: string, read: (view: DataView, at: number, little: boolean) => Plain]>
> = {
  b1: ["bool", (view, at) => view.getUint8(at) !== 0],
  i1: ["int8", (view, at) => view.getInt8(at)],
  i2: ["int16", (view, at, little) => view.getInt16(at, little)],
  i4: ["int32", (view, at, little) => view.getInt32(at, little)],
  i8: ["int64", (view, at, little) => narrow(view.getBigInt64(at, little))],
  u1: ["uint8", (view, at) => view.getUint8(at)],
  u2: ["uint16", (view, at, little) => view.getUint16(at, little)],
  u4: ["uint32", (view, at, little) => view.getUint32(at, little)],
  u8: ["uint64", (view, at, little) => narrow(view.getBigUint64(at, little))],
  f2: ["float16", (view, at, little) => view.getFloat16(at, little)],
  f4: ["float32", (view, at, little) => view.getFloat32(at, little)],
  f8: ["float64", (view, at, little) => view.getFloat64(at, little)],
};

const narrow = (value: bigint): Plain => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

interface Elements {
  readonly name: string;
  /** As many of the elements as are asked for; undefined where they are no numbers. */
  readonly read: (bytes: Uint8Array, most: number) => readonly Plain[] | undefined;
}

/** The elements of `numpy.dtype("f4", False, True)` with its state `(3, "<", …)`. */
const elementsOf = (value: PickleValue | undefined): Elements => {
  const record = typeof value === "object" && value?.kind === "record" && value.name === "numpy.dtype"
    ? value
    : undefined;
  const code = record?.arguments[0];
  const state = record?.states[0];
  const order = isSequence(state) ? state.items[1] : undefined;
  const type = typeof code === "string" && Object.hasOwn(numberTypes, code) ? numberTypes[code] : undefined;
  if (type === undefined) return { name: typeof code === "string" ? short(code) : "objects", read: () => undefined };
  const [name, read] = type;
  const size = Number(String(code).slice(1));
  return {
    name,
    read: (bytes, most) =>
      Array.from(
        { length: Math.min(most, Math.floor(bytes.length / size)) },
        (_, index) => read(viewOf(bytes), index * size, order !== ">"),
      ),
  };
};

/** `numpy.core.multiarray.scalar(dtype, bytes)` */
const scalarOf = ({ arguments: [dtype, data] }: PickleRecord): Plain => {
  const { name, read } = elementsOf(dtype);
  const bytes = bytesIn(data);
  const [value] = (bytes === undefined ? undefined : read(bytes, 1)) ?? [];
  return value ?? `a number of NumPy (${name})`;
};

/** As many elements of an array are shown; longer ones are told by their shape. */
const mostShown = 16;

const arrayText = (
  shape: PickleValue | undefined,
  dtype: PickleValue | undefined,
  data: PickleValue | undefined,
): Plain => {
  const { name, read } = elementsOf(dtype);
  const bytes = bytesIn(data);
  const values = bytes === undefined ? undefined : read(bytes, mostShown + 1);
  const shown = values === undefined || values.length > mostShown ? "" : `: ${values.join(", ")}`;
  const sides = isSequence(shape) ? shape.items.slice(0, 64).map((side) => pythonText(side, deepest)).join(", ") : "";
  return short(`array of ${name} [${sides}]${shown}`);
};

/** `_reconstruct(…)` with the state `(1, shape, dtype, is_fortran, bytes)` */
const arrayOf = ({ states: [state] }: PickleRecord): Plain => {
  const [, shape, dtype, , data] = isSequence(state) ? state.items : [];
  return arrayText(shape, dtype, data);
};

/** Windows has its own separator, and both have a first part that ends with one already. */
const pathOf = ({ name, arguments: given }: PickleRecord): Plain => {
  const separator = name.includes("Windows") ? "\\" : "/";
  const parts = given.slice(0, 64).map((part) => short(typeof part === "string" ? part : pythonText(part)));
  return short(parts.join(separator).replace(/^([^/\\]*[/\\])[/\\]/, "$1"));
};

const two = (value: number | undefined): string => String(value ?? 0).padStart(2, "0");

/** Hours, minutes, seconds, and three bytes of microseconds. */
const clockText = ([hour, minute, second, ...rest]: readonly number[]): string => {
  const micro = rest.slice(0, 3).reduce((sum, byte) => 256 * sum + byte, 0);
  return `${two(hour)}:${two(minute)}:${two(second)}${micro === 0 ? "" : `.${String(micro).padStart(6, "0")}`}`;
};

/** Two bytes of the year, month, day. */
const dayText = ([high = 0, low = 0, month, day]: readonly number[]): string =>
  `${String(256 * high + low).padStart(4, "0")}-${two((month ?? 0) & 0x7F)}-${two(day)}`;

const dateText = (size: number, text: (bytes: readonly number[]) => string) => (record: PickleRecord): Plain => {
  const [data, zone] = record.arguments;
  const bytes = bytesIn(data);
  if (bytes?.length !== size) return recordText(record, 0);
  return short(`${text([...bytes])}${zone === undefined ? "" : ` ${pythonText(zone)}`}`);
};

/** How the calls that are known are shown; all others as Python would print them. */
const texts: ReadonlyMap<string, (record: PickleRecord) => Plain> = new Map([
  ["numpy.core.multiarray.scalar", scalarOf],
  ["numpy.core.multiarray._reconstruct", arrayOf],
  ["numpy.core.numeric._frombuffer", ({ arguments: [data, dtype, shape] }) => arrayText(shape, dtype, data)],
  ["datetime.datetime", dateText(10, (bytes) => `${dayText(bytes)} ${clockText(bytes.slice(4))}`)],
  ["datetime.date", dateText(4, dayText)],
  ["datetime.time", dateText(6, clockText)],
]);

/** A record that holds nothing but what it is made from, or is a value of Python or NumPy, as a number or a text. */
export const inertValue = (record: PickleRecord): Plain | undefined => {
  if (/^pathlib\.(_local\.)?(Pure)?(Posix|Windows)?Path$/.test(record.name)) return pathOf(record);
  const known = texts.get(record.name.replace("numpy._core.", "numpy.core."));
  if (known !== undefined) return known(record);
  const { items, pairs, states, arguments: values } = record;
  const isAtom = items.length === 0 && pairs.length === 0 && states.every((state) => state === null) &&
    values.length <= mostPrinted &&
    values.every((value) => typeof value !== "object" || value === null || value.kind === "global");
  return isAtom ? recordText(record, 0) : undefined;
};
