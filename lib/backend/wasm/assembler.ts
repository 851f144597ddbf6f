/**
 * An assembler of WebAssembly: the instructions that this library's kernels use, and modules of procedures. An operation
 * takes the code of its operands and gives its own code, so that kernels read as expressions.
 */

/** Instructions as bytes, nested at will. */
export type Code = readonly (number | Code)[];

/** What a local, a field or a global holds, as it is written in a module. */
export type ValueType = readonly number[];

/** A number from 0 to 2³² − 1 in LEB128, the variable-length form of all numbers in a module. */
export const unsigned = (value: number): readonly number[] =>
  value < 128 ? [value] : [value % 128 + 128, ...unsigned(Math.floor(value / 128))];

/** A 32-bit number with a sign in LEB128. */
export const signed = (value: number): readonly number[] =>
  value >= -64 && value < 64 ? [value & 127] : [value & 127 | 128, ...signed(value >> 7)];

/** A 32-bit integer. */
export const integerType: ValueType = [0x7f];

/** Four 32-bit floats. */
export const vector: ValueType = [0x7b];

/** A struct or array of a type of the module, or null. */
export const nullable = (type: number): ValueType => [0x63, ...signed(type)];

/** The same, never null; a local of this type is given a value before it is read. */
export const reference = (type: number): ValueType => [0x64, ...signed(type)];

/** The value of a local. */
export const get = (local: number): Code => [0x20, unsigned(local)];

/** Gives a local a value. */
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];

/** The value of a global. */
export const getGlobal = (global: number): Code => [0x23, unsigned(global)];

/** Gives a global a value. */
export const setGlobal = (global: number, value: Code): Code => [value, 0x24, unsigned(global)];

/** An integer constant. */
export const integerConstant = (value: number): Code => [0x41, signed(value)];

/** a + b of integers. */
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];

/** a − b of integers. */
export const subtract = (a: Code, b: Code): Code => [a, b, 0x6b];

/** a · b of integers. */
export const multiply = (a: Code, b: Code): Code => [a, b, 0x6c];

/** 1 if a = b, else 0, of integers. */
export const equal = (a: Code, b: Code): Code => [a, b, 0x46];

/** 1 if a > b, else 0, of integers. */
export const greater = (a: Code, b: Code): Code => [a, b, 0x4a];

/** Adds to a local. */
export const advance = (local: number, by: Code): Code => set(local, add(get(local), by));

/** Does `body` if `condition` is not 0. */
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];

/** Does `body` as many times as the local says, 0 or more, which counts down to 0. */
export const repeat = (counter: number, body: Code): Code =>
  when(get(counter), [
    [0x03, 0x40, body],
    [set(counter, subtract(get(counter), integerConstant(1))), get(counter)],
    [0x0d, 0x00, 0x0b],
  ]);

/** Does `body` again and again until {@link orLeave} in it, at its outermost level, meets null. */
export const repeatUntilNull = (body: Code): Code => [0x02, 0x40, 0x03, 0x40, body, 0x0c, 0x00, 0x0b, 0x0b];

/** A reference that is not null; if it is, the loop around it ends. */
export const orLeave = (value: Code): Code => [value, 0xd5, 0x01];

/** A reference that is not null; if it is, the program is wrong and stops. */
export const notNull = (value: Code): Code => [value, 0xd4];

/** No struct of this type. */
export const nullOf = (type: number): Code => [0xd0, signed(type)];

/** A new struct, all zeros. */
export const newStruct = (type: number): Code => [0xfb, 0x01, unsigned(type)];

/** A field of a struct. No bounds are checked, as there is nothing to check. */
export const getField = (type: number, struct: Code, field: number): Code => [
  [struct, 0xfb, 0x02],
  [unsigned(type), unsigned(field)],
];

/** Gives a field of a struct a value. */
export const setField = (type: number, struct: Code, field: number, value: Code): Code => [
  [struct, value, 0xfb, 0x05],
  [unsigned(type), unsigned(field)],
];

/** A new array of so many nulls. */
export const newArray = (type: number, length: Code): Code => [length, 0xfb, 0x07, unsigned(type)];

/** An element of an array. */
export const getElement = (type: number, array: Code, index: Code): Code => [array, index, 0xfb, 0x0b, unsigned(type)];

/** Gives an element of an array a value. */
export const setElement = (type: number, array: Code, index: Code, value: Code): Code => [
  [array, index, value],
  [0xfb, 0x0e, unsigned(type)],
];

const onVectors = (operation: number): Code => [0xfd, unsigned(operation)];

/** The memory at an address plus a constant offset, aligned to 4 bytes. */
const at = (offset: number): Code => [2, unsigned(offset)];

/** The integer in memory at an address. */
export const loadInteger = (address: Code, offset = 0): Code => [address, 0x28, at(offset)];

