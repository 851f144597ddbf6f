/** What an ablation says, as data: a base configuration, and rows that each change a few of its fields. */
import type { Fields, ValuesOf } from "../formats/fields.ts";
import { configurationFields } from "./configuration.ts";

/** What a row may not change, for else the rows were not measured alike, and why, as a sentence. */
export const commonFields: Readonly<Record<string, string>> = {
  seed: "Every row is trained with all of the ablation's seeds.",
  data: "Rows are compared on the same data, which the base names.",
  evaluation: "Rows are compared by the same protocol, which the base names.",
};

/** The fields of the configuration that rows may change. */
const rowSettings: Fields = Object.fromEntries(
  Object.entries(configurationFields).filter(([name]) => !Object.hasOwn(commonFields, name)),
);

/** What a row of an ablation changes. */
export const rowFields = {
  set: {
    type: "open",
    fields: rowSettings,
    default: {},
    description:
      "Fields of the configuration, which replace those of the base: lists as a whole, groups field by field.",
  },
  lossFile: {
    type: "text",
    default: "",
    description:
      'A module whose default export is the loss of this row, from the folder of the ablation\'s file; "" for none.',
  },
} as const;

/** Configurations to be compared: a base, and rows that each change a few of its fields.
 * @category Configuration */
export const ablationFields = {
  base: {
    type: "either",
    of: [
      { type: "text", description: "A configuration file, from the folder of the ablation's file." },
      { type: "open", fields: configurationFields, description: "The fields of a configuration." },
    ],
    expected: "the name of a configuration file, or its fields in braces",
    description: "The base configuration: its file, from the folder of the ablation's file, or its fields themselves.",
  },
  seeds: {
    type: "list",
    item: { type: "integer", least: 0, most: 9007199254740991, description: "A seed of training." },
    least: 1,
    default: [0, 1, 2],
    description: "The seeds that each row is trained with, each once. Data and test split are the same for all.",
  },
  baseline: { type: "text", description: "The name of the row that the others are compared with." },
  rows: {
    type: "named",
    item: { type: "group", fields: rowFields, description: "A row: what it changes." },
    description: "The rows by name, in the order of the tables.",
  },
  keepEvery: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 100,
    description: "Steps after which a run keeps its state, to go on from after an interruption; 0 for never.",
  },
} as const;

/** What a row of an ablation changes. */
export interface AblationRow extends ValuesOf<typeof rowFields> {}

/** Configurations to be compared: a base, and rows that each change a few of its fields.
 * @category Configuration */
export interface Ablation extends ValuesOf<typeof ablationFields> {}

/** The name of the folder of a row's runs: its name with all but letters, digits, dots and hyphens replaced. */
export const folderOf = (rowName: string): string =>
  rowName.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[.-]+|-+$/g, "");
