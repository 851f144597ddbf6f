import { watching } from "../../bench/memory_watch.ts";
import { countTensors } from "../../lib/backend/device.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { describe, failure, orThrow } from "../../lib/errors.ts";
import { named, type Objective, sum } from "../../lib/loss/objective.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { type StepRecord, trainLoop } from "../../lib/train/loop.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../../tasks/std.ts";
import { onBackend, onWasm } from "../support.ts";
import { batchOf, disposeState, loopOptions, tinyLearner, tinyOptimizer } from "./support.ts";

const start = () => initialState(tinyLearner(), tinyOptimizer, keyOf(7));
const problem = failure("data", "frame 12", "nothing", "a picture");

onBackend("the loop makes all steps, each on its own batch, and tells of every one", async (device) => {
  const [records, asked]: readonly [StepRecord[], number[]] = [[], []];
  const options = {
    ...loopOptions(device, 4, records),
    stepWith: trainStep(tinyLearner(), { ...tinyOptimizer, learningRate: (step: number) => 10 + step }),
    batchAt: (step: number) => {
      asked.push(step);
      return TE.fromIO(() => batchOf(step));
    },
  };
  const state = orThrow(await trainLoop(options, start())());
  assertEquals(state.step, 4);
  assertEquals(asked, [0, 1, 2, 3]);
  assertEquals(records.map(({ step, lr }) => [step, lr]), [[1, 10], [2, 11], [3, 12], [4, 13]]);
  records.forEach(({ loss, terms, ms }) => {
    assertEquals(Object.keys(terms), ["depth", "slope"]);
    assertAlmostEquals(loss, (terms.depth ?? NaN) + (terms.slope ?? NaN), 1e-5);
    assert(ms > 0);
  });
  disposeState(state);
});

onBackend("after the first few of many steps, tensors, buffers and bytes stay as they are", async (device) => {
  const seen = await watching(device.backend, async (watch) => {
    const after: string[] = [];
    const onStep = () => {
      after.push(JSON.stringify({ tensors: countTensors(), ...watch.usage() }));
      return E.right(undefined);
    };
    disposeState(orThrow(await trainLoop({ ...loopOptions(device, 30), onStep }, start())()));
    assert(watch.peak().inUse > 0 && watch.peak().allocated >= watch.usage().inUse);
    return after;
  });
  assertEquals(seen.length, 30);
  assertEquals(new Set(seen.slice(3)).size, 1, seen.join("\n"));
});

onWasm("a state that has all of its steps comes back as it is", async (device) => {
  const state = { ...start(), step: 9 };
  const same = orThrow(await trainLoop(loopOptions(device, 9), state)());
  assert(same === state);
  disposeState(state);
});

/** An objective whose second term has this weight at one step. */
const breaking = (weight: number, at: number): Objective =>
  sum(named("depth", l1), [{ name: "broken", weight: (step) => step === at ? weight : 0.1, loss: l2 }]);

for (const weight of [NaN, Infinity]) {
  onBackend(
    `a loss of ${weight} ends training with the term's name and the step, and frees everything`,
    async (device) => {
      const records: StepRecord[] = [];
      const before = countTensors();
      const result = await trainLoop(loopOptions(device, 10, records, breaking(weight, 2)), start())();
      assert(E.isLeft(result));
      assertEquals(result.left.kind, "numeric");
      assertStringIncludes(result.left.where, '"broken"');
      assertStringIncludes(result.left.where, "step 3");
      assertStringIncludes(describe(result.left), String(weight));
      assertEquals(records.map(({ step }) => step), [1, 2]);
      assertEquals(countTensors(), before);
    },
  );
}

onBackend("data that fail mid-training end it with their own failure, and everything is freed", async (device) => {
  const before = countTensors();
  const options = {
    ...loopOptions(device, 10),
    batchAt: (step: number) => step === 2 ? TE.left(problem) : TE.fromIO(() => batchOf(step)),
  };
  assertEquals(await trainLoop(options, start())(), E.left(problem));
  assertEquals(countTensors(), before);
});

onBackend("a listener's failure ends training, and everything is freed", async (device) => {
  const before = countTensors();
  const options = {
    ...loopOptions(device, 10),
    onStep: ({ step }: StepRecord) => step === 2 ? E.left(problem) : E.right(undefined),
  };
  assertEquals(await trainLoop(options, start())(), E.left(problem));
  assertEquals(countTensors(), before);
});

onWasm("a device that fails ends training before the step is told of, and everything is freed", async (device) => {
  const before = countTensors();
  const lost = failure("device", "the GPU", "a lost device", "a device");
  const records: StepRecord[] = [];
  const health = () => Promise.resolve(records.length === 2 ? E.left(lost) : E.right(undefined));
  const result = await trainLoop(loopOptions({ ...device, health }, 10, records), start())();
  assertEquals(result, E.left(lost));
  assertEquals(records.length, 2);
  assertEquals(countTensors(), before);
});
