import { bytesOf, charactersAt } from "../bytes.ts";

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
