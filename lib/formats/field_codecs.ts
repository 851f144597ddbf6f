/**
 * io-ts codecs of {@link Fields}: absent fields take their defaults, unknown ones and values out of range are errors whose
 * messages say in words what is expected.
 */
import { E, type Either, pipe, t } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { EitherField, Field, Fields, ListField, NamedField, ValuesOf, VariantField } from "./fields.ts";
import { isJsonObject } from "./json.ts";
import { describeRange, isWithin, type NumberRange } from "./numbers.ts";

/** Of any type, as fields tell theirs only when they are read. */
type Codec = t.Type<unknown>;

const codec = (name: string, is: (value: unknown) => boolean, validate: t.Validate<unknown, unknown>): Codec =>
  new t.Type<unknown>(name, (value): value is unknown => is(value), validate, (value) => value);

const wrong = (value: unknown, context: t.Context, expected: string): t.Validation<unknown> =>
  t.failure(value, context, expected);

/** The codec of a test; `name` says what is expected, for people. */
const passing = (name: string, is: (value: unknown) => boolean): Codec =>
  codec(name, is, (value, context) => is(value) ? t.success(value) : wrong(value, context, name));

const choiceOf = (of: readonly (string | number)[]): Codec =>
  passing(
    `one of ${of.map((value) => JSON.stringify(value)).join(", ")}`,
    (value) => of.some((each) => each === value),
  );

/** All values, or all errors. */
const collected = <A>(results: readonly t.Validation<A>[]): t.Validation<readonly A[]> => {
  const errors = results.flatMap((result) => E.isLeft(result) ? result.left : []);
  return errors.length > 0
    ? t.failures(errors)
    : t.success(results.flatMap((result) => E.isRight(result) ? [result.right] : []));
};

/** What a codec makes of a part of a value, whose errors name the part. */
const partOf = (context: t.Context, name: string, part: Codec, value: unknown): t.Validation<unknown> =>
  part.validate(value, t.appendContext(context, name, part, value));

const named = (name: string, result: t.Validation<unknown>): t.Validation<readonly [string, unknown]> =>
  E.isLeft(result) ? result : t.success([name, result.right]);

const numberOf = (range: NumberRange): Codec => passing(describeRange(range), (value) => isWithin(range, value));

const listOf = ({ item, least = 0 }: ListField): Codec => {
  const each = codecOfField(item);
  const expected = least === 0 ? "a list in brackets" : `a list in brackets of at least ${least}`;
  return codec(
    `a list of ${each.name}`,
    (value) => Array.isArray(value) && value.every(each.is),
    (value, context) => {
      if (!Array.isArray(value) || value.length < least) return wrong(value, context, expected);
      return collected(value.map((entry, index) => partOf(context, String(index), each, entry)));
    },
  );
};

const groupOf = (fields: ReadonlyMap<string, Codec>): Codec => {
  const name = "a group of fields in braces";
  const names = [...fields.keys()];
  return codec(
    name,
    (value) => isJsonObject(value) && [...fields].every(([field, { is }]) => is(value[field])),
    (value, context) => {
      if (!isJsonObject(value)) return wrong(value, context, name);
      const unknown = Object.keys(value).find((field) => !fields.has(field));
      if (unknown !== undefined) {
        const at = t.appendContext(context, unknown, t.unknown);
        return wrong(value[unknown], at, `no such field; allowed are ${names.join(", ")}`);
      }
      const entries = collected(
        [...fields].map(([field, of]) => named(field, partOf(context, field, of, value[field]))),
      );
      return E.isLeft(entries) ? entries : t.success(Object.fromEntries(entries.right));
    },
  );
};

const codecsOf = (fields: Fields): ReadonlyMap<string, Codec> =>
  new Map(Object.entries(fields).map(([name, field]) => [name, codecOfField(field)]));

const variantOf = ({ kinds }: VariantField): Codec => {
  const name = "a group of fields in braces with a kind";
  const choice = choiceOf(Object.keys(kinds));
  const groups = new Map(
    Object.entries(kinds).map(([kind, fields]) => [kind, groupOf(new Map([["kind", choice], ...codecsOf(fields)]))]),
  );
  const groupWith = ({ kind }: Readonly<Record<string, unknown>>) =>
    typeof kind === "string" ? groups.get(kind) : undefined;
  return codec(
    name,
    (value) => isJsonObject(value) && (groupWith(value)?.is(value) ?? false),
    (value, context) => {
      if (!isJsonObject(value)) return wrong(value, context, name);
      return groupWith(value)?.validate(value, context) ?? partOf(context, "kind", choice, value.kind);
    },
  );
};

