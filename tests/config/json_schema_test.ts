/** The JSON schemas of configurations and ablations: equal to what is decoded, and to the files that are written of them. */
import { Ajv } from "ajv";
import fc from "fast-check";
import { E } from "../../lib/dependencies/fp.ts";
import { parseJsonc } from "../../lib/dependencies/text.ts";
import { decodeAblation, rowConfiguration } from "../../lib/experiment/ablation/plan.ts";
import { ablationFields } from "../../lib/experiment/ablation_fields.ts";
import { configurationFields } from "../../lib/experiment/configuration.ts";
import {
  ablationSchema,
  configurationSchema,
  decodeConfiguration,
  mergeFields,
  schemaText,
} from "../../lib/experiment/configuration_file.ts";
import { ablationRules, configurationRules } from "../../lib/experiment/rules.ts";
import { codecOf, fileCodecOf } from "../../lib/formats/field_codecs.ts";
import type { Field, Fields } from "../../lib/formats/fields.ts";
import { isJsonObject } from "../../lib/formats/json.ts";
import type { JsonSchema } from "../../lib/formats/json_schema.ts";
import { changedValuesOf, valuesOf } from "../formats/field_values.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const validatorOf = (schema: JsonSchema) => new Ajv({ strict: true }).compile(schema);

const isConfiguration = validatorOf(configurationSchema);

const isAblation = validatorOf(ablationSchema);

const configuration: Field = { type: "group", fields: configurationFields, description: "All of a configuration." };

const ablation: Field = { type: "group", fields: ablationFields, description: "All of an ablation." };

const decodes = (fields: Fields, value: unknown): boolean => E.isRight(fileCodecOf(fields).decode(value));

/** Whether schema and decoder agree on each of many values, of which there are some that are valid and some that are not. */
const checkEqual = (
  values: fc.Arbitrary<unknown>,
  isValid: (value: unknown) => boolean,
  isDecoded: (value: unknown) => boolean | "breaks a rule",
  numRuns: number,
): void => {
  const counts = { valid: 0, wrong: 0 };
  fc.assert(
    fc.property(values, (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      const decoded = isDecoded(json);
      if (decoded === "breaks a rule") return;
      assertEquals(isValid(json), decoded, JSON.stringify(json));
      counts[decoded ? "valid" : "wrong"]++;
    }),
    { numRuns },
  );
  assert(counts.valid > numRuns / 20 && counts.wrong > numRuns / 20, JSON.stringify(counts));
};

Deno.test("a configuration is valid by the schema exactly if its fields decode", () => {
  const values = valuesOf(configuration);
  const mixed = fc.oneof(values, changedValuesOf(configuration, values));
  checkEqual(mixed, isConfiguration, (value) => decodes(configurationFields, value), 1500);
});

/** An ablation of rows a, b, …, of which the first is the baseline, that keeps all rules. */
const keepingRules = (value: unknown): unknown => {
  if (!isJsonObject(value)) return value;
  const { rows, seeds } = value;
  const named = Object.values(isJsonObject(rows) ? rows : {}).map((row, index) => {
    const { set, lossFile } = isJsonObject(row) ? row : {};
    const { loss: _, lossFile: __, ...rest } = isJsonObject(set) ? set : {};
    return ["abc".charAt(index), lossFile === undefined ? row : { lossFile, set: rest }];
  });
  const once = Array.isArray(seeds) ? { seeds: [...new Set(seeds)] } : {};
  return { ...value, ...once, baseline: "a", rows: Object.fromEntries(named) };
};

/** Whether an ablation, its base and all its rows decode. */
const ablationDecodes = (value: unknown): boolean | "breaks a rule" => {
  const decoded = fileCodecOf(ablationFields).decode(value);
  if (E.isLeft(decoded)) return false;
  if (ablationRules.some(({ breachOf }) => breachOf(decoded.right) !== undefined)) return "breaks a rule";
  const { base, rows } = decoded.right;
  const fields = typeof base === "string" ? {} : base;
  if (!decodes(configurationFields, fields)) return false;
  if (E.isLeft(decodeConfiguration("", fields))) return "breaks a rule";
  const ofRows = [...rows].map(([name, row]) => {
    const keepsRules = E.isRight(rowConfiguration("", fields, name, row, 0));
    return !keepsRules && decodes(configurationFields, mergeFields(fields, row.set)) ? "breaks a rule" : keepsRules;
  });
  return ofRows.find((result) => result !== true) ?? true;
};

Deno.test("an ablation is valid by the schema exactly if it, its base and its rows decode", () => {
  const values = valuesOf(ablation).map(keepingRules);
  checkEqual(fc.oneof(values, changedValuesOf(ablation, values)), isAblation, ablationDecodes, 600);
});

