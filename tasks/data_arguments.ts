import type { DataConfiguration } from "../lib/data/fields.ts";
import { layouts } from "../lib/data/layouts.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { parseConfiguration, readConfiguration, withDataset } from "../lib/experiment/configuration_file.ts";
import { located } from "../lib/experiment/files.ts";
import { type Arguments, commonFlags, type Flag } from "./arguments.ts";
import { datasetFlag, namedDataset } from "./context.ts";

/** The flags of tasks that look at data and at nothing else. */
export const dataFlags: readonly Flag[] = [
  ...commonFlags.filter(({ name }) => !["backend", "kernels"].includes(name)),
  { ...datasetFlag, help: "a module whose default export is the data set; DATA is a folder that it is told" },
  { name: "layout", value: "NAME", help: `${layouts.join(", ")}; told from the folder by default`, allowed: layouts },
];

const inFiles = { data: { kind: "files" } };

/**
 * The data of a command line: the folder that is named, in the layout that is recognised, or those of --config, both with
 * --layout and --set.
 *
 * Errors: "usage" if several folders are named, or neither one nor a configuration; those of configurations.
 */
export const dataOf = (args: Arguments): TaskEither<Failure, DataConfiguration> => {
  const [given, ...more] = args.operands;
  const config = args.flag("config");
  if (more.length > 0) {
    return TE.left(failure("usage", "DATA", args.operands.join(", "), "one folder, list or address"));
  }
  const dataset = namedDataset(args);
  if (given === undefined && config === undefined && dataset === "") {
    return TE.left(
      failure("usage", "DATA", "nothing", "a folder, list or address, --config FILE or --dataset FILE.ts"),
    );
  }
  const folder = given === undefined ? given : located(given);
  const settings = [
    ...(folder === undefined ? [] : [`data.folder=${JSON.stringify(folder)}`]),
    ...(args.flag("layout") === undefined ? [] : [`data.layout=${args.flag("layout")}`]),
    ...args.flags("set"),
  ];
  const configuration = config === undefined
    ? TE.fromEither(parseConfiguration("DATA", JSON.stringify(withDataset(inFiles, dataset)), settings))
    : readConfiguration(config, settings, dataset);
  return pipe(configuration, TE.map(({ data }) => data));
};
