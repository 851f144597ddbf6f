import { networkOf } from "../lib/config/compose.ts";
import type { Configuration } from "../lib/config/configuration.ts";
import { inferConfiguration } from "../lib/config/infer.ts";
import { checkNetworkVariant, describeNetworkVariant } from "../lib/config/variant.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { type Checkpoint, readCheckpoint } from "../lib/train/checkpoint.ts";
import { type Predictor, predictor } from "../lib/train/predict.ts";
import { restoreVariables } from "../lib/weights/restore.ts";
import type { Arguments, Flag } from "./arguments.ts";
import { configurationOf, openBackend } from "./context.ts";
import { parseConfiguration } from "./configuration_file.ts";

/** A depth network from a checkpoint, ready to predict. */
export interface TrainedNetwork {
  readonly configuration: Configuration;
  readonly predict: Predictor;
}

/** The flag that names the checkpoint. */
export const checkpointFlag: Flag = {
  name: "checkpoint",
  value: "FILE",
  help: "a checkpoint of train, or PyTorch's .pth or safetensors with published names; needed",
};

const checkKind = ({ path, kind }: Checkpoint): Either<Failure, void> =>
  kind === "depth" ? E.right(undefined) : E.left(
    failure("checkpoint", path, `a checkpoint of kind "${kind}"`, 'one of a depth network, kind "depth"'),
  );

const restore = (checkpoint: Checkpoint, configuration: Configuration): TaskEither<Failure, TrainedNetwork> => {
  const { height, width } = configuration.data;
  return pipe(
    TE.fromTask(() => networkOf(configuration)),
    TE.chain((network) =>
      pipe(
        restoreVariables(checkpoint.weights, network),
        TE.map((variables) => ({ configuration, predict: predictor(network, variables, height, width) })),
      )
    ),
  );
};

/** The checkpoint that the command line names. Errors: "usage" if it names none, and those of reading it. */
const checkpointOf = (args: Arguments): TaskEither<Failure, Checkpoint> => {
  const path = args.flag("checkpoint");
  return path === undefined
    ? TE.left(failure("usage", "--checkpoint", "nothing", "a checkpoint.safetensors that train has written"))
    : readCheckpoint(path);
};

/** What a checkpoint is a network of: its own configuration, or what can be told from its tensors, with --set. */
export const describedConfiguration = (
  { path, configuration, weights }: Checkpoint,
  settings: readonly string[],
): Either<Failure, Configuration> =>
  parseConfiguration(path, configuration ?? JSON.stringify(inferConfiguration(weights)), settings);

/** Whether the configuration is of the variant that the checkpoint was trained as; if nobody knows, this says so. */
const checkedVariant = (checkpoint: Checkpoint, wanted: Configuration): Either<Failure, Configuration> => {
  if (checkpoint.configuration === null) {
    console.log(`${checkpoint.path} does not say which variant it is: taken as ${describeNetworkVariant(wanted)}`);
    return E.right(wanted);
  }
  return pipe(
    describedConfiguration(checkpoint, []),
    E.chain((trained) => checkNetworkVariant(checkpoint.path, trained, wanted)),
    E.map(() => wanted),
  );
};

/**
 * Reads the network of --checkpoint. Its configuration is its own, with --set, unless --config gives another one, which
 * must then fit its tensors and its variant. Opens the backend.
 */
export const loadTrained = (args: Arguments): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    checkpointOf(args),
    TE.chainFirstEitherK(checkKind),
    TE.chainFirst(() => openBackend(args)),
    TE.chain((checkpoint) => {
      const configuration = args.flag("config") === undefined
        ? TE.fromEither(describedConfiguration(checkpoint, args.flags("set")))
        : configurationOf(args, "");
      return pipe(
        configuration,
        TE.chainEitherK((value) => checkedVariant(checkpoint, value)),
        TE.chain((value) => restore(checkpoint, value)),
      );
    }),
  );
