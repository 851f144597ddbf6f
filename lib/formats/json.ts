import { E, type Either } from "../dependencies/fp.ts";
import { reasonText } from "../errors.ts";

/** A JSON value of named fields.
 * @category Files */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value has named fields. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const quote = 0x22;
const backslash = 0x5c;

/** The index just after the string that starts at `start`, in a valid JSON text. */
const afterString = (text: string, start: number): number => {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== quote) i += text.charCodeAt(i) === backslash ? 2 : 1;
  return i + 1;
};

/** Whether objects and lists of a text that may be JSON lie deeper in each other than `most`; told without parsing it. */
const isDeeper = (text: string, most: number): boolean => {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = afterString(text, i) - 1;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    if (depth > most) return true;
  }
  return false;
};

/** The value of a JSON text. Left with the reason if it is none, or nested deeper than `deepest`: what reads it could not. */
export const parseJson = (text: string, deepest = 100): Either<string, unknown> =>
  isDeeper(text, deepest)
    ? E.left(`more than ${deepest} objects or lists in each other`)
    : E.tryCatch((): unknown => JSON.parse(text), reasonText);

/** The value of a JSON text; null if it is none. */
export const jsonValue = (text: string): unknown => {
  const parsed = parseJson(text);
  return E.isLeft(parsed) ? null : parsed.right;
};

const isKey = (text: string, end: number): boolean => {
  let i = end;
  while (" \t\r\n".includes(text.charAt(i)) && i < text.length) i++;
  return text.charAt(i) === ":";
};

/**
 * The first key that an object of a JSON text has twice, at any depth; undefined if there is none. `JSON.parse` keeps
 * the last of them without a word. `text` must be valid JSON.
 */
export const duplicateKey = (text: string): string | undefined => {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "{") open.push(new Set());
    if (char === "}") open.pop();
    if (char !== '"') continue;
    const end = afterString(text, i);
    const keys = open.at(-1);
    if (keys !== undefined && isKey(text, end)) {
      const key = String(JSON.parse(text.slice(i, end)));
      if (keys.has(key)) return key;
      keys.add(key);
    }
    i = end - 1;
  }
  return undefined;
};
