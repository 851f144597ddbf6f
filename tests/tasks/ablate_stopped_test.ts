import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { runAblation } from "../../lib/experiment/ablation/ablate.ts";
import { planOf } from "../../lib/experiment/ablation/plan.ts";
import { type Listener, silent, stoppable } from "../../lib/train/listener.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { namesIn, tiny, withFolder } from "./support.ts";

const base = { ...tiny, loss: [{ kind: "l1" }], training: { steps: 4, batch: 2 }, evaluation: { pictures: 0 } };

/** Stops at the first step after this many. */
const stoppingAfter = (steps: number): Listener => {
  const controller = new AbortController();
  let told = 0;
  const counting: Listener = {
    message: () => {},
    progress: () => ({
      update: () => {
        told += 1;
        if (told === steps) controller.abort("SIGINT");
      },
      end: () => {},
    }),
  };
  return stoppable(counting, controller.signal);
};

Deno.test("a stopped ablation says what is kept, makes no tables, frees all, and goes on when it is started again", async () => {
  await withFolder(async (folder) => {
    const rows = { "A": {}, "B": { set: { optim: { lr: 0.002 } } } };
    const file = `${folder}/rows.json`;
    await Deno.writeTextFile(file, JSON.stringify({ base, seeds: [0], baseline: "A", keepEvery: 2, rows }));
    const out = `${folder}/runs`;
    const plan = orThrow(await planOf({ file, out })());
    const device = orThrow(await openDevice("wasm")());
    const run = (listener: Listener) =>
      runAblation(plan, { listener, workers: 0, openDevice: () => Promise.resolve(E.right(device)) })();
    const before = countTensors();
    // Row A has 4 steps and 2 test samples: this is the third step of row B.
    const stopped = await run(stoppingAfter(9));
    assert(E.isLeft(stopped) && stopped.left.kind === "interrupted");
    for (const part of [`Kept in ${out}: 1 finished run`, "at most 2 steps before", "goes on"]) {
      assertStringIncludes(stopped.left.advice ?? "", part);
    }
    assertEquals([namesIn(out), countTensors()], [["A", "B"], before]);
    assert(namesIn(`${out}/B/seed-0`).includes("unfinished.safetensors"));
    const { report, problem } = orThrow(await run(silent));
    assertEquals([report?.records.map(({ row }) => row), problem], [["A", "B"], null]);
    assert(namesIn(out).includes("table.md") && !namesIn(out).includes(".lock"));
  });
});
