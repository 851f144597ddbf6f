import { type BackendChoice, type Device, openDevice } from "../backend/device.ts";
import type { DepthNetwork } from "../cliffnet/network.ts";
import { networkOf } from "../config/compose.ts";
import type { Configuration } from "../config/configuration.ts";
import { inferConfiguration } from "../config/infer.ts";
import { checkNetworkVariant, describeNetworkVariant } from "../config/variant.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { type Listener, silent } from "../train/listener.ts";
import { type Predictor, predictor } from "../train/predict.ts";
import type { Branch } from "../tensor/tree.ts";
import { disposeTree } from "../tensor/tree.ts";
import type { Variables } from "../nn/layer.ts";
import { restoreVariables } from "../weights/restore.ts";
import { parseConfiguration } from "../../tasks/configuration_file.ts";

/** The variables of a depth network, whatever its fusion. */
export type DepthVariables = ReturnType<DepthNetwork["init"]>;

/** Frees the variables of a network. */
export const disposeVariables = ({ params, statistics }: Variables<Branch, Branch>): void =>
  [params, statistics].forEach(disposeTree);

/** A depth network with trained variables, ready to predict. */
export interface TrainedNetwork {
  /** What it was trained with, or what can be told of another program's. */
  readonly configuration: Configuration;
  /** From a picture of any size to its depth map at the same size, in metres, not clipped. */
  readonly predict: Predictor;
  /** The network, for scripts that apply it themselves. */
  readonly network: DepthNetwork;
  /** Its variables, until {@link TrainedNetwork.dispose}. */
  readonly variables: DepthVariables;
  /** Frees the variables; the network predicts no more then. */
  readonly dispose: () => void;
}

/** A network with its variables, which it takes over. */
export const trainedNetwork = (
  configuration: Configuration,
  network: DepthNetwork,
  variables: DepthVariables,
): TrainedNetwork => {
  const { height, width } = configuration.data;
  return {
    ...{ configuration, network, variables },
    predict: predictor(network, variables, height, width),
    dispose: () => disposeVariables(variables),
  };
};

const checkKind = ({ path, kind }: Checkpoint): Either<Failure, void> =>
  kind === "depth" ? E.right(undefined) : E.left(
    failure("checkpoint", path, `a checkpoint of kind "${kind}"`, 'one of a depth network, kind "depth"'),
  );

/**
 * What a checkpoint is a network of: its own configuration, or what can be told from its tensors, with fields overridden by
 * "field=value". Errors: "configuration" and "usage", naming the field.
 */
export const describedConfiguration = (
  { path, configuration, weights }: Checkpoint,
  settings: readonly string[],
): Either<Failure, Configuration> =>
  parseConfiguration(path, configuration ?? JSON.stringify(inferConfiguration(weights)), settings);

/** Whether the configuration is of the variant that the checkpoint was trained as; if nobody knows, this says so. */
const checkedVariant = (
  checkpoint: Checkpoint,
  wanted: Configuration,
  { message }: Listener,
): Either<Failure, Configuration> => {
  if (checkpoint.configuration === null) {
    message(`${checkpoint.path} does not say which variant it is: taken as ${describeNetworkVariant(wanted)}`);
    return E.right(wanted);
  }
  return pipe(
    describedConfiguration(checkpoint, []),
    E.chain((trained) => checkNetworkVariant(checkpoint.path, trained, wanted)),
    E.map(() => wanted),
  );
};

/** Reads the names of a checkpoint of a depth network. Errors: those of reading it; "checkpoint" for another kind. */
export const readDepthCheckpoint = (path: string): TaskEither<Failure, Checkpoint> =>
  pipe(readCheckpoint(path), TE.chainFirstEitherK(checkKind));

/**
 * The network of a checkpoint on the open device, by its own configuration or another one, which must then fit its tensors
 * and its variant. Errors: "checkpoint" and "configuration", naming what does not fit.
 */
export const restoreNetwork = (
  checkpoint: Checkpoint,
  configuration: Configuration,
  listener: Listener,
): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    TE.fromEither(checkedVariant(checkpoint, configuration, listener)),
    TE.chain(() => TE.fromTask(() => networkOf(configuration))),
    TE.chain((network) =>
      pipe(
        restoreVariables(checkpoint.weights, network),
        TE.map((variables) => trainedNetwork(configuration, network, variables)),
      )
    ),
  );

/** How a network is loaded. */
export interface LoadOptions {
  /** An open device; without it one is opened. */
  readonly device?: Device;
  /** Which backend is opened if no device is given, "auto" by default. */
  readonly backend?: BackendChoice;
  /** Fields of its configuration that are to be others, as in "data.height=228". */
  readonly settings?: readonly string[];
  /** Told what had to be guessed; nobody by default. */
  readonly listener?: Listener;
}

/**
 * A trained depth network in one call, from any checkpoint that the tasks take: one of `train`, or PyTorch's .pth or
 * safetensors with published names. The caller disposes it.
 *
 * ```ts
 * const { predict } = orThrow(await loadDepthNetwork("runs/quickstart/checkpoint.safetensors")());
 * const depth = orThrow(await predict(image)()); // metres, at the image's own size
 * ```
 *
 * Errors: "missing" and "file"; "format" for a damaged file; "checkpoint" for one of something else; "device".
 */
export const loadDepthNetwork = (
  path: string,
  { device, backend = "auto", settings = [], listener = silent }: LoadOptions = {},
): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    readDepthCheckpoint(path),
    TE.chainFirst(() => device === undefined ? openDevice(backend) : TE.right(device)),
    TE.chain((checkpoint) =>
      pipe(
        TE.fromEither(describedConfiguration(checkpoint, settings)),
        TE.chain((configuration) => restoreNetwork(checkpoint, configuration, listener)),
      )
    ),
  );
