import { bytesOf, charactersAt, viewOf } from "../bytes.ts";

/**
 * What follows an opcode: so many bytes, so many lines, or a length of so many bytes and then as many bytes as it says.
 */
type Argument = readonly [kind: "bytes" | "lines" | "counted", size: number];

const none: Argument = ["bytes", 0];
const fixed = (size: number): Argument => ["bytes", size];
const lines = (count: number): Argument => ["lines", count];
const counted = (size: number): Argument => ["counted", size];

/** Every opcode of protocols 0 to 5, by its name in Python's `pickletools`. */
const opcodes = {
  MARK: [0x28, none],
  STOP: [0x2E, none],
  POP: [0x30, none],
  POP_MARK: [0x31, none],
  DUP: [0x32, none],
  FLOAT: [0x46, lines(1)],
  INT: [0x49, lines(1)],
  BININT: [0x4A, fixed(4)],
  BININT1: [0x4B, fixed(1)],
  LONG: [0x4C, lines(1)],
  BININT2: [0x4D, fixed(2)],
  NONE: [0x4E, none],
  PERSID: [0x50, lines(1)],
  BINPERSID: [0x51, none],
  REDUCE: [0x52, none],
  STRING: [0x53, lines(1)],
  BINSTRING: [0x54, counted(4)],
  SHORT_BINSTRING: [0x55, counted(1)],
  UNICODE: [0x56, lines(1)],
  BINUNICODE: [0x58, counted(4)],
  APPEND: [0x61, none],
  BUILD: [0x62, none],
  GLOBAL: [0x63, lines(2)],
  DICT: [0x64, none],
  EMPTY_DICT: [0x7D, none],
  APPENDS: [0x65, none],
  GET: [0x67, lines(1)],
  BINGET: [0x68, fixed(1)],
  INST: [0x69, lines(2)],
  LONG_BINGET: [0x6A, fixed(4)],
  LIST: [0x6C, none],
  EMPTY_LIST: [0x5D, none],
  OBJ: [0x6F, none],
  PUT: [0x70, lines(1)],
  BINPUT: [0x71, fixed(1)],
  LONG_BINPUT: [0x72, fixed(4)],
  SETITEM: [0x73, none],
  TUPLE: [0x74, none],
  EMPTY_TUPLE: [0x29, none],
  SETITEMS: [0x75, none],
  BINFLOAT: [0x47, fixed(8)],
  PROTO: [0x80, fixed(1)],
  NEWOBJ: [0x81, none],
  EXT1: [0x82, fixed(1)],
  EXT2: [0x83, fixed(2)],
  EXT4: [0x84, fixed(4)],
  TUPLE1: [0x85, none],
  TUPLE2: [0x86, none],
  TUPLE3: [0x87, none],
  NEWTRUE: [0x88, none],
  NEWFALSE: [0x89, none],
  LONG1: [0x8A, counted(1)],
  LONG4: [0x8B, counted(4)],
  BINBYTES: [0x42, counted(4)],
  SHORT_BINBYTES: [0x43, counted(1)],
  SHORT_BINUNICODE: [0x8C, counted(1)],
  BINUNICODE8: [0x8D, counted(8)],
  BINBYTES8: [0x8E, counted(8)],
  EMPTY_SET: [0x8F, none],
  ADDITEMS: [0x90, none],
  FROZENSET: [0x91, none],
  NEWOBJ_EX: [0x92, none],
  STACK_GLOBAL: [0x93, none],
  MEMOIZE: [0x94, none],
  FRAME: [0x95, fixed(8)],
  BYTEARRAY8: [0x96, counted(8)],
  NEXT_BUFFER: [0x97, none],
  READONLY_BUFFER: [0x98, none],
} as const satisfies Readonly<Record<string, readonly [code: number, argument: Argument]>>;

/** The name of an opcode. */
export type OpcodeName = keyof typeof opcodes;

const isOpcodeName = (name: string): name is OpcodeName => Object.hasOwn(opcodes, name);

const byCode: ReadonlyMap<number, OpcodeName> = new Map(
  Object.keys(opcodes).filter(isOpcodeName).map((name) => [opcodes[name][0], name]),
);

/** One step of a pickle: the opcode, and where its argument starts and ends; the next step is at `end`. */
export interface Operation {
  /** What to do. */
  readonly name: OpcodeName;
  /** The first byte of the argument: after its length, if it has one. */
  readonly start: number;
  /** The byte after the argument. For lines, their last end of line is part of it. */
  readonly end: number;
}

const lengthAt = (bytes: Uint8Array, at: number, size: number): number => {
  if (at + size > bytes.length) return Infinity;
  const view = viewOf(bytes);
  if (size === 1) return view.getUint8(at);
  return size === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
};

