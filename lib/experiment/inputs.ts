/** What a run reads, which must stay where it is. */
import { rootsOf } from "../data/lists.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import { isUrl } from "../formats/byte_source.ts";
import type { Configuration } from "./configuration.ts";
import { datasetOf } from "./own_modules.ts";
import type { Inputs } from "./run_folder.ts";
import { neededGenerators } from "./training.ts";

const checkpointOf = ({ generators }: Configuration, name: GeneratorName): string => generators[name].checkpoint;

/** The files and folders that a run reads, by the names of their fields. */
export const inputsOf = (configuration: Configuration): Inputs => {
  const { data, lossFile, networkFile, backbone, init } = configuration;
  const roots = data.kind === "files" ? rootsOf(data, data.folder) : null;
  const named: Inputs = [
    ["data.folder", data.kind === "scenes" ? "" : data.folder],
    ["data.file", datasetOf(data)],
    ["data.imageRoot", roots?.imageRoot ?? ""],
    ["data.depthRoot", roots?.depthRoot ?? ""],
    ["lossFile", lossFile],
    ["networkFile", networkFile],
    ["backbone.weights", backbone.weights],
    ["init.file", init.file],
    ...neededGenerators(configuration).map((name) =>
      [`generators.${name}.checkpoint`, checkpointOf(configuration, name)] as const
    ),
  ];
  return named.filter(([, path]) => path !== "" && !isUrl(path));
};
