import type { OpenData } from "../lib/data/open_data.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import type { Configuration } from "../lib/experiment/configuration.ts";
import { located } from "../lib/experiment/files.ts";
import { dividedAsTrained } from "../lib/experiment/moved_data.ts";
import {
  type ConfiguredSight,
  networkSettings,
  seenByConfiguration,
  type SeenData,
  seenData,
} from "../lib/experiment/other_data.ts";
import { checkTrainedData } from "../lib/experiment/own_modules.ts";
import { describedConfiguration, type TrainedNetwork } from "../lib/experiment/trained_network.ts";
import type { Checkpoint } from "../lib/train/checkpoint.ts";
import type { Listener } from "../lib/train/listener.ts";
import type { Arguments, Flag } from "./arguments.ts";
import { datasetFlag, namedDataset, withData as withOpenData } from "./context.ts";
import { checkpointFlag, networkFlag, openCheckpoint, restored } from "./network.ts";

/** The flag that names other data than those of the training. */
export const otherDataFlag: Flag = {
  name: "data",
  value: "DIR",
  path: "whole",
  help: "other data, described by their layout's defaults, --set data.… or --config",
};

/** The flags of tasks that see a trained network on data. */
export const seenFlags: readonly Flag[] = [checkpointFlag, networkFlag, otherDataFlag, datasetFlag];

/** A network, and the data that it is evaluated on or explained with. */
export interface SeenNetwork {
  readonly trained: TrainedNetwork;
  readonly seen: SeenData;
}

/** Says that a network is fed at another size than it was trained at: its numbers are others then. */
const tellSize = (
  { message }: Listener,
  checkpoint: Checkpoint,
  { data: { height, width } }: Configuration,
): void => {
  const own = checkpoint.configuration === null ? null : describedConfiguration(checkpoint, []);
  if (own === null || E.isLeft(own)) return;
  const trained = own.right.data;
  if (trained.height === height && trained.width === width) return;
  message(`input of ${height}×${width}; the network was trained at ${trained.height}×${trained.width}`);
};

/** The network's configuration and the data: its own, those of --data, which are described by themselves, or of --config. */
const sightOf = (args: Arguments, checkpoint: Checkpoint): TaskEither<Failure, ConfiguredSight> => {
  const [config, data, settings] = [args.flag("config"), args.flag("data"), args.flags("set")];
  const dataset = namedDataset(args);
  const request = { folder: data === undefined ? undefined : located(data), settings, dataset };
  if (config !== undefined) return seenByConfiguration(config, request);
  return pipe(
    TE.fromEither(describedConfiguration(checkpoint, [])),
    TE.chain(({ data: trained }) =>
      pipe(
        seenData(trained, request),
        TE.chainFirst((seen) => checkTrainedData(checkpoint, trained, seen.dataset)),
        TE.chain((seen) => dividedAsTrained({ trained, samples: checkpoint.samples }, seen, args.listener)),
      )
    ),
    TE.chainEitherK((seen) =>
      pipe(
        describedConfiguration(checkpoint, networkSettings(settings)),
        E.map((configuration) => ({ configuration, seen })),
      )
    ),
  );
};

/** The network of --checkpoint, and the data that the command line asks for. Opens the backend. */
export const loadSeen = (args: Arguments): TaskEither<Failure, SeenNetwork> =>
  pipe(
    openCheckpoint(args),
    TE.chain((checkpoint) =>
      pipe(
        sightOf(args, checkpoint),
        TE.chain(({ configuration, seen }) => {
          tellSize(args.listener, checkpoint, configuration);
          return pipe(
            restored(args, checkpoint, configuration),
            TE.map((trained) => ({ trained, seen })),
          );
        }),
      )
    ),
  );

/** Opens the data that a network is seen on, and ends their workers when `use` is done with them. */
export const withSeenData = <A>(
  args: Arguments,
  { data, purpose, dataset = "" }: SeenData,
  use: (opened: OpenData) => TaskEither<Failure, A>,
): TaskEither<Failure, A> => withOpenData(args, data, use, { purpose, dataset });
