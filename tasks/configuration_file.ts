import type { Configuration } from "../lib/config/configuration.ts";
import { decodeConfiguration } from "../lib/config/schema.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { parseJsonc } from "../lib/dependencies/jsonc.ts";
import { type Failure, failure, reasonText } from "../lib/errors.ts";
import { readText } from "../lib/formats/files.ts";
import { isJsonObject } from "../lib/formats/json_object.ts";

const parseFields = (path: string, text: string): Either<Failure, unknown> =>
  E.tryCatch(
    () => parseJsonc(text),
    (reason) => failure("configuration", path, reasonText(reason), "JSON with comments"),
  );

/** The value of a setting: JSON, or else a text as it stands. */
const settingValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The value with another one at a path of field names and list indices. */
const withField = (value: unknown, path: readonly string[], leaf: unknown): unknown => {
  const [name, ...rest] = path;
  if (name === undefined) return leaf;
  if (Array.isArray(value)) {
    return value.map((each, index) => String(index) === name ? withField(each, rest, leaf) : each);
  }
  const fields = isJsonObject(value) ? value : {};
  return { ...fields, [name]: withField(fields[name], rest, leaf) };
};

/** Whether every list on the path has the entry that the path names. */
const hasEntries = (value: unknown, path: readonly string[]): boolean => {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  if (Array.isArray(value)) return Object.keys(value).includes(name) && hasEntries(value[Number(name)], rest);
  return !isJsonObject(value) || hasEntries(value[name], rest);
};

const withSetting = (fields: unknown, setting: string): Either<Failure, unknown> => {
  const at = setting.indexOf("=");
  const path = setting.slice(0, at).split(".");
  const wrong = (expected: string) => E.left(failure("usage", "--set", `"${setting}"`, expected));
  if (at <= 0) return wrong("FIELD=VALUE, as in --set optim.lr=3e-4");
  return hasEntries(fields, path)
    ? E.right(withField(fields, path, settingValue(setting.slice(at + 1))))
    : wrong("the index of an entry that the list has, counted from 0");
};

/**
 * Fields of a configuration, not decoded yet, some of them overridden by "field=value" in their order. Errors: "usage" for an
 * override that is none.
 */
export const withSettings = (fields: unknown, settings: readonly string[]): Either<Failure, unknown> =>
  settings.reduce<Either<Failure, unknown>>(
    (result, setting) => E.isLeft(result) ? result : withSetting(result.right, setting),
    E.right(fields),
  );

/** The value of a file of JSON with comments. Errors: "file", and "configuration" for what is no JSON. */
export const readFields = (path: string): TaskEither<Failure, unknown> =>
  pipe(readText(path), TE.chainEitherK((text) => parseFields(path, text)));

/**
 * The configuration of a JSON text, with some fields overridden by "field=value".
 *
 * Errors: "configuration", naming the file and the field; "usage" for an override that is none.
 *
 * @param path The file's name, for messages.
 */
export const parseConfiguration = (
  path: string,
  text: string,
  settings: readonly string[],
): Either<Failure, Configuration> =>
  pipe(
    parseFields(path, text),
    E.chain((fields) => withSettings(fields, settings)),
    E.chain((fields) => decodeConfiguration(path, fields)),
  );

/** Reads a configuration file. Errors: "file", and those of {@link parseConfiguration}. */
export const readConfiguration = (path: string, settings: readonly string[]): TaskEither<Failure, Configuration> =>
  pipe(readText(path), TE.chainEitherK((text) => parseConfiguration(path, text, settings)));
