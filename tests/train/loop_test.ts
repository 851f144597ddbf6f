import { watching } from "../../bench/memory_watch.ts";
import { countTensors } from "../../lib/backend/device.ts";
import { DeviceError } from "../../lib/backend/device_failure.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, failure, FailureError, orThrow } from "../../lib/errors.ts";
import { named, type Objective, sum } from "../../lib/loss/objective.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { silent, stoppable } from "../../lib/train/listener.ts";
import { type StepRecord, trainLoop } from "../../lib/train/loop.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { LayerError } from "../../lib/tensor/layer_error.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "../std.ts";
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

onBackend("timers come through between steps, and what they stop ends with its tensors freed", async (device) => {
  const controller = new AbortController();
  const { update } = stoppable(silent, controller.signal).progress("loop", 1e6);
  const before = countTensors();
  setTimeout(() => controller.abort("SIGINT"), 150);
  let made = 0;
  const onStep = ({ step }: StepRecord) => {
    update(made = step, "");
    return E.right(undefined);
  };
  const result = await trainLoop({ ...loopOptions(device, 1e6), onStep }, start())();
  assert(E.isLeft(result) && result.left.kind === "interrupted");
  assert(made > 0);
  assertEquals(countTensors(), before);
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

const bug = new Error("a bug");
const broken = (): never => {
  throw bug;
};

/** What a loop rejects with. */
const thrownBy = async (options: ReturnType<typeof loopOptions>): Promise<unknown> =>
  await assertRejects(() => trainLoop(options, start())());

onBackend(
  "a bug in a learner is thrown on as it is, one in a loss with its name, and everything is freed",
  async (device) => {
    const before = countTensors();
    const records: StepRecord[] = [];
    const options = loopOptions(device, 10, records);
    const stepWith: typeof options.stepWith = (state, batch) =>
      state.step === 2 ? broken() : options.stepWith(state, batch);
    assert(await thrownBy({ ...options, stepWith }) === bug);
    const thrown = await thrownBy(loopOptions(device, 10, [], [{ name: "own", weight: () => 1, loss: broken }]));
    assert(thrown instanceof LayerError && thrown.cause === bug && thrown.path === 'the loss "own"', String(thrown));
    assertEquals(records.map(({ step }) => step), [1, 2]);
    assertEquals(countTensors(), before);
  },
);

onBackend(
  "batches and listeners that throw end training with what they threw, and everything is freed",
  async (device) => {
    const before = countTensors();
    const options = loopOptions(device, 10);
    const at = (step: number, wrong: () => ReturnType<typeof options.batchAt>) => (asked: number) =>
      asked === step ? wrong() : options.batchAt(asked);
    assert(await thrownBy({ ...options, batchAt: at(1, broken) }) === bug);
    assert(await thrownBy({ ...options, batchAt: at(2, () => () => Promise.reject(bug)) }) === bug);
    assert(await thrownBy({ ...options, onStep: broken }) === bug);
    assert(await thrownBy({ ...options, keep: { every: 2, save: () => () => Promise.reject(bug) } }) === bug);
    assertEquals(countTensors(), before);
  },
);

onWasm("an error of the device's own is its failure, with its cause, wherever it is thrown", async (device) => {
  const before = countTensors();
  const error = new DeviceError("no room for 1073741824 bytes");
  const throwing = (): never => {
    throw error;
  };
  const options = loopOptions(device, 10);
  for (const broken of [{ batchAt: throwing }, { stepWith: throwing }, { onStep: throwing }]) {
    const result = await trainLoop({ ...options, ...broken }, start())();
    assert(E.isLeft(result));
    assertEquals([result.left.kind, result.left.found], ["device", "no room for 1073741824 bytes"]);
    assert(result.left.cause === error);
  }
  assertEquals(countTensors(), before);
});

onWasm("what is thrown while the device is broken is the device's failure", async (device) => {
  const before = countTensors();
  const lost = failure("device", "the GPU", "a lost device", "a device");
  const options = loopOptions({ ...device, health: () => Promise.resolve(E.left(lost)) }, 10);
  assertEquals(await trainLoop({ ...options, stepWith: broken }, start())(), E.left(lost));
  assertEquals(countTensors(), before);
});

onWasm("a failure that a learner throws is the loop's", async (device) => {
  const before = countTensors();
  const throwing = (): never => {
    throw new FailureError(problem);
  };
  assertEquals(await trainLoop({ ...loopOptions(device, 10), stepWith: throwing }, start())(), E.left(problem));
  assertEquals(countTensors(), before);
});

/** A scalar whose value comes later than all that is read at once. */
const slow = (scalar: tf.Scalar): tf.Scalar =>
  Object.assign(scalar, {
    data: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return Float32Array.of(1);
    },
  });

/** A scalar that cannot be read. */
const unreadable = (scalar: tf.Scalar): tf.Scalar => Object.assign(scalar, { data: () => Promise.reject(bug) });

onWasm("a term that cannot be read while the loss is waited for ends training, not the process", async (device) => {
  const before = countTensors();
  const options = loopOptions(device, 10);
  const stepWith: typeof options.stepWith = (state, batch) => {
    const [next, { loss, terms, learningRate }] = options.stepWith(state, batch);
    return [next, { loss: slow(loss), terms: { ...terms, last: unreadable(tf.scalar(1)) }, learningRate }];
  };
  assert(await thrownBy({ ...options, stepWith }) === bug);
  assertEquals(countTensors(), before);
});

onWasm("states are kept after every so many steps, but not the last one, and stay the loop's", async (device) => {
  const kept: number[] = [];
  const save = ({ step }: ReturnType<typeof start>) => TE.fromIO(() => void kept.push(step));
  const options = { ...loopOptions(device, 6), keep: { every: 2, save } };
  disposeState(orThrow(await trainLoop(options, start())()));
  assertEquals(kept, [2, 4]);
  disposeState(orThrow(await trainLoop({ ...options, keep: { every: 0, save } }, start())()));
  assertEquals(kept, [2, 4]);
});

onWasm("a state that cannot be kept ends training, and everything is freed", async (device) => {
  const before = countTensors();
  const records: StepRecord[] = [];
  const keep = { every: 3, save: () => TE.left(problem) };
  assertEquals(await trainLoop({ ...loopOptions(device, 10, records), keep }, start())(), E.left(problem));
  assertEquals(records.length, 3);
  assertEquals(countTensors(), before);
});

onWasm("steps of an optimizer without a learning rate are recorded without one", async (device) => {
  const records: StepRecord[] = [];
  const { learningRate: _, ...optimizer } = tinyOptimizer;
  const stepWith = trainStep(tinyLearner(), optimizer);
  disposeState(orThrow(await trainLoop({ ...loopOptions(device, 2, records), stepWith }, start())()));
  assertEquals(records.map(({ lr }) => lr), [null, null]);
});
