import { withFolder } from "../../data/open_dataset.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { dirname, resolve } from "../../dependencies/text.ts";
import { type Failure, failure } from "../../errors.ts";
import { decodeWith, fileCodecOf } from "../../formats/field_codecs.ts";
import { readText } from "../../formats/files.ts";
import { isJsonObject } from "../../formats/json.ts";
import { type Ablation, ablationFields, type AblationRow, folderOf } from "../ablation_fields.ts";
import type { Configuration, DataConfiguration } from "../configuration.ts";
import { decodeConfiguration, mergeFields, readFields, withDataset, withSettings } from "../configuration_file.ts";
import { located, stem } from "../files.ts";
import { moduleHashes } from "../own_modules.ts";
import { ablationRules, checkRules } from "../rules.ts";

const codec = fileCodecOf(ablationFields);

/**
 * An ablation from the value of a JSON text; what its rows set is decoded by {@link rowConfiguration}.
 *
 * Errors: "configuration", naming the row and the field.
 *
 * @param where The file's name, for messages.
 */
export const decodeAblation = (where: string, value: unknown): Either<Failure, Ablation> =>
  pipe(
    decodeWith(codec, where, value),
    E.chain((ablation) => checkRules(where, ablation, ablationRules)),
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

/** Whether fields say themselves what is at a path, so that no base is asked. */
const covers = (value: unknown, [name, ...rest]: readonly string[]): boolean => {
  if (!isJsonObject(value)) return true;
  return name !== undefined && Object.hasOwn(value, name) && covers(value[name], rest);
};

/** The fields that a row, or the ablation in its stead, takes from no base. */
const ownFields = ({ set, lossFile }: AblationRow): Readonly<Record<string, unknown>> => ({
  ...set,
  ...(lossFile !== "" || Object.hasOwn(set, "loss") ? { loss: true, lossFile: true } : {}),
  seed: true,
});

/**
 * Refuses settings of the base that no row would take from it. Errors: "usage", naming the setting.
 *
 * @param settings As given to --set, "field=value".
 */
const checkSettings = ({ rows }: Ablation, settings: readonly string[]): Either<Failure, void> => {
  const own = [...rows.values()].map(ownFields);
  const idle = settings.find((setting) => {
    const path = (setting.split("=")[0] ?? "").split(".");
    return own.every((fields) => covers(fields, path));
  });
  return idle === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--set",
    `"${idle}", which every row sets itself`,
    "a field that at least one row takes from the base",
    "Change it in the ablation's file.",
  ));
};

/** One training of an ablation.
 * @category Experiments */
export interface PlannedRun {
  /** The row of the ablation. */
  readonly row: string;
  /** The seed of its weights and batches. */
  readonly seed: number;
  /** What it trains. */
  readonly configuration: Configuration;
  /** The folder of the run. */
  readonly out: string;
  /** The text of the loss of one's own that it is trained with; null if the configuration names its losses. */
  readonly loss: string | null;
  /** The SHA-256 of each local file that this loss imports, by its path from the loss. */
  readonly lossImports: Readonly<Record<string, string>>;
  /** The SHA-256 of each module of one's own that it is made with, "network" and "data", with all that this imports. */
  readonly modules: Readonly<Record<string, string>>;
}

/** All that an ablation is going to do.
 * @category Experiments */
export interface Plan {
  /** What tables and pictures call it. */
  readonly name: string;
  /** Its file's fields. */
  readonly ablation: Ablation;
  /** The folder of all runs, tables and plots. */
  readonly out: string;
  /** The data of all runs. */
  readonly data: DataConfiguration;
  /** All rows with the first seed, then with the next: a stopped ablation has compared all rows. */
  readonly runs: readonly PlannedRun[];
}

/** Which ablation is made, and on what.
 * @category Experiments */
export interface PlanOptions {
  /** The ablation, JSON with comments. */
  readonly file: string;
  /** The configuration that the rows change, instead of the ablation's own. */
  readonly base?: string;
  /** The folder of the data set, instead of the base's. */
  readonly data?: string;
  /** The folder of all runs; runs/NAME of the ablation, and of another base, by default. */
  readonly out?: string;
  /** Fields of the base that are to be others, as "field=value". */
  readonly settings?: readonly string[];
  /** A module whose data take the place of the base's, as `dataModule` makes them. */
  readonly dataset?: string;
}

