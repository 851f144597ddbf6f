import { networkOf } from "../lib/config/compose.ts";
import type { Configuration } from "../lib/config/configuration.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { disposeTree } from "../lib/tensor/tree.ts";
import { type Checkpoint, readCheckpoint, restoreVariables } from "../lib/train/checkpoint.ts";
import { type Predictor, predictor } from "../lib/train/predict.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf, openBackend } from "./context.ts";
import { parseConfiguration } from "./configuration_file.ts";

/** A depth network from a checkpoint, ready to predict. */
export interface TrainedNetwork {
  readonly configuration: Configuration;
  readonly predict: Predictor;
}

const restore = (checkpoint: Checkpoint, configuration: Configuration): Either<Failure, TrainedNetwork> => {
  const { path, kind } = checkpoint;
  if (kind !== "depth") {
    return E.left(
      failure("checkpoint", path, `a checkpoint of kind "${kind}"`, 'one of a depth network, kind "depth"'),
    );
  }
  const network = networkOf(configuration.network);
  const template = network.init(keyOf(0));
  const variables = restoreVariables(checkpoint, template);
  [template.params, template.statistics].forEach(disposeTree);
  const { height, width } = configuration.data;
  return E.map((restored: typeof template) => ({
    configuration,
    predict: predictor(network, restored, height, width),
  }))(variables);
};

/** The checkpoint that the command line names. Errors: "usage" if it names none, and those of reading it. */
const checkpointOf = (args: Arguments): TaskEither<Failure, Checkpoint> => {
  const path = args.flag("checkpoint");
  return path === undefined
    ? TE.left(failure("usage", "--checkpoint", "nothing", "a checkpoint.safetensors that train has written"))
    : readCheckpoint(path);
};

/**
 * Reads the network of --checkpoint. Its configuration is its own, with --set, unless --config gives another one, which
 * must then fit its tensors. Opens the backend.
 */
export const loadTrained = (args: Arguments): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    checkpointOf(args),
    TE.chainFirst(() => openBackend(args)),
    TE.chain((checkpoint) => {
      const configuration = args.flag("config") === undefined
        ? TE.fromEither(parseConfiguration(checkpoint.path, checkpoint.configuration, args.flags("set")))
        : configurationOf(args, "");
      return pipe(configuration, TE.chainEitherK((value) => restore(checkpoint, value)));
    }),
  );
