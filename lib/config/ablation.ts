import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { fileCodecOf } from "../formats/field_codecs.ts";
import type { ValuesOf } from "../formats/fields.ts";
import type { Configuration } from "./configuration.ts";
import { firstOf } from "./first_error.ts";
import { mergeFields } from "./merge.ts";
import { decodeConfiguration } from "./schema.ts";

/** What a row of an ablation changes. */
export const rowFields = {
  set: {
    type: "open",
    default: {},
    description:
      "Fields of the configuration, which replace those of the base: lists as a whole, groups field by field.",
  },
  lossFile: {
    type: "text",
    default: "",
    description:
      'A module whose default export is the loss of this row, from the folder of the ablation\'s file; "" for ' +
      "none.",
  },
} as const;

/** Configurations to be compared: a base, and rows that each change a few of its fields. */
export const ablationFields = {
  base: {
    type: "either",
    of: [
      { type: "text", description: "A configuration file, from the folder of the ablation's file." },
      { type: "open", description: "The fields of a configuration." },
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

/** Configurations to be compared: a base, and rows that each change a few of its fields. */
export interface Ablation extends ValuesOf<typeof ablationFields> {}

const ablation = fileCodecOf(ablationFields);

/** The name of the folder of a row's runs: its name with all but letters, digits, dots and hyphens replaced. */
export const folderOf = (rowName: string): string =>
  rowName.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[.-]+|-+$/g, "");

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("configuration", where, found, expected, advice));

/** What lies beside the folders of the rows, and names that some systems cannot have. */
const reserved =
  /^(generators|(table|metrics|differences|curves)\.(md|csv|json|svg|png)|(con|prn|aux|nul|com\d|lpt\d)(\..*)?)$/i;

/** Errors if the names of two rows, or of none, lead to one folder. */
const checkNames = (where: string, names: readonly string[]): Either<Failure, void> => {
  const folders = new Map<string, string>();
  for (const name of names) {
    const folder = folderOf(name).toLowerCase();
    const other = folders.get(folder);
    if (folder === "" || reserved.test(folder) || name.length > 100 || /\p{Cc}/u.test(name)) {
      const expected = "a name for its folder, of at most 100 characters on one line, with a letter or digit, " +
        'other than "generators", "table.md" and what else lies there';
      return wrong(`${where}, field rows`, `the row ${JSON.stringify(name)}`, expected);
    }
    if (other !== undefined) {
      return wrong(`${where}, field rows`, `"${other}" and "${name}"`, "names that differ in letters or digits");
    }
    folders.set(folder, name);
  }
  return E.right(undefined);
};

/** What no row may change, for else the rows were not measured alike. */
const common: Readonly<Record<string, string>> = {
  seed: "Every row is trained with all of the ablation's seeds.",
  data: "Rows are compared on the same data, which the base names.",
  evaluation: "Rows are compared by the same protocol, which the base names.",
};

const checkRow = (where: string, [name, { set, lossFile }]: readonly [string, AblationRow]): Either<Failure, void> => {
  const at = `${where}, row "${name}"`;
  const shared = Object.keys(common).find((field) => Object.hasOwn(set, field));
  if (shared !== undefined) return wrong(`${at}, field ${shared}`, "a value", "none in a row", common[shared]);
  return lossFile !== "" && (Object.hasOwn(set, "loss") || Object.hasOwn(set, "lossFile"))
    ? wrong(`${at}, field lossFile`, "a loss in set as well", "one of both")
    : E.right(undefined);
};

const checkSeeds = (where: string, seeds: readonly number[]): Either<Failure, void> => {
  const twice = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
  return twice === undefined ? E.right(undefined) : wrong(`${where}, field seeds`, `${twice} twice`, "each seed once");
};

const checkBaseline = (where: string, { baseline, rows }: Ablation): Either<Failure, void> =>
  rows.has(baseline)
    ? E.right(undefined)
    : wrong(`${where}, field baseline`, `"${baseline}"`, `one of the rows: ${[...rows.keys()].join(", ")}`);

/**
 * An ablation from the value of a JSON text; what its rows set is decoded by {@link rowConfiguration}.
 *
 * Errors: "configuration", naming the row and the field.
 *
 * @param where The file's name, for messages.
 */
export const decodeAblation = (where: string, value: unknown): Either<Failure, Ablation> =>
  pipe(
    ablation.decode(value),
    E.mapLeft((errors) => firstOf(where, errors)),
    E.chainFirst(({ rows }) => checkNames(where, [...rows.keys()])),
    E.chainFirst(({ rows }) => E.sequenceArray([...rows].map((each) => checkRow(where, each)))),
    E.chainFirst(({ seeds }) => checkSeeds(where, seeds)),
    E.chainFirst((decoded) => checkBaseline(where, decoded)),
  );

/**
 * The configuration of a row with a seed: the fields of the base, those of the row in their place.
 *
 * Errors: "configuration", naming the row and the field.
 *
 * @param where The file's name, for messages.
 * @param fields The fields of the base.
 * @param change What the row changes; its loss file as a path that can be opened.
 */
export const rowConfiguration = (
  where: string,
  fields: unknown,
  name: string,
  change: AblationRow,
  seed: number,
): Either<Failure, Configuration> => {
  const own = change.lossFile === "" ? {} : { lossFile: change.lossFile };
  const ofLoss = Object.hasOwn(change.set, "loss") ? { lossFile: "" } : {};
  const value = mergeFields(fields, { ...ofLoss, ...change.set, ...own, seed });
  return decodeConfiguration(`${where}, row "${name}"`, value);
};
