/** The modules of one's own that a configuration names: which they are, and by which hashes they are known again. */
import type { OwnData } from "../data/data_module.ts";
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { moduleHash } from "../modules/module_files.ts";
import { checkHash } from "../modules/own_module.ts";
import type { Configuration, DataConfiguration } from "./configuration.ts";
import { located } from "./files.ts";

/** The files of the modules that a configuration names, by what they are. */
export const modulesOf = (
  { networkFile, data }: Pick<Configuration, "networkFile" | "data">,
): Readonly<Record<string, string>> => ({
  ...(networkFile === "" ? {} : { network: networkFile }),
  ...(data.kind === "module" && data.file !== "" ? { data: data.file } : {}),
});

/** The SHA-256 of each of these modules with all local files that it imports. Errors: "missing" and "file".
 * @category Experiments */
export const moduleHashes = (
  configuration: Pick<Configuration, "networkFile" | "data">,
): TaskEither<Failure, Readonly<Record<string, string>>> =>
  pipe(
    TE.sequenceSeqArray(
      Object.entries(modulesOf(configuration)).map(([name, path]) =>
        pipe(moduleHash(path), TE.map((hash) => [name, hash] as const))
      ),
    ),
    TE.map((hashes) => Object.fromEntries(hashes)),
  );

/** The file of the module that data name; "" for other data. */
export const datasetOf = (data: DataConfiguration): string => data.kind === "module" ? data.file : "";

/**
 * The data set of a module that a user has named; null for none. What only a checkpoint names is named by nobody.
 *
 * Errors: those of loading it.
 */
export const namedData = (file: string): TaskEither<Failure, OwnData | null> =>
  file === "" ? TE.right(null) : async () => {
    const { loadDataModule } = await import("../data/data_module.ts");
    return await loadDataModule(file)();
  };

/**
 * Whether the module that a user has named, if it lies where that of the training did, is still the same. Errors: "checkpoint"
 * if it says something else today.
 */
export const checkTrainedData = (
  { path, modules }: Pick<Checkpoint, "path" | "modules">,
  trained: DataConfiguration,
  file = "",
): TaskEither<Failure, void> => {
  const own = datasetOf(trained);
  if (file === "" || own === "" || located(own) !== file) return TE.right(undefined);
  return pipe(moduleHash(file), TE.chainEitherK((hash) => checkHash({ path: file, hash }, modules.data, path)));
};
