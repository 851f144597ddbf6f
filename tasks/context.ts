import { type BackendChoice, type Device, openDevice } from "../lib/backend/device.ts";
import { datasetOf, withFolder } from "../lib/config/data.ts";
import type { AugmentConfiguration, Configuration, DataConfiguration } from "../lib/config/configuration.ts";
import type { Dataset, Split } from "../lib/data/dataset.ts";
import type { ChangedRead } from "../lib/data/split.ts";
import { type OnUnreadable, skippingRead, skippingSplit } from "../lib/data/unreadable.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { describe, type Failure, failure } from "../lib/errors.ts";
import { isUrl } from "../lib/formats/http_source.ts";
import type { SampleServer } from "../lib/workers/job.ts";
import { localServer } from "../lib/workers/local_server.ts";
import { servedChanges, servedDataset } from "../lib/workers/served_data.ts";
import { workerPool } from "../lib/workers/worker_pool.ts";
import type { Arguments } from "./arguments.ts";
import { readConfiguration } from "./configuration_file.ts";
import { resolve } from "./std.ts";

const choices: readonly BackendChoice[] = ["auto", "webgpu", "wasm"];

/** Opens the backend that the command line asks for, and says which it is and why. */
export const openBackend = (args: Arguments): TaskEither<Failure, Device> =>
  pipe(
    openDevice(
      choices.find((choice) => choice === args.flag("backend")) ?? "auto",
      { kernels: args.flag("kernels") === "stock" ? "stock" : "own" },
    ),
    TE.map((device) => {
      const whose = device.kernels === "stock" ? ", with TensorFlow.js's own kernels" : "";
      console.log(`backend: ${device.backend} on ${device.adapter}: ${device.reason}${whose}`);
      return device;
    }),
  );

/** The configuration of the command line: --config, or the given file, with --set, --seed, --data and --loss. */
export const configurationOf = (args: Arguments, file: string): TaskEither<Failure, Configuration> => {
  const [seed, loss, folder] = [args.flag("seed"), args.flag("loss"), args.flag("data")];
  if (seed !== undefined && !/^\d{1,15}$/.test(seed)) {
    return TE.left(failure("usage", "--seed", `"${seed}"`, "an integer from 0"));
  }
  const settings = [
    ...args.flags("set"),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(loss === undefined ? [] : [`lossFile=${JSON.stringify(resolve(loss))}`]),
  ];
  return pipe(
    readConfiguration(args.flag("config") ?? file, settings),
    TE.chainEitherK((configuration) =>
      folder === undefined ? E.right(configuration) : E.map((data: DataConfiguration) => ({ ...configuration, data }))(
        withFolder(configuration.data, located(folder)),
      )
    ),
  );
};

/** A data set as it was measured, and at the network's input size, and who reads it. */
export interface Data {
  readonly measured: Dataset;
  readonly resized: Dataset;
  /** Training samples at the network's input size, changed at random. */
  readonly changed: (augment: AugmentConfiguration) => ChangedRead;
  /** What is done with samples of `measured` that cannot be read; those of the others are skipped already, if they are. */
  readonly onUnreadable: OnUnreadable;
  /** Ends the workers. */
  readonly close: () => void;
}

/** How much prepared data is kept in memory for each split, in bytes. */
const memory = 2 ** 29;

/** One processor is left to training. */
const usualWorkers = (): number => Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), 8);

const workersOf = (args: Arguments): Either<Failure, number> => {
  const given = args.flag("workers") ?? String(usualWorkers());
  return /^\d{1,2}$/.test(given) ? E.right(Number(given)) : E.left(
    failure("usage", "--workers", `"${given}"`, "how many workers read the data: 0 to 99"),
  );
};

const serverOf = (data: DataConfiguration, workers: number): TaskEither<Failure, SampleServer> =>
  workers === 0 ? localServer(data, memory) : TE.fromIO(() => workerPool(data, { workers, memory }));

/** What was skipped, and why: all of it, but for a long list. */
export const describeSkipped = (problems: readonly Failure[]): string => {
  const shown = problems.slice(0, 20).map((problem) => `  ${describe(problem)}`);
  const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
  return [`${problems.length} samples could not be read and were skipped:`, ...shown, ...more].join("\n");
};

const dataFrom = (dataset: Dataset, server: SampleServer, onUnreadable: OnUnreadable): Data => {
  const measured = servedDataset(dataset, server, "measured");
  const resized = servedDataset(dataset, server, "network");
  const changed = (augment: AugmentConfiguration) => servedChanges(server, augment);
  const { close } = server;
  if (onUnreadable === "fail") return { measured, resized, changed, onUnreadable, close };
  const skipped = new Map<string, Failure>();
  const told = (split: Split) => (index: number, problem: Failure): void => {
    skipped.set(split.entry(index).where, problem);
  };
  const { train, test } = resized;
  return {
    measured,
    resized: { ...resized, train: skippingSplit(train, told(train)), test: skippingSplit(test, told(test)) },
    changed: (augment) => skippingRead(changed(augment), train.size, told(train)),
    onUnreadable,
    close: () => {
      close();
      if (skipped.size > 0) console.log(describeSkipped([...skipped.values()]));
    },
  };
};

const openData = (args: Arguments, data: DataConfiguration): TaskEither<Failure, Data> =>
  pipe(
    TE.fromEither(workersOf(args)),
    TE.chain((workers) =>
      pipe(
        datasetOf(data),
        TE.chain((dataset) =>
          pipe(
            serverOf(data, workers),
            TE.map((server) => dataFrom(dataset, server, data.kind === "files" ? data.onUnreadable : "fail")),
          )
        ),
      )
    ),
  );

/** Opens a data set, and ends its workers when `use` is done with it. */
export const withData = <A>(
  args: Arguments,
  data: DataConfiguration,
  use: (opened: Data) => TaskEither<Failure, A>,
): TaskEither<Failure, A> => TE.bracket(openData(args, data), use, ({ close }) => TE.fromIO(close));

/** A folder from the root on, wherever the program was started; an address as it is. */
export const located = (folder: string): string => isUrl(folder) ? folder : resolve(folder);

/** The name of a file without folders and its last extension. */
export const stem = (path: string): string => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, "");
