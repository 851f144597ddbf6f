import { type BackendChoice, type Device, openDevice } from "../lib/backend/device.ts";
import { withFolder } from "../lib/config/data.ts";
import type { Configuration } from "../lib/config/configuration.ts";
import type { DataConfiguration } from "../lib/data/fields.ts";
import { type OpenData, openData, usualWorkers } from "../lib/data/open_data.ts";
import { describeSkipped } from "../lib/data/unreadable.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { isUrl } from "../lib/formats/http_source.ts";
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
        withFolder(configuration.data, located(folder)),
      )
    ),
  );
};

const workersOf = (args: Arguments): Either<Failure, number> => {
  const given = args.flag("workers") ?? String(usualWorkers());
  return /^\d{1,2}$/.test(given) ? E.right(Number(given)) : E.left(
    failure("usage", "--workers", `"${given}"`, "how many workers read the data: 0 to 99"),
  );
};

/** Ends the workers, and says what was skipped. */
const closeData = ({ close, skipped }: OpenData): void => {
  close();
  const problems = skipped();
  if (problems.length > 0) console.log(describeSkipped(problems));
};

/** Opens a data set, and ends its workers when `use` is done with it. */
export const withData = <A>(
  args: Arguments,
  data: DataConfiguration,
  use: (opened: OpenData) => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
  pipe(
    TE.fromEither(workersOf(args)),
    TE.chain((workers) => TE.bracket(openData(data, { workers }), use, (opened) => TE.fromIO(() => closeData(opened)))),
  );

/** A folder from the root on, wherever the program was started; an address as it is. */
export const located = (folder: string): string => isUrl(folder) ? folder : resolve(folder);

/** The name of a file without folders and its last extension. */
export const stem = (path: string): string => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, "");