/** The four numbers in memory at an address. */
export const load = (address: Code, offset = 0): Code => [address, onVectors(0), at(offset)];

/** One number in memory, and three zeros. */
export const loadFirst = (address: Code): Code => [address, onVectors(0x5c), at(0)];

/** A vector with one lane, 0 to 3, from memory. */
export const loadLane = (address: Code, offset: number, value: Code, lane: number): Code => [
  [address, value],
  [onVectors(0x56), at(offset), lane],
];

/** One number in memory in all four lanes. */
export const loadSplat = (address: Code): Code => [address, onVectors(9), at(0)];

/** Puts four numbers into memory. */
export const store = (address: Code, value: Code, offset = 0): Code => [address, value, onVectors(11), at(offset)];

/** Four zeros. */
export const zeros: Code = [onVectors(12), Array.from({ length: 16 }, () => 0)];

/** A number in all four lanes. */
export const splat = (
  value: number,
): Code => [onVectors(12), ...new Uint8Array(Float32Array.of(value, value, value, value).buffer)];

/** Four lanes out of the eight of a and b. */
export const shuffle = (a: Code, b: Code, lanes: readonly number[]): Code => [
  [a, b, onVectors(13)],
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
];

/** a + b of vectors. */
export const addVectors = (a: Code, b: Code): Code => [a, b, onVectors(0xe4)];

/** a − b of vectors. */
export const subtractVectors = (a: Code, b: Code): Code => [a, b, onVectors(0xe5)];

/** a · b of vectors. */
export const multiplyVectors = (a: Code, b: Code): Code => [a, b, onVectors(0xe6)];

/** The smaller of a and b, lane by lane; NaN where either is. */
export const minimum = (a: Code, b: Code): Code => [a, b, onVectors(0xe8)];

/** The larger of a and b, lane by lane; NaN where either is. */
export const maximum = (a: Code, b: Code): Code => [a, b, onVectors(0xe9)];

/** a · b + c, rounded once where the processor can and `relaxed` is true, else twice. */
export const multiplyAdd = (a: Code, b: Code, c: Code, relaxed: boolean): Code =>
  relaxed ? [a, b, c, onVectors(0x105)] : addVectors(multiplyVectors(a, b), c);

/** A function of integers without a result. Its locals are numbered from its parameters on. */
export interface Procedure {
  /** The name under which the module exports it. */
  readonly name: string;
  /** How many integers it is called with: locals 0, 1, … */
  readonly parameters: number;
  /** The locals after them. */
  readonly locals: readonly ValueType[];
  /** What it does. */
  readonly body: Code;
}

/** What a module consists of. */
export interface Module {
  /** Its structs and arrays, numbered from 0. */
  readonly types: readonly (readonly number[])[];
  /** Types of which there is one global each, null at first. */
  readonly globals: readonly number[];
  /** What it does. */
  readonly procedures: readonly Procedure[];
}

type Bytes = readonly number[];

const flatten = (code: Code): number[] => code.flatMap((part) => typeof part === "number" ? [part] : flatten(part));

const sized = (bytes: Bytes): Bytes => [...unsigned(bytes.length), ...bytes];

const list = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];

const section = (id: number, items: readonly Bytes[]): Bytes => [id, ...sized(list(items))];

const text = (value: string): Bytes => sized([...new TextEncoder().encode(value)]);

const changing = (type: ValueType): Bytes => [...type, 0x01];

/** A struct with fields of these types, all of which can be changed. */
export const struct = (fields: readonly ValueType[]): Bytes => [0x5f, ...list(fields.map(changing))];

/** An array of elements of this type, all of which can be changed. */
export const array = (element: ValueType): Bytes => [0x5e, ...changing(element)];

const typeOf = ({ parameters }: Procedure): Bytes => [
  0x60,
  ...list(Array.from({ length: parameters }, () => integerType)),
  ...list([]),
];

const globalOf = (type: number): Bytes => [0x63, ...unsigned(type), 0x01, 0xd0, ...unsigned(type), 0x0b];

const codeOf = ({ locals, body }: Procedure): Bytes =>
  sized([...list(locals.map((type) => [1, ...type])), ...flatten(body), 0x0b]);

/** The bytes of a module that imports a memory, which may be of any size, as `memory` of `backend`. */
export const assemble = ({ types, globals, procedures }: Module): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [...types, ...procedures.map(typeOf)]),
    ...section(2, [[...text("backend"), ...text("memory"), 0x02, 0x00, 0x01]]),
    ...section(3, procedures.map((_, index) => unsigned(types.length + index))),
    ...section(6, globals.map(globalOf)),
    ...section(7, procedures.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)])),
    ...section(10, procedures.map(codeOf)),
  ]);
