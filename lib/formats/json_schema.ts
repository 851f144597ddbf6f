/** JSON schemas (draft-07, which editors know best) of {@link Fields}: valid is what their codecs decode. */
import { schemaField } from "./field_codecs.ts";
import type { Field, Fields, ListField, NumberField, OpenField, VariantField } from "./fields.ts";

/** A JSON schema, or a part of one: keywords with their values.
 * @category Configuration */
export interface JsonSchema {
  /** A keyword of JSON schema. */
  readonly [keyword: string]: unknown;
}

/** What a JSON schema says of a whole file. */
export interface SchemaOptions {
  /** What such files are called. */
  readonly title: string;
  /** What they are for. */
  readonly description: string;
  /** The fields of the file. */
  readonly fields: Fields;
  /** What holds between the fields, as sentences for people: the schema itself cannot tell. */
  readonly rules: readonly string[];
}

const ownSchema: Field = { type: "text", description: "The JSON schema of the file, for editors." };

const schemasOf = (fields: Fields, schemaOfField: (field: Field) => JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOfField(field)]));

const closedGroup = (properties: JsonSchema, required: readonly string[] = []): JsonSchema => ({
  type: "object",
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

const neededOf = (fields: Fields): readonly string[] =>
  Object.entries(fields).filter(([, field]) => !("default" in field)).map(([name]) => name);

const groupSchema = (fields: Fields): JsonSchema => closedGroup(schemasOf(fields, schemaOf), neededOf(fields));

const numberSchema = ({ type, least, most }: NumberField): JsonSchema => ({
  type,
  minimum: least,
  ...(most === Infinity ? {} : { maximum: most }),
});

const listSchema = ({ item, least = 0 }: ListField): JsonSchema => ({
  type: "array",
  items: schemaOf(item),
  ...(least === 0 ? {} : { minItems: least }),
});

/** First the kind, then the fields of that kind: editors complete and complain of these only. */
const variantSchema = ({ kinds }: VariantField): JsonSchema => ({
  type: "object",
  required: ["kind"],
  properties: { kind: { enum: Object.keys(kinds), description: "Which of the groups of fields this is." } },
  allOf: Object.entries(kinds).map(([kind, fields]) => ({
    if: { required: ["kind"], properties: { kind: { const: kind } } },
    then: closedGroup({ kind: {}, ...schemasOf(fields, schemaOf) }, neededOf(fields)),
  })),
});

/** A field of a change: an absent one is no default but what it was, also in groups, while what is in lists is whole. */
const partialSchema = (field: Field): JsonSchema => ({
  description: field.description,
  ...(field.type === "group" ? closedGroup(schemasOf(field.fields, partialSchema)) : valuesOf(field)),
});

const openSchema = ({ fields }: OpenField): JsonSchema =>
  fields === undefined
    ? { type: "object" }
    : closedGroup({ [schemaField]: schemaOf(ownSchema), ...schemasOf(fields, partialSchema) });

const valuesOf = (field: Field): JsonSchema => {
  switch (field.type) {
    case "number":
    case "integer":
      return numberSchema(field);
    case "boolean":
      return { type: "boolean" };
    case "text":
      return { type: "string" };
    case "choice":
      return { enum: field.of };
    case "list":
      return listSchema(field);
    case "group":
      return groupSchema(field.fields);
    case "variant":
      return variantSchema(field);
    case "named":
      return { type: "object", minProperties: 1, additionalProperties: schemaOf(field.item) };
    case "open":
      return openSchema(field);
    case "either":
      return { anyOf: field.of.map(schemaOf) };
  }
};

/** The JSON schema of a field: type, range, choices, default and description.
 * @category Configuration */
export const schemaOf = (field: Field): JsonSchema => ({
  description: field.description,
  ...valuesOf(field),
  ...("default" in field ? { default: field.default } : {}),
});

/** The JSON schema of a file: valid is what {@link fileCodecOf} its fields decodes. */
export const fileSchema = ({ title, description, fields, rules }: SchemaOptions): JsonSchema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  title,
  description: [description, ...rules].join(" "),
  ...closedGroup({ [schemaField]: schemaOf(ownSchema), ...schemasOf(fields, schemaOf) }, neededOf(fields)),
});
