import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import type { Key } from "../tensor/key.ts";
import type { OwnData } from "./data_module.ts";
import type { Dataset, Sample, Split } from "./dataset.ts";
import type { AugmentConfiguration, DataConfiguration } from "./fields.ts";
import type { Purpose } from "./layout.ts";
import { augmentationOf, openDataset, preparationOf } from "./open_dataset.ts";
import { type AugmentedRead, preparedSplit, remember } from "./split.ts";

/** A random change of a sample as a value that can be sent to a worker. */
export interface Change {
  /** Which changes. */
  readonly augment: AugmentConfiguration;
  /** From which they are drawn. */
  readonly key: Key;
}

/** One sample that is wanted, as a value that can be sent to a worker. */
export interface Job {
  /** The split that the sample is in. */
  readonly split: "train" | "test";
  /** Of the sample in its split. */
  readonly index: number;
  /** "original" as the data set has it, or "network" at the size of the network's input. */
  readonly size: "original" | "network";
  /** How the sample is changed at random; null if it is not. */
  readonly change: Change | null;
}

/** Who reads and prepares samples: this thread, or workers. The same jobs give the same samples. */
export interface SampleServer {
  /** Reads and prepares one sample. */
  readonly read: (job: Job) => TaskEither<Failure, Sample>;
  /** Ends the workers, if there are any. What is being read is left undone. */
  readonly close: () => void;
}

/** What a worker is sent: first the data set, then jobs. */
export type Request =
  | {
    readonly kind: "open";
    readonly data: DataConfiguration;
    readonly memory: number;
    readonly purpose?: Purpose | undefined;
  }
  | { readonly kind: "read"; readonly id: number; readonly job: Job };

/** What a worker sends back for each job. */
export interface Answer {
  /** Of the job. */
  readonly id: number;
  /** The sample, or why there is none. */
  readonly result: Either<Failure, Sample>;
}

/**
 * Opens a data set whose samples are read and prepared where they are asked for. What has been prepared stays in memory
 * until that fills `memory` bytes for each split: small data sets are decoded once.
 *
 * Errors: those of opening the data set.
 */
export const localServer = (
  data: DataConfiguration,
  memory: number,
  purpose?: Purpose,
  own: OwnData | null = null,
): TaskEither<Failure, SampleServer> =>
  pipe(
    openDataset(data, purpose, own),
    TE.map((dataset): SampleServer => {
      const prepare = preparationOf(data);
      const prepared = {
        train: remember(preparedSplit(dataset.train, prepare), memory),
        test: remember(preparedSplit(dataset.test, prepare), memory),
      };
      return {
        read: ({ split, index, size, change }) => {
          const sample = (size === "network" ? prepared : dataset)[split].read(index);
          return change === null ? sample : pipe(
            sample,
            TE.map((read) => augmentationOf(change.augment)(change.key, read)),
          );
        },
        close: () => {},
      };
    }),
  );

const servedSplit = (split: Split, server: SampleServer, name: Job["split"], size: Job["size"]): Split => ({
  ...split,
  read: (index) => server.read({ split: name, index, size, change: null }),
});

/** A data set whose samples a server reads, as the data set has them or at the network's input size. */
export const servedDataset = (dataset: Dataset, server: SampleServer, size: Job["size"]): Dataset => ({
  ...dataset,
  train: servedSplit(dataset.train, server, "train", size),
  test: servedSplit(dataset.test, server, "test", size),
});

/** Training samples at the network's input size, changed at random by the server that reads them. */
export const servedAugmented = (server: SampleServer, augment: AugmentConfiguration): AugmentedRead => (index, key) =>
  server.read({ split: "train", index, size: "network", change: { augment, key } });

const unopened: TaskEither<Failure, SampleServer> = TE.left(
  failure("worker", "a worker", "a job", "a data set before it"),
);

const isCloneable = (value: unknown): boolean => {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
};

/**
 * A failure as one thread can send it to another. A cause that cannot be copied, such as an error that holds a function,
 * becomes an Error with its message and stack, or a text.
 */
export const sendable = (problem: Failure): Failure => {
  const { cause } = problem;
  if (cause === undefined || isCloneable(cause)) return problem;
  const text = reasonText(cause);
  return { ...problem, cause: cause instanceof Error ? Object.assign(new Error(text), { stack: cause.stack }) : text };
};

