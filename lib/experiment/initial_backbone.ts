import { resNetOfWidth } from "../cliffnet/backbone.ts";
import type { DepthNetwork } from "../cliffnet/network.ts";
import type { BackboneConfiguration } from "../config/configuration.ts";
import { checkVariant, describeVariant } from "../config/variant.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import type { Listener } from "../train/listener.ts";
import { withBackbone } from "../weights/backbone.ts";
import { restoreVariables } from "../weights/restore.ts";
import { describedConfiguration } from "./trained_network.ts";

const checkResNet = ({ path, kind }: Checkpoint): Either<Failure, void> =>
  kind === "depth" || kind === "backbone" ? E.right(undefined) : E.left(
    failure("checkpoint", path, `a checkpoint of kind "${kind}"`, "a ResNet, or a depth network on one"),
  );

/** torchvision's own ResNets are of another variant than the paper's, but others go by the same names. */
const torchvisionAdvice =
  "torchvision's own weights want backbone.strideOn=3x3 and backbone.preprocessing=rgb-imagenet";

const checkedBackboneVariant = (
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

/**
 * The network whose training begins with the ResNet of `backbone.weights`, and says what was taken from it; the network as
 * it is where the configuration names none. Errors: those of reading the file, and of tensors or variants that do not fit.
 */
export const pretrainedBackbone = (
  network: DepthNetwork,
  configuration: BackboneConfiguration,
  listener: Listener,
): TaskEither<Failure, BegunNetwork> => {
  const { weights, layers, width, strideOn } = configuration;
  if (weights === "") return TE.right({ network, release: () => {} });
  return pipe(
    readCheckpoint(weights),
    TE.chainFirstEitherK(checkResNet),
    TE.chainFirstEitherK((checkpoint) => checkedBackboneVariant(checkpoint, configuration, listener)),
    TE.chain((checkpoint) =>
      pipe(
        restoreVariables(checkpoint.weights, resNetOfWidth(layers, width, strideOn).backbone, "backbone"),
        TE.map((backbone) => {
          listener.message(describeTaken(checkpoint));
          const release = () => [backbone.params, backbone.statistics].forEach(disposeTree);
          return { network: withBackbone(network, backbone), release };
        }),
      )
    ),
  );
};
