import type { Purpose } from "../lib/data/layout.ts";
import { type OpenData, type ReadingOptions, usualWorkers, withData as withOpenedData } from "../lib/data/open_data.ts";
import { withFolder } from "../lib/data/open_dataset.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { resolve } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Configuration, DataConfiguration } from "../lib/experiment/configuration.ts";
import { readConfiguration } from "../lib/experiment/configuration_file.ts";
import { located } from "../lib/experiment/files.ts";
import type { Listener } from "../lib/train/listener.ts";
import type { Arguments } from "./arguments.ts";

/** The configuration of the command line: --config, or the given file, with --set, --seed, --data, --loss and --init. */
export const configurationOf = (args: Arguments, file: string): TaskEither<Failure, Configuration> => {
  const [seed, loss, folder] = [args.flag("seed"), args.flag("loss"), args.flag("data")];
  if (seed !== undefined && !/^\d{1,15}$/.test(seed)) {
    return TE.left(failure("usage", "--seed", `"${seed}"`, "an integer from 0"));
  }
  const [init, only] = [args.flag("init"), args.flag("init-only")];
  const settings = [
    ...args.flags("set"),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(loss === undefined ? [] : [`lossFile=${JSON.stringify(resolve(loss))}`]),
    ...(init === undefined ? [] : [`init.file=${JSON.stringify(located(init))}`]),
    ...(only === undefined ? [] : [`init.only=${JSON.stringify(only)}`]),
  ];
  return pipe(
    readConfiguration(args.flag("config") ?? file, settings),
    TE.chainEitherK((configuration) =>
      folder === undefined ? E.right(configuration) : pipe(
        withFolder(configuration.data, located(folder)),
        E.map((data): Configuration => ({ ...configuration, data })),
      )
    ),
  );
};

/** How the command line asks for data to be read. Errors: "usage" for a wrong --workers. */
export const readingOf = (args: Arguments): Either<Failure, ReadingOptions & { readonly listener: Listener }> => {
  const given = args.flag("workers") ?? String(usualWorkers());
  return /^\d{1,2}$/.test(given) ? E.right({ workers: Number(given), listener: args.listener }) : E.left(
    failure("usage", "--workers", `"${given}"`, "how many workers read the data: 0 to 99"),
  );
};

/** Opens a data set as the command line asks for it, and ends its workers when `use` is done with it. */
export const withData = <A>(
  args: Arguments,
  data: DataConfiguration,
  use: (opened: OpenData) => TaskEither<Failure, A>,
  purpose?: Purpose,
): TaskEither<Failure, A> =>
  pipe(TE.fromEither(readingOf(args)), TE.chain((reading) => withOpenedData(data, { ...reading, purpose }, use)));
