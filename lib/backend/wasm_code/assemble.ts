/** Puts procedures together to a WebAssembly module. */
import { type Code, integer, unsigned, type ValueType } from "./instructions.ts";

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
  ...list(Array.from({ length: parameters }, () => integer)),
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