const namedOf = ({ item }: NamedField): Codec => {
  const each = codecOfField(item);
  return codec(
    `a group of named fields, each ${each.name}`,
    (value) => value instanceof Map && [...value.values()].every(each.is),
    (value, context) => {
      if (!isJsonObject(value) || Object.keys(value).length === 0) {
        return wrong(value, context, "a group in braces of at least one named field");
      }
      const entries = collected(
        Object.entries(value).map(([name, of]) => named(name, partOf(context, name, each, of))),
      );
      return E.isLeft(entries) ? entries : t.success(new Map(entries.right));
    },
  );
};

const eitherOf = ({ of, expected }: EitherField): Codec => {
  const codecs = of.map(codecOfField);
  return codec(
    expected,
    (value) => codecs.some(({ is }) => is(value)),
    (value, context) =>
      codecs.map((each) => each.validate(value, context)).find(E.isRight) ??
        wrong(value, context, expected),
  );
};

const neededOf = (field: Field): Codec => {
  switch (field.type) {
    case "number":
    case "integer":
      return numberOf(field);
    case "boolean":
      return passing("true or false", (value) => typeof value === "boolean");
    case "text":
      return passing("a text in quotes", (value) => typeof value === "string");
    case "choice":
      return choiceOf(field.of);
    case "list":
      return listOf(field);
    case "group":
      return groupOf(codecsOf(field.fields));
    case "variant":
      return variantOf(field);
    case "named":
      return namedOf(field);
    case "open":
      return passing("a group of fields in braces", isJsonObject);
    case "either":
      return eitherOf(field);
  }
};

/** The codec of a field, which takes its default, if it has one, where the value is absent. */
const codecOfField = (field: Field): Codec => {
  const needed = neededOf(field);
  if (!("default" in field)) return needed;
  const whenAbsent: unknown = field.default;
  return codec(
    needed.name,
    needed.is,
    (value, context) => needed.validate(value === undefined ? whenAbsent : value, context),
  );
};

/** The codec of a group, with the type that its fields tell the compiler. */
const typed = <G extends Fields>(group: Codec): t.Type<ValuesOf<G>> =>
  new t.Type<ValuesOf<G>>(
    group.name,
    (value): value is ValuesOf<G> => group.is(value),
    (value, context) => group.validate(value, context) as t.Validation<ValuesOf<G>>,
    (value) => value,
  );

/**
 * The codec of a group of fields. Absent fields take their defaults, and others than these are errors.
 *
 * ```ts
 * const codec = codecOf({ lr: { type: "number", least: 0, most: 1, default: 1e-4, description: "The learning rate." } });
 * codec.decode({}); // a Right of { lr: 1e-4 }
 * codec.decode({ lr: 2 }); // a Left: expected "a number from 0 to 1"
 * ```
 * @category Configuration
 */
export const codecOf = <const G extends Fields>(fields: G): t.Type<ValuesOf<G>> => typed(groupOf(codecsOf(fields)));

/** The field by which a JSON file names its own schema, so that editors complete and check it. */
export const schemaField = "$schema";

/**
 * The codec of a whole file: {@link codecOf} its fields, beside which the file may name its JSON schema in "$schema". It is
 * not in the decoded value.
 */
export const fileCodecOf = <const G extends Fields>(fields: G): t.Type<ValuesOf<G>> => {
  const group = groupOf(codecsOf(fields));
  const text = codecOfField({ type: "text", description: "The file's JSON schema." });
  return typed(codec(group.name, group.is, (value, context) => {
    if (!isJsonObject(value) || !Object.hasOwn(value, schemaField)) return group.validate(value, context);
    const { [schemaField]: schema, ...rest } = value;
    const named = partOf(context, schemaField, text, schema);
    return E.isLeft(named) ? named : group.validate(rest, context);
  }));
};

/** The first of the errors that a codec found in a file, naming the field, and how many more there are. */
const firstError = (where: string, errors: t.Errors): Failure => {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error(`${where} was refused without an error`);
  const field = first.context.map(({ key }) => key).filter((key) => key !== "").join(".");
  return failure(
    "configuration",
    field === "" ? where : `${where}, field ${field}`,
    JSON.stringify(first.value) ?? "nothing",
    first.message ?? "another value",
    others.length === 0 ? undefined : `There are ${others.length} more such errors.`,
  );
};

/** What a codec makes of a file's value. Errors: "configuration", naming the file and the first field that is wrong. */
export const decodeWith = <A>(codec: t.Type<A>, where: string, value: unknown): Either<Failure, A> =>
  pipe(codec.decode(value), E.mapLeft((errors) => firstError(where, errors)));
