import type { Purpose } from "../lib/data/layout.ts";
import { type OpenData, type ReadingOptions, usualWorkers, withData as withOpenedData } from "../lib/data/open_data.ts";
import { withFolder } from "../lib/data/open_dataset.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { resolve } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Configuration, DataConfiguration } from "../lib/experiment/configuration.ts";
import { readConfiguration } from "../lib/experiment/configuration_file.ts";
import { located } from "../lib/experiment/files.ts";
import { datasetOf, namedData } from "../lib/experiment/own_modules.ts";
import type { Listener } from "../lib/train/listener.ts";
import type { Arguments, Flag } from "./arguments.ts";

/** The configuration of the command line: --config, or the given file, with --set, --seed, --data, --dataset, --network, --loss and --init. */
export const configurationOf = (args: Arguments, file: string): TaskEither<Failure, Configuration> => {
  const [seed, loss, folder] = [args.flag("seed"), args.flag("loss"), args.flag("data")];
  if (seed !== undefined && !/^\d{1,15}$/.test(seed)) {
    return TE.left(failure("usage", "--seed", `"${seed}"`, "an integer from 0"));
  }
  const [init, only, network] = [args.flag("init"), args.flag("init-only"), args.flag("network")];
  const settings = [
    ...args.flags("set"),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(loss === undefined ? [] : [`lossFile=${JSON.stringify(resolve(loss))}`]),
    ...(network === undefined ? [] : [`networkFile=${JSON.stringify(resolve(network))}`]),
    ...(init === undefined ? [] : [`init.file=${JSON.stringify(located(init))}`]),
    ...(only === undefined ? [] : [`init.only=${JSON.stringify(only)}`]),
  ];
  return pipe(
    readConfiguration(args.flag("config") ?? file, settings, namedDataset(args)),
    TE.chainEitherK((configuration) =>
      folder === undefined ? E.right(configuration) : pipe(
        withFolder(configuration.data, located(folder)),
        E.map((data): Configuration => ({ ...configuration, data })),
      )
    ),
  );
};

/** The flag that names a module whose data take the place of the configuration's. */
export const datasetFlag: Flag = {
  name: "dataset",
  value: "FILE.ts",
  path: "whole",
  help: "a module whose default export is the data set; --data names a folder that it is told",
};

/** The module of the data that the command line names; "" for none. */
export const namedDataset = (args: Arguments): string => {
  const file = args.flag("dataset");
  return file === undefined ? "" : resolve(file);
};

/** How the command line asks for data to be read. Errors: "usage" for a wrong --workers. */
export const readingOf = (args: Arguments): Either<Failure, ReadingOptions & { readonly listener: Listener }> => {
  const given = args.flag("workers") ?? String(usualWorkers());
  return /^\d{1,2}$/.test(given) ? E.right({ workers: Number(given), listener: args.listener }) : E.left(
    failure("usage", "--workers", `"${given}"`, "how many workers read the data: 0 to 99"),
  );
};

/**
 * Opens a data set as the command line asks for it, and ends its workers when `use` is done with it. The module that data name
 * is loaded, unless another one, or none, is `dataset`: data that a checkpoint describes are not the user's word.
 */
export const withData = <A>(
  args: Arguments,
  data: DataConfiguration,
  use: (opened: OpenData) => TaskEither<Failure, A>,
  { purpose, dataset = datasetOf(data) }: { readonly purpose?: Purpose | undefined; readonly dataset?: string } = {},
): TaskEither<Failure, A> =>
  pipe(
    TE.fromEither(readingOf(args)),
    TE.chain((reading) =>
      pipe(namedData(dataset), TE.chain((own) => withOpenedData(data, { ...reading, purpose, own }, use)))
    ),
  );
