import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { parseJsonc } from "../dependencies/text.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import { decodeWith, fileCodecOf } from "../formats/field_codecs.ts";
import { readText } from "../formats/files.ts";
import { isJsonObject } from "../formats/json.ts";
import { fileSchema, type JsonSchema } from "../formats/json_schema.ts";
import { ablationFields } from "./ablation_fields.ts";
import { type Configuration, configurationFields } from "./configuration.ts";
import { ablationRules, checkRules, configurationRules, type Rule } from "./rules.ts";

/**
 * The fields of a JSON value with some of them changed: groups are joined field by field, lists and all else replaced as a
 * whole.
 */
export const mergeFields = (base: unknown, change: unknown): unknown => {
  if (!isJsonObject(base) || !isJsonObject(change)) return change;
  const names = [...new Set([...Object.keys(base), ...Object.keys(change)])];
  return Object.fromEntries(names.map((name) => [
    name,
    Object.hasOwn(change, name) ? mergeFields(base[name], change[name]) : base[name],
  ]));
};

const codec = fileCodecOf(configurationFields);

/**
 * A configuration from the value of a JSON text. Absent fields take their defaults.
 *
 * Errors: "configuration", naming the field, what was found and what is allowed, and how many more errors there are.
 *
 * @param where The file's name, for messages.
 * @category Configuration
 */
export const decodeConfiguration = (where: string, value: unknown): Either<Failure, Configuration> =>
  pipe(
    decodeWith(codec, where, value),
    E.chain((decoded) => checkRules(where, decoded, configurationRules)),
  );

const parseFields = (path: string, text: string): Either<Failure, unknown> =>
  E.tryCatch(
    () => parseJsonc(text),
    (reason) => {
      const found = reason instanceof RangeError ? "objects or lists too deep in each other" : reasonText(reason);
      return failure("configuration", path, found, "JSON with comments");
    },
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

/**
 * Fields of a configuration, not decoded yet, whose data are those of a module, at the size of the input that they have said.
 * What they say of a module's data otherwise, they go on saying.
 *
 * @param file The module; "" leaves the data as they are.
 */
export const withDataset = (fields: unknown, file: string): unknown => {
  if (file === "" || !isJsonObject(fields)) return fields;
  const data = isJsonObject(fields.data) ? fields.data : {};
  const size = Object.fromEntries(Object.entries(data).filter(([name]) => name === "height" || name === "width"));
  return { ...fields, data: { ...(data.kind === "module" ? data : size), kind: "module", file } };
};

/** The value of a file of JSON with comments. Errors: "file", and "configuration" for what is no JSON. */
export const readFields = (path: string): TaskEither<Failure, unknown> =>
  pipe(readText(path, "settings"), TE.chainEitherK((text) => parseFields(path, text)));

/**
 * The configuration of a JSON text, with some fields overridden by "field=value".
 *
 * Errors: "configuration", naming the file and the field; "usage" for an override that is none.
 *
 * @param path The file's name, for messages.
 * @category Configuration
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

/**
 * Reads a configuration file. Errors: "file", and those of {@link parseConfiguration}.
 *
 * @param dataset The module whose data take the place of the file's, before settings; "" for none.
 * @category Configuration
 */
export const readConfiguration = (
  path: string,
  settings: readonly string[],
  dataset = "",
): TaskEither<Failure, Configuration> =>
  pipe(
    readFields(path),
    TE.chainEitherK((fields) => withSettings(withDataset(fields, dataset), settings)),
    TE.chainEitherK((fields) => decodeConfiguration(path, fields)),
  );

const sentences = <A>(rules: readonly Rule<A>[]): readonly string[] => rules.map(({ description }) => description);

/** The JSON schema of a configuration. */
export const configurationSchema: JsonSchema = fileSchema({
  title: "Configuration of CLIFFNet",
  description: "All that a run depends on. Absent fields take their defaults.",
  fields: configurationFields,
  rules: sentences(configurationRules),
});

/** The JSON schema of an ablation, in which the fields of the configuration stand for the base and for what rows change. */
export const ablationSchema: JsonSchema = fileSchema({
  title: "Ablation of CLIFFNet",
  description: "Configurations to be compared: a base, and rows that each change a few of its fields.",
  fields: ablationFields,
  rules: sentences(ablationRules),
});

/** The text of a schema's file. */
export const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
