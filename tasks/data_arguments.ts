import type { DataConfiguration } from "../lib/data/fields.ts";
import { layouts } from "../lib/data/layouts.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { parseConfiguration, readConfiguration } from "../lib/experiment/configuration_file.ts";
import { located } from "../lib/experiment/files.ts";
import { type Arguments, commonFlags, type Flag } from "./arguments.ts";

/** The flags of tasks that look at data and at nothing else. */
export const dataFlags: readonly Flag[] = [
  ...commonFlags.filter(({ name }) => !["backend", "kernels"].includes(name)),
  { name: "layout", value: "NAME", help: `${layouts.join(", ")}; told from the folder by default`, allowed: layouts },
];

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
  if (given === undefined && config === undefined) {
    return TE.left(failure("usage", "DATA", "nothing", "a folder, list or address, or --config FILE"));
  }
  const folder = given === undefined ? given : located(given);
  const settings = [
    ...(folder === undefined ? [] : [`data.folder=${JSON.stringify(folder)}`]),
    ...(args.flag("layout") === undefined ? [] : [`data.layout=${args.flag("layout")}`]),
    ...args.flags("set"),
  ];
  const configuration = config === undefined
    ? TE.fromEither(parseConfiguration("DATA", '{ "data": { "kind": "files" } }', settings))
    : readConfiguration(config, settings);
  return pipe(configuration, TE.map(({ data }) => data));
};
