import { type BackendChoice, type Device, openDevice } from "../lib/backend/device.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { resolve } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Configuration } from "../lib/experiment/configuration.ts";
import {
  describedConfiguration,
  readDepthCheckpoint,
  restoreNetwork,
  type TrainedNetwork,
} from "../lib/experiment/trained_network.ts";
import { type Sizing, sizingOf } from "../lib/experiment/input_size.ts";
import type { Checkpoint } from "../lib/train/checkpoint.ts";
import type { Arguments, Flag } from "./arguments.ts";
import { configurationOf } from "./context.ts";

const choices: readonly BackendChoice[] = ["auto", "webgpu", "wasm"];

/** Opens the backend that the command line asks for, and says which it is and why. */
export const openBackend = (args: Arguments): TaskEither<Failure, Device> =>
  pipe(
    openDevice(choices.find((choice) => choice === args.flag("backend")) ?? "auto", {
      kernels: args.flag("kernels") === "stock" ? "stock" : "own",
    }),
    TE.map((device) => {
      const whose = device.kernels === "stock" ? ", with TensorFlow.js's own kernels" : "";
      console.log(`backend: ${device.backend} on ${device.adapter}: ${device.reason}${whose}`);
      return device;
    }),
  );

/** The flag that names the checkpoint. */
export const checkpointFlag: Flag = {
  name: "checkpoint",
  value: "FILE",
  path: "whole",
  help: "a checkpoint of train, or PyTorch's .pth or safetensors with published names; needed",
};

/** The flag that names the module of a network of one's own. */
export const networkFlag: Flag = {
  name: "network",
  value: "FILE.ts",
  path: "whole",
  help: "a module whose default export is the network; of a checkpoint, the one that it was trained with",
};

/** The module of the network that the user names: by --network, or by what else is the user's own word. */
const namedNetwork = (args: Arguments, { networkFile }: Configuration): string => {
  const isOwn = args.flag("config") !== undefined || args.flags("set").some((set) => set.startsWith("networkFile="));
  const given = args.flag("network");
  return given === undefined ? isOwn ? networkFile : "" : resolve(given);
};

/** The network of a checkpoint by a configuration, with the module that the user names. */
export const restored = (
  args: Arguments,
  checkpoint: Checkpoint,
  configuration: Configuration,
): TaskEither<Failure, TrainedNetwork> =>
  restoreNetwork(
    checkpoint,
    configuration,
    args.listener,
    askedSizing(args, checkpoint),
    namedNetwork(args, configuration),
  );

/** The checkpoint that the command line names, with the backend opened. */
export const openCheckpoint = (args: Arguments): TaskEither<Failure, Checkpoint> => {
  const path = args.flag("checkpoint");
  return path === undefined
    ? TE.left(failure("usage", "--checkpoint", "nothing", "a checkpoint.safetensors that train has written"))
    : pipe(readDepthCheckpoint(path), TE.chainFirst(() => openBackend(args)));
};

/** How pictures are resized for a checkpoint: as --config says, or --set, or each by its own aspect if nobody does. */
const askedSizing = (args: Arguments, checkpoint: Checkpoint): Sizing =>
  args.flag("config") === undefined ? sizingOf(checkpoint, args.flags("set")) : "configured";

/**
 * The network of --checkpoint. Its configuration is its own, with --set, unless --config gives another one, which must then
 * fit its tensors and its variant. Opens the backend.
 */
export const loadTrained = (args: Arguments): TaskEither<Failure, TrainedNetwork> =>
  pipe(
    openCheckpoint(args),
    TE.chain((checkpoint) =>
      pipe(
        args.flag("config") === undefined
          ? TE.fromEither(describedConfiguration(checkpoint, args.flags("set")))
          : configurationOf(args, ""),
        TE.chain((configuration) => restored(args, checkpoint, configuration)),
      )
    ),
  );