const endOfLines = (bytes: Uint8Array, at: number, count: number): number => {
  let end = at;
  for (let line = 0; line < count && end < Infinity; line++) {
    const found = bytes.indexOf(0x0A, end);
    end = found < 0 ? Infinity : found + 1;
  }
  return end;
};

/**
 * The step at byte `at`, looked at only as far as its size goes. `unknown` is no opcode at all, and `cut off` one whose
 * argument goes beyond the bytes; no declared length is believed any further than that.
 */
export const operationAt = (bytes: Uint8Array, at: number): Operation | "unknown" | "cut off" => {
  const code = bytes[at];
  if (code === undefined) return "cut off";
  const name = byCode.get(code);
  if (name === undefined) return "unknown";
  const [kind, size] = opcodes[name][1];
  const start = kind === "counted" ? at + 1 + size : at + 1;
  const end = kind === "lines"
    ? endOfLines(bytes, start, size)
    : start + (kind === "counted" ? lengthAt(bytes, at + 1, size) : size);
  return end > bytes.length ? "cut off" : { name, start, end };
};

/**
 * Where so many pickles, one after the other from the first byte, end; undefined if the bytes end before. A step that
 * is no opcode counts as the end, since nothing can be read beyond it.
 */
export const endOfPickles = (bytes: Uint8Array, count: number): number | undefined => {
  let at = 0;
  for (let stops = 0; stops < count;) {
    const operation = operationAt(bytes, at);
    if (operation === "cut off") return undefined;
    if (operation === "unknown") return at;
    if (operation.name === "STOP") stops++;
    at = operation.end;
  }
  return at;
};

/** How pickles write texts and numbers. Each function gives undefined for what is not written so. */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Latin-1, each byte the letter of its number; the decoder that browsers call so is Windows-1252. */
const latinText = (bytes: Uint8Array): string => {
  const size = 4096;
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => i * size);
  return parts.map((start) => charactersAt(bytes, start, start + size)).join("");
};

/** A text in UTF-8. */
export const utf8Text = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
};

/** A string of Python 2, which does not say its encoding: UTF-8 if it is that, otherwise Latin-1. */
export const byteString = (bytes: Uint8Array): string => utf8Text(bytes) ?? latinText(bytes);

/** The line that ends with an end of line, without it. */
export const lineText = (bytes: Uint8Array): string => latinText(bytes.subarray(0, -1));

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

/** What stands behind a backslash: two hexadecimal digits after an x, up to three octal ones, or a letter. */
const unescaped = (code: string): string => {
  const isHex = /^x./.test(code);
  if (!isHex && !/^[0-7]/.test(code)) return escapes.get(code) ?? code;
  return String.fromCharCode((isHex ? parseInt(code.slice(1), 16) : parseInt(code, 8)) & 0xFF);
};

/** A string of protocol 0 as Python 2 prints it: in quotes, with escapes for what is not ASCII. */
export const quotedString = (line: string): string | undefined => {
  const quote = line.at(0);
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) return undefined;
  const escape = /\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g;
  const characters = line.slice(1, -1).replaceAll(escape, (_, code: string) => unescaped(code));
  return byteString(bytesOf(characters));
};

const codePoint = (hex: string): string | undefined => {
  const code = parseInt(hex, 16);
  return code <= 0x10FFFF ? String.fromCodePoint(code) : undefined;
};

/** A text of protocol 0: Latin-1, with `\uXXXX` and `\UXXXXXXXX` for other letters. */
export const escapedText = (line: string): string =>
  line.replaceAll(
    /\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g,
    (all, code: string) => codePoint(code.slice(1)) ?? all,
  );

/** A bigint as a number where it is one exactly. */
const narrow = (value: bigint): number | bigint => value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;

/** The most bytes of a whole number; longer ones are no numbers that a training would save. */
const longestNumber = 1024;

/** A whole number in decimal, with the `L` that Python 2 adds. */
export const decimalNumber = (line: string): number | bigint | undefined =>
  line.length <= longestNumber && /^-?[0-9]+L?$/.test(line) ? narrow(BigInt(line.replace("L", ""))) : undefined;

/** A float in decimal, as Python prints it. */
export const decimalFloat = (line: string): number | undefined => {
  const named = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]]).get(line);
  if (named !== undefined) return named;
  return line.length <= 64 && /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(line)
    ? Number(line)
    : undefined;
};

/** A whole number in two's complement, its lowest byte first; no bytes are 0. */
export const binaryNumber = (bytes: Uint8Array): number | bigint | undefined => {
  if (bytes.length > longestNumber) return undefined;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).reverse().join("");
  return narrow(BigInt.asIntN(bytes.length * 8, BigInt(`0x0${digits}`)));
};
