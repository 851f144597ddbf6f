import { type BackendChoice, type Device, openDevice } from "../backend/device.ts";
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import type { DepthNetwork } from "../cliffnet/network.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Variables } from "../nn/layer.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { type Predictor, predictor, sizedPredictor } from "../train/depth_network.ts";
import { type Listener, silent } from "../train/listener.ts";
import { checkVariables, restoreVariables, withBackbone } from "../weights/restore.ts";
import {
  checkNetworkVariant,
  checkVariant,
  describeNetworkVariant,
  describeVariant,
  inferConfiguration,
  networkOf,
} from "./compose.ts";
import type { BackboneConfiguration, Configuration } from "./configuration.ts";
import { parseConfiguration } from "./configuration_file.ts";
import { sizeOfAspect, type Sizing, sizingOf, tellSizing } from "./input_size.ts";

/** The variables of a depth network, whatever its fusion. */
export type DepthVariables = ReturnType<DepthNetwork["init"]>;

/** Frees the variables of a network. */
export const disposeVariables = ({ params, statistics }: Variables<Branch, Branch>): void =>
  [params, statistics].forEach(disposeTree);

/** A depth network with trained variables, ready to predict. */
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

/** A network with its variables, which it takes over. `origin` is their checkpoint's path, for messages. */
export const trainedNetwork = (
  configuration: Configuration,
  network: DepthNetwork,
  variables: DepthVariables,
  origin?: string,
  farthest: number | null = null,
  sizing: Sizing = "configured",
): TrainedNetwork => {
  const { height, width } = configuration.data;
  return {
    ...{ configuration, network, variables, farthest },
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
 *
 * @param sizing How pictures are resized for it: to the configuration's size by default.
 */
export const restoreNetwork = (
  checkpoint: Checkpoint,
  configuration: Configuration,
  listener: Listener,
  sizing: Sizing = "configured",
): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    TE.fromEither(checkedVariant(checkpoint, configuration, listener)),
    TE.chain(() => TE.fromTask(() => networkOf(configuration))),
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
        TE.chain((configuration) =>
          restoreNetwork(checkpoint, configuration, listener, sizingOf(checkpoint, settings))
        ),
      )
    ),
  );

const checkResNet = ({ path, kind }: Checkpoint): Either<Failure, void> =>
  kind === "depth" || kind === "backbone" ? E.right(undefined) : E.left(
    failure("checkpoint", path, `a checkpoint of kind "${kind}"`, "a ResNet, or a depth network on one"),
  );

/** torchvision's own ResNets are of another variant than the paper's, but others go by the same names. */
const torchvisionAdvice =
  "torchvision's own weights want backbone.strideOn=3x3 and backbone.preprocessing=rgb-imagenet";

/** Whether a checkpoint's ResNet is of the wanted variant; if nobody knows, this says so. Errors: "configuration". */
export const checkedBackboneVariant = (
  checkpoint: Checkpoint,
  wanted: BackboneConfiguration,
  { message }: Listener,
): Either<Failure, void> => {
  const { path, configuration, weights } = checkpoint;
  if (configuration === null) {
    const advice = weights.title === "torchvision" ? `; ${torchvisionAdvice}` : "";
    message(`${path} does not say which variant it is: taken as ${describeVariant(wanted)}${advice}`);
    return E.right(undefined);
  }
  return pipe(
    describedConfiguration(checkpoint, []),
    E.chain(({ backbone }) => checkVariant(path, backbone, wanted)),
  );
};

const headOf = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /(^|\.)fc\.(weight|bias)$/.test(name));

/** What was taken from the file and what was left, as a sentence. */
const describeTaken = ({ path, weights: { title, prefix, names, leftOut } }: Checkpoint): string => {
  const taken = [...names.keys()].filter((name) => /^(params|statistics)\/backbone\//.test(name)).length;
  const rest = leftOut.filter((name) => !headOf(leftOut).includes(name));
  return [
    `backbone: ${taken} tensors of ${path}, with ${title} names${prefix === "" ? "" : ` under "${prefix}"`}`,
    ...(headOf(leftOut).length > 0 ? [`the classifier's head is left out: ${headOf(leftOut).join(", ")}`] : []),
    ...(rest.length > 0 ? [`also left out: ${rest.join(", ")}`] : []),
  ].join("; ");
};

/** A network, and what is to be done when its training has begun. */
export interface BegunNetwork {
  readonly network: DepthNetwork;
  /** Frees the weights that were read. */
  readonly release: () => void;
}

const resNetOf = ({ layers, width, strideOn }: BackboneConfiguration) =>
  resNetOfWidth(layers, width, strideOn).backbone;

/**
 * The file of `backbone.weights`, whose names and shapes fit, but of which no tensor was read; null where there is none.
 * Errors: those of opening the file, and of tensors or variants that do not fit.
 */
export const backboneFile = (
  configuration: BackboneConfiguration,
  listener: Listener,
): TaskEither<Failure, Checkpoint | null> =>
  configuration.weights === "" ? TE.right(null) : pipe(
    readCheckpoint(configuration.weights),
    TE.chainFirstEitherK(checkResNet),
    TE.chainFirstEitherK((checkpoint) => checkedBackboneVariant(checkpoint, configuration, listener)),
    TE.chainFirstEitherK(({ weights }) => checkVariables(weights, resNetOf(configuration), "backbone")),
  );

/**
 * The network whose training begins with the ResNet of `backbone.weights`, and says what was taken from it; the network as
 * it is where the configuration names none. Errors: those of {@link backboneFile} and of reading its tensors.
 */
export const pretrainedBackbone = (
  network: DepthNetwork,
  configuration: BackboneConfiguration,
  listener: Listener,
): TaskEither<Failure, BegunNetwork> =>
  pipe(
    backboneFile(configuration, listener),
    TE.chain((checkpoint) =>
      checkpoint === null ? TE.right({ network, release: () => {} }) : pipe(
        restoreVariables(checkpoint.weights, resNetOf(configuration), "backbone"),
        TE.map((backbone): BegunNetwork => {
          listener.message(describeTaken(checkpoint));
          const release = () => [backbone.params, backbone.statistics].forEach(disposeTree);
          return { network: withBackbone(network, backbone), release };
        }),
      )
    ),
  );
