/** Tries a format in a worker and watches it. */
import type { Format } from "./format.ts";
import { formats } from "./formats.ts";
import { type Budget, fileOf, type Report } from "./fuzz.ts";

/** What a worker is told: a format, for how long, and where it notes the number of the file that it tries. */
export interface Watched {
  readonly name: string;
  readonly budget: Budget;
  readonly current: Int32Array;
}

/** After so many milliseconds with one file, a decoder counts as one that never answers. */
const patience = 10_000;

const hungAt = async (format: Format, { seed }: Budget, index: number): Promise<Report> => {
  const bytes = fileOf(format, await format.sound(), seed, index);
  const fault = { index, what: `no answer within ${patience} ms`, bytes };
  return { name: format.name, tried: 1, decoded: 0, refused: 0, slowest: patience, faults: [fault] };
};

/** Waits until the worker answers, or until the number of its file has not changed for too long. */
const watched = (worker: Worker, current: Int32Array): Promise<Report | "hung"> =>
  new Promise((resolve, reject) => {
    let [seen, since] = [-1, performance.now()];
    const timer = setInterval(() => {
      const index = Atomics.load(current, 0);
      if (index !== seen) [seen, since] = [index, performance.now()];
      if (index < 0 || performance.now() - since <= patience) return;
      clearInterval(timer);
      resolve("hung");
    }, 200);
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      clearInterval(timer);
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearInterval(timer);
      reject(new Error(event.message));
    };
  });

/** Tries damaged files of a format until its time is over, or until one is never answered. */
export const fuzzWatched = async (name: string, budget: Budget): Promise<Report> => {
  const format = formats.find((each) => each.name === name);
  if (format === undefined) throw new RangeError(`no format ${name}`);
  const current = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const worker = new Worker(new URL("./fuzz_worker.ts", import.meta.url), { type: "module" });
  try {
    const watching = watched(worker, current);
    worker.postMessage({ name, budget, current } satisfies Watched);
    const report = await watching;
    return report === "hung" ? await hungAt(format, budget, Atomics.load(current, 0)) : report;
  } finally {
    worker.terminate();
  }
};
