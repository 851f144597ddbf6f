import type { DataConfiguration } from "../data/fields.ts";
import type { Sample } from "../data/sample.ts";
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Answer, Job, Request, SampleServer } from "./job.ts";

/** How a pool of workers is made. */
export interface PoolOptions {
  /** How many workers, at least 1. */
  readonly workers: number;
  /** Bytes of prepared samples that all workers together keep for each split. */
  readonly memory: number;
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
const workerServer = (data: DataConfiguration, memory: number, patience: number, spawn: () => Worker): SampleServer => {
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
  send({ kind: "open", data, memory });
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
  { workers, memory, spawn = spawnWorker, patience = 300 }: PoolOptions,
): SampleServer => {
  if (!(workers >= 1)) throw new RangeError(`${workers} workers cannot read anything`);
  const servers = Array.from({ length: workers }, () => workerServer(data, memory / workers, patience, spawn));
  return {
    read: (job) => {
      const server = servers[job.index % workers];
      if (server === undefined) throw new RangeError(`no sample has the index ${job.index}`);
      return server.read(job);
    },
    close: () => servers.forEach((server) => server.close()),
  };
};
