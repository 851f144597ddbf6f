/** The JSON schemas of configurations and ablations, by which editors complete and check the files in `configs/`. */
import { fileSchema, type JsonSchema } from "../formats/json_schema.ts";
import { ablationFields } from "./ablation.ts";
import { configurationFields } from "./configuration.ts";
import { ablationRules, configurationRules, type Rule } from "./rules.ts";

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