const folder = new URL("../../configs/", import.meta.url);

for (
  const [name, schema] of [["schema.json", configurationSchema], ["ablation.schema.json", ablationSchema]] as const
) {
  Deno.test(`configs/${name} is what deno task schema writes`, () => {
    assertEquals(Deno.readTextFileSync(new URL(name, folder)), schemaText(schema));
  });
}

const files = ["", "ablation/"].flatMap((path) =>
  [...Deno.readDirSync(new URL(path, folder))].map(({ name }) => path + name).filter((name) => name.endsWith(".jsonc"))
);

for (const name of files) {
  Deno.test(`configs/${name} names its schema and is valid by it`, () => {
    const value = parseJsonc(Deno.readTextFileSync(new URL(name, folder)));
    const [schema, validate] = name.startsWith("ablation/")
      ? ["ablation.schema.json", isAblation]
      : ["schema.json", isConfiguration];
    assert(isJsonObject(value) && typeof value.$schema === "string");
    assertEquals(new URL(value.$schema, new URL(name, folder)).href, new URL(schema, folder).href);
    assert(validate(value), JSON.stringify(validate.errors));
  });
}

/** All fields below a field, itself included, with their paths. */
const fieldsIn = (path: string, field: Field): readonly (readonly [path: string, field: Field])[] => {
  const below = (fields: Fields) => Object.entries(fields).flatMap(([name, each]) => fieldsIn(`${path}.${name}`, each));
  const parts = () => {
    if (field.type === "list" || field.type === "named") return fieldsIn(`${path}.*`, field.item);
    if (field.type === "group") return below(field.fields);
    if (field.type === "variant") return Object.values(field.kinds).flatMap(below);
    if (field.type === "either") return field.of.flatMap((each, index) => fieldsIn(`${path}.${index}`, each));
    return [];
  };
  return [[path, field], ...parts()];
};

const all = [...fieldsIn("configuration", configuration), ...fieldsIn("ablation", ablation)];

Deno.test("each field has a description for people: sentences", () => {
  assert(all.length > 100);
  for (const [path, { description }] of all) assert(/^\S.{4,}[.\]]$/su.test(description), `${path}: ${description}`);
});

Deno.test("each default is a value that its field takes", () => {
  const defaults = all.flatMap(([path, field]) => "default" in field ? [[path, field] as const] : []);
  assert(defaults.length > 80);
  for (const [path, field] of defaults) {
    assert(E.isRight(codecOf({ field }).decode({ field: field.default })), `${path}: ${JSON.stringify(field.default)}`);
  }
});

Deno.test("the schemas tell people the rules between fields that they cannot check", () => {
  for (const { description } of configurationRules) {
    assertStringIncludes(String(configurationSchema.description), description);
  }
  for (const { description } of ablationRules) assertStringIncludes(String(ablationSchema.description), description);
});

const withRow = (set: unknown) => ({ base: "base.jsonc", baseline: "a", rows: { a: { set } } });

Deno.test("in an ablation's schema rows change what they may, each field being optional, and no other", () => {
  assert(isAblation(withRow({ generators: { scene: { optim: { lr: 1 } } }, network: {} })));
  for (
    const set of [{ seed: 1 }, { data: {} }, { evaluation: {} }, { network: { layers: 18 } }, { optim: { lr: -1 } }]
  ) {
    assert(!isAblation(withRow(set)), JSON.stringify(set));
  }
  assert(!isAblation(withRow({ loss: [{ kind: "hierarchical" }] })));
});

Deno.test("a configuration may name its schema, which is not in what is decoded", () => {
  const decoded = decodeConfiguration("my.jsonc", { $schema: "./schema.json", seed: 1 });
  assert(E.isRight(decoded) && !Object.hasOwn(decoded.right, "$schema"));
  assertEquals(decoded, decodeConfiguration("my.jsonc", { seed: 1 }));
  const wrong = decodeConfiguration("my.jsonc", { $schema: 1 });
  assertEquals(E.isLeft(wrong) && wrong.left.where, "my.jsonc, field $schema");
});

Deno.test("an ablation may name its schema, and so may the base in it", () => {
  const rows = { a: {} };
  const plain = decodeAblation("my.jsonc", { base: {}, baseline: "a", rows });
  assert(E.isRight(plain));
  assertEquals(decodeAblation("my.jsonc", { $schema: "s.json", base: {}, baseline: "a", rows }), plain);
  const base = { $schema: "./schema.json", seed: 4 };
  assert(isAblation({ base, baseline: "a", rows }));
  const row = rowConfiguration("my.jsonc", base, "a", { set: {}, lossFile: "" }, 4);
  assertEquals(row, decodeConfiguration("my.jsonc", { seed: 4 }));
});
