import { sampleBatches } from "../../lib/data/split.ts";
import {
  type Job,
  localServer,
  type SampleServer,
  sendable,
  servedAugmented,
  workerPool,
} from "../../lib/data/workers.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { causedBy, type Failure, failure, orThrow, reasonText } from "../../lib/errors.ts";
import type { DataConfiguration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const scenes: DataConfiguration = {
  kind: "scenes",
  height: 32,
  width: 40,
  seed: 3,
  train: 7,
  test: 2,
  noise: true,
  holes: true,
};

const memory = 2 ** 20;
const augment = { mirror: true, jitter: 0.4, rotation: 10, scale: 1.2 };

const job = (index: number): Job => ({ split: "train", index, size: "network", change: null });

/** The samples of three steps, the last one first. */
const stepsOf = async (server: SampleServer) => {
  const at = sampleBatches(servedAugmented(server, augment), { size: 7 }, keyOf(5), 4);
  const steps = [];
  for (const step of [2, 0, 1]) steps.push(orThrow(await at(step)()));
  return steps;
};

Deno.test("any number of workers gives the samples that one thread gives, changed alike", async () => {
  const expected = await stepsOf(orThrow(await localServer(scenes, memory)()));
  for (const workers of [1, 2, 3]) {
    const pool = workerPool(scenes, { workers, memory });
    try {
      assertEquals(await stepsOf(pool), expected, `${workers} workers`);
    } finally {
      pool.close();
    }
  }
});

Deno.test("a worker's memory is too small for its samples, and they are the same", async () => {
  const pool = workerPool(scenes, { workers: 1, memory: 1 });
  try {
    const first = orThrow(await pool.read(job(4))());
    assertEquals(orThrow(await pool.read(job(4))()), first);
  } finally {
    pool.close();
  }
});

Deno.test("a data set that cannot be opened is the same failure from a worker", async () => {
  const files = { kind: "files", layout: "csv", folder: "tests/workers/nowhere", list: "a.csv" };
  const { data: missing } = orThrow(decodeConfiguration("test", { data: files }));
  const expected = await localServer(missing, memory)();
  const pool = workerPool(missing, { workers: 1, memory });
  try {
    const read = await pool.read(job(0))();
    assert(E.isLeft(expected) && E.isLeft(read));
    assertEquals({ ...read.left, cause: null }, { ...expected.left, cause: null });
    // An error that is copied between threads keeps its message, and not its class.
    assertEquals(reasonText(read.left.cause), reasonText(expected.left.cause));
  } finally {
    pool.close();
  }
});

const failureOf = async (server: SampleServer, index: number): Promise<Failure> => {
  const result = await server.read(job(index))();
  assert(E.isLeft(result));
  return result.left;
};

const poolOf = (program: string, patience = 60): SampleServer =>
  workerPool(scenes, {
    workers: 2,
    memory,
    patience,
    spawn: () => new Worker(new URL(program, import.meta.url), { type: "module" }),
  });

Deno.test("a worker that dies fails what it was asked for and what it will be, and nothing hangs", async () => {
  const pool = poolOf("throwing_worker.ts");
  try {
    const [first, second] = await Promise.all([failureOf(pool, 0), failureOf(pool, 2)]);
    assertStringIncludes(first.found, "the decoder crashed");
    assertEquals(second, first);
    assertEquals(await failureOf(pool, 4), first);
  } finally {
    pool.close();
  }
});

Deno.test("a worker that ends without a word is found out", async () => {
  const pool = poolOf("silent_worker.ts", 0.3);
  try {
    assertStringIncludes((await failureOf(pool, 1)).found, "no answer for 0.3 s");
  } finally {
    pool.close();
  }
});

Deno.test("a worker whose program does not load is a failure", async () => {
  const pool = poolOf("no_such_worker.ts");
  try {
    assertStringIncludes((await failureOf(pool, 0)).found, "died");
  } finally {
    pool.close();
  }
});

Deno.test("closing a pool fails what is still being read", async () => {
  const pool = workerPool(scenes, { workers: 1, memory });
  const pending = failureOf(pool, 0);
  pool.close();
  assertStringIncludes((await pending).found, "closed");
});

Deno.test("a failure whose cause cannot be sent comes from a worker all the same, with what the cause says", async () => {
  const pool = poolOf("uncloneable_worker.ts");
  try {
    const { cause, ...rest } = await failureOf(pool, 0);
    assertEquals(rest, failure("format", "frame 3", "a torn file", "a whole one"));
    assert(cause instanceof Error && cause.message === "a torn file");
    assertStringIncludes(cause.stack ?? "", "uncloneable_worker.ts");
  } finally {
    pool.close();
  }
});

Deno.test("a cause that can be sent is sent as it is, and one that is no error becomes a text", () => {
  const problem = failure("file", "a", "b", "c");
  const reason = new RangeError("too far");
  assertEquals(sendable(problem), problem);
  assert(sendable(causedBy(reason)(problem)).cause === reason);
  assertEquals(sendable(causedBy(Symbol("torn"))(problem)).cause, "Symbol(torn)");
});

Deno.test("the check of types includes the program of a worker, which no module imports", async () => {
  const root = new URL("../../", import.meta.url);
  const program = new URL("../../lib/data/sample_worker.ts", import.meta.url);
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const [checked = ""] = /deno check [^&]*/.exec(tasks.check) ?? [];
  assertStringIncludes(checked, ` ${program.href.slice(root.href.length)} `);
});