const answerOf = async (
  server: TaskEither<Failure, SampleServer>,
  { id, job }: Extract<Request, { readonly kind: "read" }>,
): Promise<Answer> => {
  const ready = await server();
  const result = E.isLeft(ready) ? ready : await ready.right.read(job)();
  return { id, result: E.isLeft(result) ? E.left(sendable(result.left)) : result };
};

/**
 * What a worker does with a request: it opens a data set, or reads a sample and posts the answer. Jobs are answered one
 * after the other, as together they would only fill the memory; what is given back ends when the last is answered.
 */
export const answering = (
  open: (data: DataConfiguration, memory: number, purpose?: Purpose) => TaskEither<Failure, SampleServer>,
  post: (answer: Answer) => void,
): (request: Request) => Promise<void> => {
  let server = unopened;
  let busy = Promise.resolve();
  return (request) => {
    if (request.kind === "open") {
      const opened = open(request.data, request.memory, request.purpose)();
      server = () => opened;
    } else {
      const current = server;
      busy = busy.then(async () => post(await answerOf(current, request)));
    }
    return busy;
  };
};

/** How a pool of workers is made. */
export interface PoolOptions {
  /** How many workers, at least 1. */
  readonly workers: number;
  /** Bytes of prepared samples that all workers together keep for each split. */
  readonly memory: number;
  /** What the data are opened for; nothing special unless given. */
  readonly purpose?: Purpose | undefined;
  /** Makes a worker; by default one of this library. */
  readonly spawn?: () => Worker;
  /** Seconds without any answer after which a worker that has work is taken for dead, 300 by default: longer than a server is waited for. */
  readonly patience?: number;
}

const spawnWorker = (): Worker => new Worker(new URL("./sample_worker.ts", import.meta.url), { type: "module" });

const died = (reason: string): Failure =>
  failure(
    "worker",
    "a data worker",
    reason,
    "a worker that answers until it is closed",
    "Run with --workers 0 to read the data without workers and see the cause.",
  );

type Settle = (result: Either<Failure, Sample>) => void;

/** One worker as a server: its jobs are answered in order, and if it dies, all of them by why. */
const workerServer = (
  opening: Extract<Request, { readonly kind: "open" }>,
  patience: number,
  spawn: () => Worker,
): SampleServer => {
  const worker = spawn();
  const waiting = new Map<number, Settle>();
  let count = 0;
  let dead: Failure | null = null;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(watchdog);
    if (waiting.size > 0) watchdog = setTimeout(() => end(died(`no answer for ${patience} s`)), patience * 1000);
  };
  const end = (problem: Failure): void => {
    dead = dead ?? problem;
    worker.terminate();
    const jobs = [...waiting.values()];
    waiting.clear();
    watch();
    jobs.forEach((settle) => settle(E.left(problem)));
  };
  worker.onmessage = ({ data: { id, result } }: MessageEvent<Answer>) => {
    const settle = waiting.get(id);
    waiting.delete(id);
    watch();
    settle?.(result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(died(`one that died: ${event.message}`));
  };
  worker.onmessageerror = () => end(died("an answer that cannot be read"));
  const send = (request: Request): void => worker.postMessage(request);
  send(opening);
  return {
    read: (job: Job) => () =>
      new Promise((settle) => {
        if (dead !== null) return settle(E.left(dead));
        const id = count++;
        waiting.set(id, settle);
        send({ kind: "read", id, job });
        watch();
      }),
    close: () => end(died("a worker that was closed")),
  };
};

/**
 * Reads and prepares samples in workers. Each sample has its own worker, by its index, so that the workers keep different
 * samples in memory, and together what one thread would keep.
 *
 * A worker that dies or stops answering makes all that it was asked for, and will be, an error of kind "worker".
 *
 * @throws RangeError for fewer than one worker: a bug of the caller.
 */
export const workerPool = (
  data: DataConfiguration,
  { workers, memory, purpose, spawn = spawnWorker, patience = 300 }: PoolOptions,
): SampleServer => {
  if (!(workers >= 1)) throw new RangeError(`${workers} workers cannot read anything`);
  const opening = { kind: "open", data, memory: memory / workers, purpose } as const;
  const servers = Array.from({ length: workers }, () => workerServer(opening, patience, spawn));
  return {
    read: (job) => {
      const server = servers[job.index % workers];
      if (server === undefined) throw new RangeError(`no sample has the index ${job.index}`);
      return server.read(job);
    },
    close: () => servers.forEach((server) => server.close()),
  };
};
