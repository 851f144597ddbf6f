/** Fine-tuning: a training that begins with what fits of a checkpoint, `init.file`, with a new optimizer. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { globToRegExp } from "../dependencies/glob.ts";
import type { DepthNetwork } from "../cliffnet/network.ts";
import { type Failure, failure } from "../errors.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import type { Listener } from "../train/listener.ts";
import { beginningWith, describeFit, fittingTensors, type PartialFit, partialFit } from "../weights/partial.ts";
import type { Configuration } from "./configuration.ts";
import { type BegunNetwork, checkedBackboneVariant } from "./pretrained_backbone.ts";
import { describedConfiguration } from "./trained_network.ts";

/** A checkpoint, and what of it a network begins with. */
export interface InitialFile {
  readonly checkpoint: Checkpoint;
  readonly fit: PartialFit;
}

/** What a run says of its network and of what that begins with. */
type Wanted = Pick<Configuration, "backbone" | "network" | "networkFile" | "init">;

/**
 * The fusion of a checkpoint, if it is known to be another one than the network's: its tensors may have the same names and
 * shapes, but mean something else.
 */
const otherFusion = (
  checkpoint: Checkpoint,
  { network: { fusion }, networkFile }: Wanted,
): Either<Failure, string | null> =>
  checkpoint.configuration === null || checkpoint.kind !== "depth" || networkFile !== "" ? E.right(null) : pipe(
    describedConfiguration(checkpoint, []),
    E.map((own) => own.network.fusion === fusion || own.networkFile !== "" ? null : own.network.fusion),
  );

/** Whether a backbone of the checkpoint has to be of the variant that is wanted: one of a module has none. */
const checkedBackbone = (checkpoint: Checkpoint, wanted: Wanted, listener: Listener): Either<Failure, void> => {
  if (wanted.networkFile !== "") return E.right(undefined);
  return checkpoint.configuration === null ? checkedBackboneVariant(checkpoint, wanted.backbone, listener) : pipe(
    describedConfiguration(checkpoint, []),
    E.chain(({ networkFile }) =>
      networkFile === "" ? checkedBackboneVariant(checkpoint, wanted.backbone, listener) : E.right(undefined)
    ),
  );
};

/** Which paths a pattern and the checkpoint's fusion leave. */
const selection = (only: string, other: string | null): (path: string) => boolean => {
  const pattern = globToRegExp(only);
  return (path) => pattern.test(path) && !(other !== null && path.startsWith("estimator/fusion/"));
};

const nothingFits = ({ path }: Checkpoint, fit: PartialFit, only: string): Failure => {
  const among = [...fit.unlike, ...fit.missing];
  return among.length === 0
    ? failure(
      "configuration",
      "field init.only",
      `"${only}", which is the path of no tensor of the network`,
      'a pattern of paths such as "backbone/**"',
      "The paths are those of deno task convert FILE --list, without params/ or statistics/.",
    )
    : failure(
      "checkpoint",
      path,
      `nothing that the network can begin with: ${describeFit(fit)}`,
      "a tensor with the path and the shape of one of the network's, at least",
      "Is it a checkpoint of another kind, or of other widths?",
    );
};

/** What of a checkpoint a network begins with. Errors: "checkpoint" if nothing fits; "configuration" for another variant. */
const fitOf = (
  checkpoint: Checkpoint,
  network: DepthNetwork,
  wanted: Wanted,
  listener: Listener,
): Either<Failure, PartialFit> =>
  pipe(
    otherFusion(checkpoint, wanted),
    E.map((other) => {
      if (other !== null) {
        listener.message(`init: the fusion "${other}" of ${checkpoint.path} is another one: not taken`);
      }
      return partialFit(checkpoint.weights, network, selection(wanted.init.only, other));
    }),
    E.filterOrElse(({ taken }) => taken.length > 0, (fit) => nothingFits(checkpoint, fit, wanted.init.only)),
    E.chainFirst(({ taken }) =>
      taken.some((path) => path.startsWith("params/backbone/"))
        ? checkedBackbone(checkpoint, wanted, listener)
        : E.right(undefined)
    ),
  );

/**
 * The file of `init.file` and what of it fits the network, of which no tensor was read; null where the configuration names
 * none. Errors: those of opening the file; "checkpoint" if nothing fits; "configuration" for a backbone of another variant.
 */
export const initialFile = (
  network: DepthNetwork,
  wanted: Wanted,
  listener: Listener,
): TaskEither<Failure, InitialFile | null> =>
  wanted.init.file === "" ? TE.right(null) : pipe(
    readCheckpoint(wanted.init.file),
    TE.chainEitherK((checkpoint) =>
      pipe(fitOf(checkpoint, network, wanted, listener), E.map((fit) => ({ checkpoint, fit })))
    ),
  );

/**
 * A network whose training begins with what of `init.file` fits, and says what that is; as it was where the configuration
 * names no file. It takes over what was begun before, which is released if this fails.
 *
 * Errors: those of {@link initialFile} and of reading its tensors.
 */
export const begunWith = (
  { network, release }: BegunNetwork,
  wanted: Wanted,
  listener: Listener,
): TaskEither<Failure, BegunNetwork> =>
  pipe(
    initialFile(network, wanted, listener),
    TE.chain((initial) =>
      initial === null ? TE.right({ network, release }) : pipe(
        fittingTensors(initial.checkpoint.weights, initial.fit),
        TE.map((tensors): BegunNetwork => {
          listener.message(`init: ${initial.checkpoint.path} gives ${describeFit(initial.fit)}`);
          const free = () => {
            release();
            tensors.forEach((tensor) => tensor.dispose());
          };
          return { network: beginningWith(network, tensors), release: free };
        }),
      )
    ),
    TE.mapLeft((problem) => {
      release();
      return problem;
    }),
  );
