/**
 * What holds between fields, which neither their codecs nor the JSON schemas tell: all such rules of configurations and of
 * ablations.
 */
import { E, type Either } from "../dependencies/fp.ts";
import { levelCountOf } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import { unfitParameter } from "../loss/pixel_losses.ts";
import { type Ablation, commonFields, folderOf } from "./ablation_fields.ts";
import type { Configuration, HierarchicalTerm, PixelTerm } from "./configuration.ts";

/** How a value breaks a rule, as a {@link Failure} tells it. */
export interface Breach {
  /** The place in the file, such as "field loss.0.weights". */
  readonly at: string;
  /** What is there. */
  readonly found: string;
  /** What the rule wants there. */
  readonly expected: string;
  /** Why, as a sentence of its own, if the rule has not said it. */
  readonly advice?: string;
}

/** What has to hold between the fields of a decoded value. */
export interface Rule<A> {
  /** The rule as a sentence for people. */
  readonly description: string;
  /** How a value breaks the rule; undefined if it keeps it. */
  readonly breachOf: (decoded: A) => Breach | undefined;
}

/** Whether a term weights more levels than its generator has. */
const levelsBreach = (
  { generator, weights }: HierarchicalTerm,
  { generators, data: { height, width } }: Configuration,
): Breach | undefined => {
  const levels = levelCountOf(generator, generators, height, width);
  if (weights.length <= levels + 1) return undefined;
  const expected = `at most ${levels + 1}: of the depth itself and of the ${levels} levels of "${generator}"`;
  return { at: "weights", found: `${weights.length} weights`, expected };
};

/** Whether a term has parameters that do not fit each other, or the size of the depth maps. */
const parametersBreach = (term: PixelTerm, { data: { height, width } }: Configuration): Breach | undefined => {
  const unfit = unfitParameter(term.kind, term, height, width);
  return unfit === null ? undefined : { at: unfit.name, found: String(unfit.found), expected: unfit.expected };
};

const fittingTerms: Rule<Configuration> = {
  description: "A hierarchical loss weights the depth itself and at most as many levels as its generator has; the " +
    "parameters of other losses fit each other and the size of the depth maps, and windows are odd.",
  breachOf: (configuration) => {
    for (const [index, term] of configuration.loss.entries()) {
      const breach = term.kind === "hierarchical"
        ? levelsBreach(term, configuration)
        : parametersBreach(term, configuration);
      if (breach !== undefined) return { ...breach, at: `field loss.${index}.${breach.at}` };
    }
    return undefined;
  },
};

const selectedFromFile: Rule<Configuration> = {
  description: "`init.only` selects from the tensors of `init.file`: without a file it is as it is by default.",
  breachOf: ({ init: { file, only } }) =>
    file !== "" || only === "**" ? undefined : {
      at: "field init.only",
      found: `"${only}" without a file to select from`,
      expected: "init.file (--init FILE) beside it",
    },
};

const oneNetwork: Rule<Configuration> = {
  description: "`networkFile` stands in place of `backbone` and `network`: `backbone.weights` goes with the built-in " +
    "network alone, and `networkOptions` with a module.",
  breachOf: ({ networkFile, networkOptions, backbone: { weights } }) => {
    if (networkFile !== "" && weights !== "") {
      const expected = "init.file (--init FILE) for a network of your own";
      return { at: "field backbone.weights", found: `${weights} beside networkFile`, expected };
    }
    if (networkFile === "" && Object.keys(networkOptions).length > 0) {
      const expected = "networkFile (--network FILE.ts) beside them";
      return { at: "field networkOptions", found: "options without a module that takes them", expected };
    }
    return undefined;
  },
};

/** What holds between the fields of a configuration. */
export const configurationRules: readonly Rule<Configuration>[] = [fittingTerms, selectedFromFile, oneNetwork];

/** What lies beside the folders of the rows, and names that some systems cannot have. */
const reserved =
  /^(generators|(table|metrics|differences|curves)\.(md|csv|json|svg|png)|(con|prn|aux|nul|com\d|lpt\d)(\..*)?)$/i;

const isFolderName = (name: string): boolean => {
  const folder = folderOf(name);
  return folder !== "" && !reserved.test(folder) && name.length <= 100 && !/\p{Cc}/u.test(name);
};

const rowNames: Rule<Ablation> = {
  description: "Each row has a name for a folder of its own: names differ in letters or digits.",
  breachOf: ({ rows }) => {
    const folders = new Map<string, string>();
    for (const name of rows.keys()) {
      const folder = folderOf(name).toLowerCase();
      const other = folders.get(folder);
      if (!isFolderName(name)) {
        const expected = "a name for its folder, of at most 100 characters on one line, with a letter or digit, " +
          'other than "generators", "table.md" and what else lies there';
        return { at: "field rows", found: `the row ${JSON.stringify(name)}`, expected };
      }
      if (other !== undefined) {
        return {
          at: "field rows",
          found: `"${other}" and "${name}"`,
          expected: "names that differ in letters or digits",
        };
      }
      folders.set(folder, name);
    }
    return undefined;
  },
};

const rowsAlike: Rule<Ablation> = {
  description: `Rows are measured alike: no row sets ${Object.keys(commonFields).join(", ")}.`,
  breachOf: ({ rows }) => {
    for (const [name, { set }] of rows) {
      const common = Object.entries(commonFields).find(([field]) => Object.hasOwn(set, field));
      if (common === undefined) continue;
      const [field, advice] = common;
      return { at: `row "${name}", field ${field}`, found: "a value", expected: "none in a row", advice };
    }
    return undefined;
  },
};

const oneLoss: Rule<Ablation> = {
  description: "A row has a loss in `set` or a `lossFile`, not both.",
  breachOf: ({ rows }) => {
    const both = [...rows].find(([, { set, lossFile }]) =>
      lossFile !== "" && (Object.hasOwn(set, "loss") || Object.hasOwn(set, "lossFile"))
    );
    if (both === undefined) return undefined;
    return { at: `row "${both[0]}", field lossFile`, found: "a loss in set as well", expected: "one of both" };
  },
};

const seedsOnce: Rule<Ablation> = {
  description: "Each seed stands in `seeds` once.",
  breachOf: ({ seeds }) => {
    const twice = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
    return twice === undefined ? undefined : { at: "field seeds", found: `${twice} twice`, expected: "each seed once" };
  },
};

const baselineIsRow: Rule<Ablation> = {
  description: "`baseline` names one of the rows.",
  breachOf: ({ baseline, rows }) =>
    rows.has(baseline) ? undefined : {
      at: "field baseline",
      found: `"${baseline}"`,
      expected: `one of the rows: ${[...rows.keys()].join(", ")}`,
    },
};

/** What holds between the fields of an ablation. */
export const ablationRules: readonly Rule<Ablation>[] = [rowNames, rowsAlike, oneLoss, seedsOnce, baselineIsRow];

/** A decoded value that keeps all rules. Errors: "configuration" for the first that is broken, naming the field. */
export const checkRules = <A>(where: string, decoded: A, rules: readonly Rule<A>[]): Either<Failure, A> => {
  for (const { breachOf } of rules) {
    const breach = breachOf(decoded);
    if (breach === undefined) continue;
    const { at, found, expected, advice } = breach;
    return E.left(failure("configuration", `${where}, ${at}`, found, expected, advice));
  }
  return E.right(decoded);
};
