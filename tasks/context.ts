import { type BackendChoice, type Device, openDevice } from "../lib/backend/device.ts";
import { datasetOf, withFolder } from "../lib/config/compose.ts";
import type { Configuration, DataConfiguration } from "../lib/config/configuration.ts";
import type { Dataset } from "../lib/data/dataset.ts";
import { mapSplit, remember, resizeSample } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Arguments } from "./arguments.ts";
import { readConfiguration } from "./configuration_file.ts";
import { resolve } from "./std.ts";

const choices: readonly BackendChoice[] = ["auto", "webgpu", "wasm"];

/** Opens the backend that the command line asks for, and says which it is and why. */
export const openBackend = (args: Arguments): TaskEither<Failure, Device> =>
  pipe(
    openDevice(
      choices.find((choice) => choice === args.flag("backend")) ?? "auto",
      args.flag("kernels") === "stock" ? "stock" : "own",
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
        withFolder(configuration.data, resolve(folder)),
      )
    ),
  );
};

/** A data set as it was measured, and at the network's input size, decoded once if it is small. */
export interface Data {
  readonly measured: Dataset;
  readonly resized: Dataset;
}

/** Opens a data set. */
export const openData = (data: DataConfiguration): TaskEither<Failure, Data> =>
  pipe(
    datasetOf(data),
    TE.map((measured) => {
      const resize = resizeSample(data.height, data.width);
      return {
        measured,
        resized: {
          ...measured,
          train: remember(mapSplit(measured.train, resize)),
          test: remember(mapSplit(measured.test, resize)),
        },
      };
    }),
  );

/** The name of a file without folders and its last extension. */
export const stem = (path: string): string => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, "");
