import { type Ablation, type AblationRow, folderOf } from "../../lib/config/ablation.ts";
import { decodeAblation, rowConfiguration } from "../../lib/config/ablation_file.ts";
import type { Configuration, DataConfiguration } from "../../lib/config/configuration.ts";
import { withFolder } from "../../lib/config/data.ts";
import { decodeConfiguration } from "../../lib/config/schema.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import { type Failure, failure } from "../../lib/errors.ts";
import { readText } from "../../lib/formats/files.ts";
import type { Arguments } from "../arguments.ts";
import { readFields, withSettings } from "../configuration_file.ts";
import { located, stem } from "../context.ts";
import { dirname, resolve } from "../std.ts";
import { checkSettings } from "./idle_settings.ts";

/** One training of an ablation. */
export interface PlannedRun {
  readonly row: string;
  readonly seed: number;
  readonly configuration: Configuration;
  /** The folder of the run. */
  readonly out: string;
  /** The text of the loss of one's own that it is trained with; null if the configuration names its losses. */
  readonly loss: string | null;
}

/** All that an ablation is going to do. */
export interface Plan {
  /** What tables and pictures call it. */
  readonly name: string;
  readonly ablation: Ablation;
  /** The folder of all runs, tables and plots. */
  readonly out: string;
  readonly data: DataConfiguration;
  /** All rows with the first seed, then with the next: a stopped ablation has compared all rows. */
  readonly runs: readonly PlannedRun[];
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

/** The fields of the base, or of --base in its place, with --set, and where they come from. */
const baseFields = (file: string, { base }: Ablation, args: Arguments) => {
  const other = args.flag("base");
  const where = other ?? (typeof base === "string" ? beside(file, base) : `${file}, field base`);
  return pipe(
    other !== undefined || typeof base === "string" ? readFields(where) : TE.right<Failure, unknown>(base),
    TE.chainEitherK((fields) => withSettings(fields, args.flags("set"))),
    TE.map((fields) => ({ where, fields })),
  );
};

const dataOf = (args: Arguments, { data }: Configuration): Either<Failure, DataConfiguration> => {
  const folder = args.flag("data");
  if (folder === undefined) return E.right(data);
  const advice = "Name a base for such data, as in --base configs/small_rooms.jsonc.";
  return pipe(withFolder(data, located(folder)), E.mapLeft((problem): Failure => ({ ...problem, advice })));
};

const runOf =
  ({ file, fields, data, out }: Source) =>
  ([name, row]: readonly [string, AblationRow], seed: number): TaskEither<Failure, PlannedRun> => {
    const change = { ...row, lossFile: row.lossFile === "" ? "" : beside(file, row.lossFile) };
    return pipe(
      TE.fromEither(rowConfiguration(file, fields, name, change, seed)),
      TE.chain((decoded) =>
        pipe(
          decoded.lossFile === "" ? TE.right<Failure, string | null>(null) : readText(decoded.lossFile),
          TE.map((loss): PlannedRun => ({
            ...{ row: name, seed, loss, out: `${out}/${folderOf(name)}/seed-${seed}` },
            configuration: { ...decoded, data },
          })),
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
 * Reads the ablation of a command line and decodes the configuration of every row before anything is computed.
 *
 * Errors: "usage", "file" and "configuration", naming the row and the field.
 */
export const planOf = (args: Arguments): TaskEither<Failure, Plan> => {
  const file = args.flag("config");
  if (file === undefined) {
    return TE.left(failure("usage", "--config", "nothing", "an ablation, such as configs/ablation/losses.jsonc"));
  }
  const other = args.flag("base");
  const name = other === undefined ? stem(file) : `${stem(file)}-${stem(other)}`;
  const out = args.flag("out") ?? `runs/${name}`;
  return pipe(
    readFields(file),
    TE.chainEitherK((value) => decodeAblation(file, value)),
    TE.chainFirstEitherK((ablation) => checkSettings(ablation, args.flags("set"))),
    TE.chain((ablation) =>
      pipe(
        baseFields(file, ablation, args),
        TE.chainEitherK(({ where, fields }) =>
          pipe(
            decodeConfiguration(where, fields),
            E.chain((configuration) => dataOf(args, configuration)),
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
