import { E } from "../../lib/dependencies/fp.ts";
import { predictFiles } from "../../lib/experiment/prediction.ts";
import { usualEncoding } from "../../lib/pictures/depth_formats.ts";
import { lettingThrough, type Listener, type Progress, stoppable, withProgress } from "../../lib/train/listener.ts";
import { describe, settled } from "../../lib/errors.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../std.ts";

/** What a progress was told, the label of a listener's among it. */
const recording = (): {
  readonly told: readonly string[];
  readonly progress: Progress;
  readonly listener: Listener;
} => {
  const told: string[] = [];
  const progress: Progress = {
    update: (done, note) => told.push(`${done} ${note}`),
    end: () => told.push("end"),
  };
  const listener: Listener = {
    message: (line) => told.push(line),
    progress: (label, total) => {
      told.push(`${label} of ${total}`);
      return progress;
    },
  };
  return { told, progress, listener };
};

Deno.test("what shows work ends once, after the work is done", async () => {
  const { told, progress } = recording();
  const result = await withProgress(progress, async (update) => {
    await Promise.resolve();
    update(1, "first");
    return 7;
  });
  assertEquals([result, told], [7, ["1 first", "end"]]);
});

Deno.test("what shows work ends when a bug is thrown in it, so that the terminal gets its cursor back", async () => {
  const { told, progress } = recording();
  const bug = async (): Promise<never> => {
    await Promise.resolve();
    throw new Error("a bug");
  };
  await assertRejects(() => withProgress(progress, bug), "a bug");
  assertEquals(told, ["end"]);
});

Deno.test("stopped work ends where its next step is told of, and what shows it ends, too", async () => {
  const { told, listener } = recording();
  const controller = new AbortController();
  const { message, progress } = stoppable(listener, controller.signal);
  message("hello");
  const work = settled(() =>
    withProgress(progress("work", 3), async (update) => {
      for (const step of [1, 2, 3]) {
        if (step === 2) controller.abort("SIGTERM");
        await Promise.resolve();
        update(step, "made");
      }
      return E.right("done");
    })
  );
  const result = await work();
  assert(E.isLeft(result));
  assertEquals(result.left.kind, "interrupted");
  assertStringIncludes(describe(result.left), "SIGTERM");
  assertEquals(told, ["hello", "work of 3", "1 made", "end"]);
});

Deno.test("a loop that waits for promises alone lets timers through all the same", async () => {
  const pause = lettingThrough();
  const started = performance.now();
  let fired = false;
  const timer = setTimeout(() => {
    fired = true;
  }, 20);
  while (!fired && performance.now() - started < 2000) await pause();
  clearTimeout(timer);
  assert(fired && performance.now() - started < 1000);
});

Deno.test("the bar of a prediction ends when an image cannot be read", async () => {
  const { told, listener } = recording();
  const never = () => () => Promise.reject(new Error("nothing is predicted"));
  const plan = { images: [{ image: "missing.png", results: [] }], leftOut: [], encoding: usualEncoding };
  const result = await predictFiles(never, plan, { onUnreadable: "fail", listener })();
  assertEquals(E.isLeft(result), true);
  assertEquals(told, ["predict of 1", "end"]);
});
