/** What a run is made from is tried before anything is written: a missing file then costs seconds, and no file of an earlier run. */
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import type { Failure } from "../errors.ts";
import { isUrl } from "../formats/byte_source.ts";
import { silent } from "../train/listener.ts";
import { networkOf } from "./compose.ts";
import type { Configuration } from "./configuration.ts";
import { loadLoss } from "./loss_file.ts";
import { disposePretrained, loadPretrained } from "./pretraining.ts";
import type { Inputs } from "./run_folder.ts";
import { pretrainedBackbone } from "./trained_network.ts";
import { neededGenerators } from "./training.ts";

const checkpointOf = ({ generators }: Configuration, name: GeneratorName): string => generators[name].checkpoint;

/** The files and folders that a run reads, by the names of their fields. */
export const inputsOf = (configuration: Configuration): Inputs => {
  const { data, lossFile, backbone } = configuration;
  const named: Inputs = [
    ["data.folder", data.kind === "files" ? data.folder : ""],
    ["lossFile", lossFile],
    ["backbone.weights", backbone.weights],
    ...neededGenerators(configuration).map((name) =>
      [`generators.${name}.checkpoint`, checkpointOf(configuration, name)] as const
    ),
  ];
  return named.filter(([, path]) => path !== "" && !isUrl(path));
};

/** Reads the generators that a configuration names, and frees them. */
const tryGenerators = (configuration: Configuration): TaskEither<Failure, void> =>
  pipe(
    TE.sequenceSeqArray(
      neededGenerators(configuration).filter((name) => checkpointOf(configuration, name) !== "").map((name) =>
        pipe(loadPretrained(name, configuration.generators[name], silent), TE.map(disposePretrained))
      ),
    ),
    TE.map(() => undefined),
  );

/** Reads the weights that the backbone begins with, and frees them. */
const tryBackbone = (configuration: Configuration): TaskEither<Failure, void> =>
  pipe(
    TE.fromTask(() => networkOf(configuration)),
    TE.chain((network) => pretrainedBackbone(network, configuration.backbone, silent)),
    TE.map(({ release }) => release()),
  );

/**
 * Tries all that a training of a depth network reads but its samples: the loss of one's own, weights, and generators. Nothing
 * is written. Errors: those of reading them, and of what does not fit.
 */
export const checkInputs = (configuration: Configuration): TaskEither<Failure, void> =>
  pipe(
    configuration.lossFile === "" ? TE.right(undefined) : pipe(loadLoss(configuration.lossFile), TE.map(() => {})),
    TE.chain(() => configuration.backbone.weights === "" ? TE.right(undefined) : tryBackbone(configuration)),
    TE.chain(() => tryGenerators(configuration)),
  );