/** What both a configuration and an ablation are read with. */
interface Source {
  readonly file: string;
  readonly ablation: Ablation;
  readonly fields: unknown;
  readonly data: DataConfiguration;
  readonly out: string;
}

const beside = (file: string, path: string): string => resolve(dirname(file), path);

/** The fields of the base, or of another one in its place, with settings, and where they come from. */
const baseFields = ({ base }: Ablation, { file, base: other, settings = [], dataset = "" }: PlanOptions) => {
  const where = other ?? (typeof base === "string" ? beside(file, base) : `${file}, field base`);
  return pipe(
    other !== undefined || typeof base === "string" ? readFields(where) : TE.right<Failure, unknown>(base),
    TE.chainEitherK((fields) => withSettings(withDataset(fields, dataset), settings)),
    TE.map((fields) => ({ where, fields })),
  );
};

const dataOf = ({ data: folder }: PlanOptions, { data }: Configuration): Either<Failure, DataConfiguration> => {
  if (folder === undefined) return E.right(data);
  const advice = "Name a base for such data, as in --base configs/small_rooms.jsonc.";
  return pipe(withFolder(data, located(folder)), E.mapLeft((problem): Failure => ({ ...problem, advice })));
};

/** A loss of one's own by what its file and those that it imports say; nothing where there is none. */
const lossOf = (file: string): TaskEither<Failure, Pick<PlannedRun, "loss" | "lossImports">> =>
  file === "" ? TE.right({ loss: null, lossImports: {} }) : pipe(
    readText(file, "settings"),
    TE.chain((loss) => async () => {
      const { importedFiles } = await import("../../modules/module_files.ts");
      return await pipe(importedFiles(file), TE.map((lossImports) => ({ loss, lossImports })))();
    }),
  );

const runOf =
  ({ file, fields, data, out }: Source) =>
  ([name, row]: readonly [string, AblationRow], seed: number): TaskEither<Failure, PlannedRun> => {
    const change = { ...row, lossFile: row.lossFile === "" ? "" : beside(file, row.lossFile) };
    return pipe(
      TE.fromEither(rowConfiguration(file, fields, name, change, seed)),
      TE.chain((decoded) =>
        pipe(
          lossOf(decoded.lossFile),
          TE.chain((loss) =>
            pipe(
              moduleHashes({ ...decoded, data }),
              TE.map((modules): PlannedRun => ({
                ...{ row: name, seed, ...loss, modules, out: `${out}/${folderOf(name)}/seed-${seed}` },
                configuration: { ...decoded, data },
              })),
            )
          ),
        )
      ),
    );
  };

const runsOf = (source: Source): TaskEither<Failure, readonly PlannedRun[]> => {
  const { seeds, rows } = source.ablation;
  const make = runOf(source);
  return TE.sequenceSeqArray(seeds.flatMap((seed) => [...rows].map((row) => make(row, seed))));
};

/**
 * Reads an ablation and decodes the configuration of every row before anything is computed.
 *
 * Errors: "usage", "file" and "configuration", naming the row and the field.
 * @category Experiments
 */
export const planOf = (options: PlanOptions): TaskEither<Failure, Plan> => {
  const { file, base, settings = [] } = options;
  const name = base === undefined ? stem(file) : `${stem(file)}-${stem(base)}`;
  const out = options.out ?? `runs/${name}`;
  return pipe(
    readFields(file),
    TE.chainEitherK((value) => decodeAblation(file, value)),
    TE.chainFirstEitherK((ablation) => checkSettings(ablation, settings)),
    TE.chain((ablation) =>
      pipe(
        baseFields(ablation, options),
        TE.chainEitherK(({ where, fields }) =>
          pipe(
            decodeConfiguration(where, fields),
            E.chain((configuration) => dataOf(options, configuration)),
            E.map((data): Source => ({ file, ablation, fields, data, out })),
          )
        ),
      )
    ),
    TE.chain((source) =>
      pipe(runsOf(source), TE.map((runs): Plan => ({ name, ablation: source.ablation, out, data: source.data, runs })))
    ),
  );
};
