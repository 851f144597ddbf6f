import { type BackendChoice, type Device, openDevice } from "../backend/device.ts";
import type { DepthNetwork } from "../cliffnet/network.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { moduleHash } from "../modules/module_files.ts";
import { checkHash } from "../modules/own_module.ts";
import { type Layer, untyped, type Variables } from "../nn/layer.ts";
import type { DepthMaps, Images } from "../tensor/features.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { type Predictor, predictor, sizedPredictor } from "../train/depth_network.ts";
import { type Listener, silent } from "../train/listener.ts";
import { restoreVariables } from "../weights/restore.ts";
import { checkNetworkVariant, describeNetworkVariant, inferConfiguration, networkOf } from "./compose.ts";
import type { Configuration } from "./configuration.ts";
import { parseConfiguration } from "./configuration_file.ts";
import { loadNetworkModule } from "./network_module.ts";
import { sizeOfAspect, type Sizing, sizingOf, tellSizing } from "./input_size.ts";

/** The variables of a depth network, whatever that is.
 * @category Experiments */
export type DepthVariables = Variables<Branch, Branch>;

/** Frees the variables of a network. */
export const disposeVariables = ({ params, statistics }: Variables<Branch, Branch>): void =>
  [params, statistics].forEach(disposeTree);

/** A depth network with trained variables, ready to predict.
 * @category Experiments */
export interface TrainedNetwork {
  /** What it was trained with, or what can be told of another program's. */
  readonly configuration: Configuration;
  /** From a picture of any size to its depth map at the same size, in metres, finite, not clipped. */
  readonly predict: Predictor;
  /** The farthest depth that it was trained on in metres, where training had to measure it; null elsewhere. */
  readonly farthest: number | null;
  /** The network, for scripts that apply it themselves. */
  readonly network: DepthNetwork;
  /** Its variables, until {@link TrainedNetwork.dispose}. */
  readonly variables: DepthVariables;
  /** Frees the variables; the network predicts no more then. */
  readonly dispose: () => void;
}

/** A network with its variables, which it takes over. `origin` is their checkpoint's path, for messages.
 * @category Experiments */
export const trainedNetwork = <P extends Branch, S extends Branch>(
  configuration: Configuration,
  network: Layer<Images, DepthMaps, P, S>,
  variables: Variables<P, S>,
  origin?: string,
  farthest: number | null = null,
  sizing: Sizing = "configured",
): TrainedNetwork => {
  const { height, width } = configuration.data;
  return {
    ...{ configuration, network: untyped(network), variables, farthest },
    predict: sizing === "configured"
      ? predictor(network, variables, height, width, origin)
      : sizedPredictor(network, variables, sizeOfAspect, origin),
    dispose: () => disposeVariables(variables),
  };
};

/** Whether a checkpoint is one of a depth network. Errors: "checkpoint". */
export const checkKind = ({ path, kind }: Checkpoint): Either<Failure, void> =>
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
  if (checkpoint.configuration === null && wanted.networkFile === "") {
    message(`${checkpoint.path} does not say which variant it is: taken as ${describeNetworkVariant(wanted)}`);
    return E.right(wanted);
  }
  return checkpoint.configuration === null ? E.right(wanted) : pipe(
    describedConfiguration(checkpoint, []),
    E.chain((trained) => checkNetworkVariant(checkpoint.path, trained, wanted)),
    E.map(() => wanted),
  );
};

/** Reads the names of a checkpoint of a depth network. Errors: those of reading it; "checkpoint" for another kind. */
export const readDepthCheckpoint = (path: string): TaskEither<Failure, Checkpoint> =>
  pipe(readCheckpoint(path), TE.chainFirstEitherK(checkKind));

const unnamed = ({ path }: Checkpoint, file: string): Failure =>
  failure(
    "usage",
    "--network",
    `nothing, and ${path} of the network ${file}: no code is run because a checkpoint names it`,
    "the file, named by whoever runs it",
    "Look at the file, then name it by --network FILE.ts (the option networkFile in scripts).",
  );

/** The network of a configuration, whose module is loaded only if a user has named it, and is that of the training. */
const describedNetwork = (
  checkpoint: Checkpoint,
  configuration: Configuration,
  networkFile: string,
): TaskEither<Failure, DepthNetwork> => {
  if (networkFile === "" && configuration.networkFile !== "") {
    return TE.left(unnamed(checkpoint, configuration.networkFile));
  }
  if (networkFile === "") return TE.fromTask(async () => untyped(await networkOf(configuration)));
  return pipe(
    moduleHash(networkFile),
    TE.chainEitherK((hash) => checkHash({ path: networkFile, hash }, checkpoint.modules.network, checkpoint.path)),
    TE.chain(() => loadNetworkModule(networkFile)),
    TE.chainEitherK(({ make }) => make(configuration.networkOptions)),
  );
};

/**
 * The network of a checkpoint on the open device, by its own configuration or another one, which must then fit its tensors
 * and its variant.
 *
 * Errors: "checkpoint" and "configuration", naming what does not fit; "usage" for a network of a module that is not named, and
 * "checkpoint" for another module than that of the training.
 *
 * @param sizing How pictures are resized for it: to the configuration's size by default.
 * @param networkFile The module of its network, if a user has named one: what only the configuration names is not loaded.
 * @category Experiments
 */
export const restoreNetwork = (
  checkpoint: Checkpoint,
  configuration: Configuration,
  listener: Listener,
  sizing: Sizing = "configured",
  networkFile = "",
): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    TE.fromEither(
      checkedVariant(
        checkpoint,
        networkFile === "" ? configuration : { ...configuration, networkFile },
        listener,
      ),
    ),
    TE.chain(() => describedNetwork(checkpoint, configuration, networkFile)),
    TE.chain((network) =>
      pipe(
        restoreVariables(checkpoint.weights, network),
        TE.map((variables) => {
          tellSizing(checkpoint, configuration, sizing, listener);
          return trainedNetwork(configuration, network, variables, checkpoint.path, checkpoint.farthest, sizing);
        }),
      )
    ),
  );

/** How a network is loaded.
 * @category Experiments */
export interface LoadOptions {
  /** An open device; without it one is opened. */
  readonly device?: Device;
  /** Which backend is opened if no device is given, "auto" by default. */
  readonly backend?: BackendChoice;
  /** Fields of its configuration that are to be others, as in "data.height=228". */
  readonly settings?: readonly string[];
  /** The module of its network, if it is one of one's own: the user's word that its code may run. */
  readonly networkFile?: string;
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
 * @category Experiments
 */
export const loadDepthNetwork = (
  path: string,
  { device, backend = "auto", settings = [], networkFile = "", listener = silent }: LoadOptions = {},
): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    readDepthCheckpoint(path),
    TE.chainFirst(() => device === undefined ? openDevice(backend) : TE.right(device)),
    TE.chain((checkpoint) =>
      pipe(
        TE.fromEither(describedConfiguration(checkpoint, settings)),
        TE.chain((configuration) =>
          restoreNetwork(checkpoint, configuration, listener, sizingOf(checkpoint, settings), networkFile)
        ),
      )
    ),
  );
