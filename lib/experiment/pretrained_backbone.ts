/** A network whose training begins with a ResNet that was trained before: `backbone.weights`. */
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import type { CliffNet, DepthNetwork } from "../cliffnet/network.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { untyped } from "../nn/layer.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import type { Listener } from "../train/listener.ts";
import { checkVariables, restoreVariables, withBackbone } from "../weights/restore.ts";
import { checkVariant, describeVariant } from "./compose.ts";
import type { BackboneConfiguration } from "./configuration.ts";
import { describedConfiguration } from "./trained_network.ts";

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
  network: CliffNet<Branch, Branch>,
  configuration: BackboneConfiguration,
  listener: Listener,
): TaskEither<Failure, BegunNetwork> =>
  pipe(
    backboneFile(configuration, listener),
    TE.chain((checkpoint) =>
      checkpoint === null ? TE.right({ network: untyped(network), release: () => {} }) : pipe(
        restoreVariables(checkpoint.weights, resNetOf(configuration), "backbone"),
        TE.map((backbone): BegunNetwork => {
          listener.message(describeTaken(checkpoint));
          const release = () => [backbone.params, backbone.statistics].forEach(disposeTree);
          return { network: untyped(withBackbone(network, backbone)), release };
        }),
      )
    ),
  );
