/** Random values for fields: valid ones, and such with one thing changed that may be wrong. */
import fc from "fast-check";
import type { Field, Fields } from "../../lib/formats/fields.ts";
import { isJsonObject } from "../../lib/formats/json.ts";

const hasDefault = (field: Field): boolean => "default" in field;

const groupValues = (fields: Fields, needed: readonly string[]): fc.Arbitrary<unknown> => {
  const entries = Object.entries(fields).map(([name, field]) => [name, valuesOf(field)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [...needed] });
};

const neededOf = (fields: Fields): readonly string[] =>
  Object.keys(fields).filter((name) => !hasDefault(fields[name] ?? fail(name)));

const fail = (name: string): never => {
  throw new Error(`no field ${name}`);
};

const variantValues = (kinds: Readonly<Record<string, Fields>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    ...Object.entries(kinds).map(([kind, fields]) => {
      const own: Fields = { kind: { type: "choice", of: [kind], description: "" }, ...fields };
      return groupValues(own, neededOf(own));
    }),
  );

/** Values that a field takes. */
export const valuesOf = (field: Field): fc.Arbitrary<unknown> => {
  switch (field.type) {
    case "number":
      return fc.oneof(
        fc.double({ min: field.least, max: Math.min(field.most, Number.MAX_VALUE), noNaN: true }),
        fc.constantFrom(field.least),
      );
    case "integer":
      return fc.oneof(fc.integer({ min: field.least, max: field.most }), fc.constantFrom(field.least, field.most));
    case "boolean":
      return fc.boolean();
    case "text":
      return fc.string();
    case "choice":
      return fc.constantFrom(...field.of);
    case "list":
      return fc.array(valuesOf(field.item), { minLength: field.least ?? 0, maxLength: (field.least ?? 0) + 2 });
    case "group":
      return groupValues(field.fields, neededOf(field.fields));
    case "variant":
      return variantValues(field.kinds);
    case "named":
      return fc.dictionary(fc.string(), valuesOf(field.item), { minKeys: 1, maxKeys: 3 });
    case "open":
      return field.fields === undefined ? fc.dictionary(fc.string(), fc.jsonValue()) : groupValues(field.fields, []);
    case "either":
      return fc.oneof(...field.of.map(valuesOf));
  }
};

/** Values about the bounds of a field, its choices, and the names of its fields: what tells right from nearly right. */
const nearly = (field: Field): readonly unknown[] => {
  switch (field.type) {
    case "number":
    case "integer":
      return [field.least, field.least - 1, field.least + 0.5, field.most, field.most + 1];
    case "choice":
      return field.of;
    case "list":
      return [[], ...nearly(field.item)];
    case "group":
      return Object.values(field.fields).flatMap(nearly);
    case "variant":
      return Object.entries(field.kinds).flatMap((
        [kind, fields],
      ) => [kind, { kind }, ...Object.values(fields).flatMap(nearly)]);
    case "named":
      return nearly(field.item);
    case "open":
      return Object.values(field.fields ?? {}).flatMap(nearly);
    case "either":
      return field.of.flatMap(nearly);
    default:
      return [];
  }
};

type Path = readonly string[];

const pathsIn = (value: unknown, path: Path = []): readonly Path[] => [
  path,
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, part]) => pathsIn(part, [...path, name]))
    : []),
];

const namesIn = (value: unknown): readonly string[] => [...new Set(pathsIn(value).flat())];

/** The value with the part at a path changed; undefined takes it away. */
const changedAt = (value: unknown, [name, ...rest]: Path, change: (part: unknown) => unknown): unknown => {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => String(index) === name ? changedAt(part, rest, change) : part);
    return parts.filter((part) => part !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map((
    [key, part],
  ) => [key, key === name ? changedAt(part, rest, change) : part]);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
};

const added = (part: unknown, name: string, value: unknown): unknown => {
  if (Array.isArray(part)) return [...part, value];
  return isJsonObject(part) ? { ...part, [name]: value } : value;
};

/** Values with one part taken away, replaced, or added: of valid ones, some still are. */
export const changedValuesOf = (field: Field, values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const wrong = fc.constantFrom(null, true, "x", "", -1, 0, 0.5, 7, [], {}, [1], { x: 1 }, ...nearly(field));
  return values.chain((value) => {
    const at = fc.constantFrom(...pathsIn(value));
    const name = fc.constantFrom("x", "$schema", "kind", "constructor", ...namesIn(value));
    return fc.oneof(
      at.filter((path) => path.length > 0).map((path) => changedAt(value, path, () => undefined)),
      fc.tuple(at, wrong).map(([path, other]) => changedAt(value, path, () => other)),
      fc.tuple(at, name, wrong).map(([path, own, other]) => changedAt(value, path, (part) => added(part, own, other))),
    );
  });
};
