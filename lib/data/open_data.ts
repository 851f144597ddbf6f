import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { checkNumbers } from "../formats/numbers.ts";
import type { OwnData } from "./data_module.ts";
import { type Dataset, describeSizes, type Sample, type Split } from "./dataset.ts";
import type { AugmentConfiguration, DataConfiguration } from "./fields.ts";
import { describeData } from "./description.ts";
import type { Purpose } from "./layout.ts";
import { openDataset } from "./open_dataset.ts";
import { type AugmentedRead, describeSkipped, type OnUnreadable, skippingRead, skippingSplit } from "./split.ts";
import { localServer, type SampleServer, servedAugmented, servedDataset, workerPool } from "./workers.ts";

/** A data set with its own samples and with those that a network takes, and who reads them.
 * @category Data */
export interface OpenData {
  /** The samples as the data set has them, at their own sizes. */
  readonly original: Dataset;
  /** The samples at the network's input size, cropped first where the configuration says so. */
  readonly resized: Dataset;
  /** Training samples at the network's input size, changed at random. */
  readonly augmented: (augment: AugmentConfiguration) => AugmentedRead;
  /** What is done with samples of `original` that cannot be read; those of the others are skipped already, if they are. */
  readonly onUnreadable: OnUnreadable;
  /** Why samples of `resized` and `augmented` have been skipped until now, each sample once. */
  readonly skipped: () => readonly Failure[];
  /** Ends the workers. */
  readonly close: () => void;
}

/** How data are read.
 * @category Data */
export interface OpenDataOptions {
  /** How many workers read and prepare samples; 0 for this thread. {@link usualWorkers} unless given. */
  readonly workers?: number;
  /** What they are opened for; without it they are divided as for training, and may lack a split. */
  readonly purpose?: Purpose | undefined;
  /** The data set of a module, if a user has named one: it alone opens data of kind "module". */
  readonly own?: OwnData | null;
}

/** How much prepared data is kept in memory for each split, in bytes. */
const memory = 2 ** 29;

/** As many workers as there are processors, of which one is left to training; from 1 to 8. */
export const usualWorkers = (): number => Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), 8);

const serverOf = (
  data: DataConfiguration,
  workers: number,
  purpose: Purpose | undefined,
  own: OwnData | null,
): TaskEither<Failure, SampleServer> =>
  workers === 0
    ? localServer(data, memory, purpose, own)
    : TE.fromIO(() => workerPool(data, { workers, memory, purpose }));

/** The data as a server reads them, and left alone where they cannot be read. */
const servedData = (dataset: Dataset, server: SampleServer): OpenData => ({
  original: servedDataset(dataset, server, "original"),
  resized: servedDataset(dataset, server, "network"),
  augmented: (augment) => servedAugmented(server, augment),
  onUnreadable: "fail",
  skipped: () => [],
  close: server.close,
});

/** The same data, whose samples for the network are others where they cannot be read. */
const skippingData = ({ original, resized, augmented, close }: OpenData): OpenData => {
  const problems = new Map<string, Failure>();
  const noting = (split: Split) => (index: number, problem: Failure): void => {
    problems.set(split.entry(index).where, problem);
  };
  const { train, test } = resized;
  return {
    original,
    resized: { ...resized, train: skippingSplit(train, noting(train)), test: skippingSplit(test, noting(test)) },
    augmented: (augment) => skippingRead(augmented(augment), train.size, noting(train)),
    onUnreadable: "skip",
    skipped: () => [...problems.values()],
    close,
  };
};

/**
 * Opens the data of a configuration, to be read here or by workers: the samples are the same.
 *
 * Errors: "usage" if its folder is not given, "configuration" for numbers out of range, and those of opening it.
 * @category Data
 */
export const openData = (
  configuration: DataConfiguration,
  { workers = usualWorkers(), purpose, own = null }: OpenDataOptions = {},
): TaskEither<Failure, OpenData> =>
async () => {
  const sound = checkNumbers("reading data", { workers: { type: "integer", least: 0, most: 99 } }, { workers });
  if (E.isLeft(sound)) return sound;
  const dataset = await openDataset(configuration, purpose, own)();
  if (E.isLeft(dataset)) return dataset;
  const server = await serverOf(configuration, workers, purpose, own)();
  if (E.isLeft(server)) return server;
  const data = servedData(dataset.right, server.right);
  const skips = configuration.kind !== "scenes" && configuration.onUnreadable === "skip";
  return E.right(skips ? skippingData(data) : data);
};

/** The same data, which tell of the first sample whose image was resized to its depth. */
const tellingSizes = (data: OpenData, tell: (line: string) => void): OpenData => {
  let isTold = false;
  const noted = TE.map((sample: Sample): Sample => {
    if (!isTold && sample.fileSizes !== undefined) {
      isTold = true;
      tell(describeSizes(sample.name, sample.fileSizes));
    }
    return sample;
  });
  const split = (of: Split): Split => ({ ...of, read: (index) => noted(of.read(index)) });
  const dataset = (of: Dataset): Dataset => ({ ...of, train: split(of.train), test: split(of.test) });
  return {
    ...data,
    original: dataset(data.original),
    resized: dataset(data.resized),
    augmented: (augment) => {
      const read = data.augmented(augment);
      return (index, key) => noted(read(index, key));
    },
  };
};

/** How data are read.
 * @category Data */
export interface ReadingOptions extends Pick<OpenDataOptions, "purpose" | "own"> {
  /** Workers that read: by default one less than there are processors, at most 8; 0 reads in this thread. */
  readonly workers?: number;
  /** Told what was taken of files, of unreadable samples that were skipped, and once of an image of another size than its depth. */
  readonly listener: { readonly message: (line: string) => void };
}

/** Opens a data set, and ends its workers when `use` is done with it, however that ends. Errors: those of both.
 * @category Data */
export const withData = <A>(
  configuration: DataConfiguration,
  { workers = usualWorkers(), purpose, own = null, listener }: ReadingOptions,
  use: (data: OpenData) => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
async () => {
  const opened = await openData(configuration, { workers, purpose, own })();
  if (E.isLeft(opened)) return opened;
  try {
    if (configuration.kind !== "scenes") listener.message(describeData(configuration, opened.right.original));
    return await use(tellingSizes(opened.right, listener.message))();
  } finally {
    opened.right.close();
    const skipped = opened.right.skipped();
    if (skipped.length > 0) listener.message(describeSkipped(skipped));
  }
};
