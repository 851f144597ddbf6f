import { countTensors } from "../../lib/backend/device.ts";
import { randomMirror } from "../../lib/data/augment.ts";
import { type Sample, splitOf } from "../../lib/data/dataset.ts";
import { augmentedRead, sampleBatches } from "../../lib/data/split.ts";
import { E, pipe, TE } from "../../lib/dependencies/fp.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { adam } from "../../lib/optim/adam.ts";
import { constant } from "../../lib/optim/transformation.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import { mapTree } from "../../lib/tensor/tree.ts";
import { type DepthBatch, depthBatch } from "../../lib/train/depth_network.ts";
import { fit, type FitOptions } from "../../lib/train/fit.ts";
import { type StepRecord, trainLoop } from "../../lib/train/loop.ts";
import { initialState, type TrainState, trainStep } from "../../lib/train/step.ts";
import { noise } from "../backend/support.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "../std.ts";
import { onWasm, readLeaves } from "../support.ts";
import { disposeState, tinyLearner, type TinyParams, type TinyStatistics, treeOf } from "./support.ts";

const learner = tinyLearner();

/** A picture of 4×6 whose depth follows from its red. */
const sampleOf = (seed: number): Sample => {
  const pixels = Uint8Array.from(noise(4 * 6 * 3, seed), (value) => Math.round(127.5 * (value + 1)));
  const metres = Float32Array.from({ length: 24 }, (_, at) => 1 + (pixels[3 * at] ?? NaN) / 100);
  const size = { height: 4, width: 6 };
  return { name: `${seed}`, image: { ...size, pixels }, depth: { ...size, metres }, scene: null, intrinsics: null };
};

const splitWith = (read: (index: number) => TE.TaskEither<ReturnType<typeof failure>, Sample>) =>
  splitOf(Array.from({ length: 5 }, (_, at) => ({ name: `${at}`, scene: null, where: `${at}`, read: read(at) })));

const split = splitWith((index) => TE.right(sampleOf(index)));

type Options = FitOptions<DepthBatch, TinyParams, TinyStatistics>;

const options: Options = { learner, split, batchOf: depthBatch, batch: 2, steps: 4 };

/** The numbers of a state, which is disposed. */
const numbersOf = async (state: TrainState<TinyParams, TinyStatistics>) => {
  const numbers = await readLeaves(treeOf(state));
  disposeState(state);
  return numbers;
};

onWasm("a training is Adam at a constant rate on random batches, half of them mirrored", async (device) => {
  const key = keyOf(3);
  const optimizer = adam(constant(0.02), 1e-4);
  const samplesAt = sampleBatches(augmentedRead(split, randomMirror), split, key, 2);
  const expected = await numbersOf(orThrow(
    await trainLoop({
      device,
      steps: 4,
      batchAt: (step) => pipe(samplesAt(step), TE.map(depthBatch)),
      stepWith: trainStep(learner, optimizer),
      onStep: () => E.right(undefined),
    }, initialState(learner, optimizer, key))(),
  ));
  const run = (own: Partial<Options>) => async () =>
    await numbersOf(orThrow(await fit(device, { ...options, ...own })()));
  assertEquals(await run({ lr: 0.02, seed: 3 })(), expected);
  assertEquals(await run({ optimizer, seed: key, lr: 7 })(), expected);
  assertEquals(await run({ lr: 0.02, seed: 3, batchOf: (samples) => E.right(depthBatch(samples)) })(), expected);
  assertEquals(await run({ lr: 0.02, seed: 3, read: augmentedRead(split, randomMirror) })(), expected);
  assertNotEquals(await run({ lr: 0.02, seed: 3, read: augmentedRead(split, (_, sample) => sample) })(), expected);
  assertNotEquals(await run({ lr: 0.02, seed: foldIn(key, "other") })(), expected);
});

onWasm("a training can be run again, with the same outcome", async (device) => {
  const records: StepRecord[] = [];
  const training = fit(device, { ...options, onStep: (record) => records.push(record) });
  const first = await numbersOf(orThrow(await training()));
  assertEquals(await numbersOf(orThrow(await training())), first);
  assertEquals(records.map(({ step }) => step), [1, 2, 3, 4, 1, 2, 3, 4]);
  assertEquals(records.slice(4).map(({ loss }) => loss), records.slice(0, 4).map(({ loss }) => loss));
});

onWasm("records have the learning rate of the optimizer, whichever it is", async (device) => {
  const ratesOf = async (own: Partial<Options>) => {
    const rates: (number | null)[] = [];
    disposeState(orThrow(await fit(device, { ...options, ...own, onStep: ({ lr }) => rates.push(lr) })()));
    return rates;
  };
  assertEquals(await ratesOf({}), [1e-3, 1e-3, 1e-3, 1e-3]);
  assertEquals(await ratesOf({ lr: 0.5 }), [0.5, 0.5, 0.5, 0.5]);
  assertEquals(await ratesOf({ optimizer: adam((step) => 0.1 / (step + 1)) }), [0.1, 0.05, 0.1 / 3, 0.025]);
});

onWasm("a listener hears of every step, and at the end how long the training waited for its data", async (device) => {
  const heard: string[] = [];
  const listener = {
    message: (line: string) => heard.push(line.replace(/\d+\.\d %/, "SHARE")),
    progress: (label: string, total: number, from?: number) => {
      heard.push(`${label} ${from} of ${total}`);
      return {
        update: (done: number, note: string) => heard.push(`${done} ${note.replace(/^loss \d+\.\d{4}$/, "LOSS")}`),
        end: () => heard.push("end"),
      };
    },
  };
  disposeState(orThrow(await fit(device, { ...options, steps: 2, label: "CLIFFNet", listener })()));
  assertEquals(heard, ["CLIFFNet 0 of 2", "1 LOSS", "2 LOSS", "end", "CLIFFNet waited for data SHARE of 0 s"]);
  heard.length = 0;
  const bug = new Error("a bug");
  const onStep = () => {
    throw bug;
  };
  assert(await assertRejects(fit(device, { ...options, listener, onStep })) === bug);
  assertEquals(heard.slice(0, 3), ["training 0 of 4", "1 LOSS", "end"]);
});

const problem = failure("data", "frame 2", "nothing", "a picture");

onWasm("logs and batches that fail end a training with their failure, and everything is freed", async (device) => {
  const before = countTensors();
  const failing = ({ step }: StepRecord) => step === 2 ? E.left(problem) : E.right(undefined);
  assertEquals(await fit(device, { ...options, log: failing })(), E.left(problem));
  assertEquals(await fit(device, { ...options, batchOf: () => E.left(problem) })(), E.left(problem));
  assertEquals(await fit(device, { ...options, split: splitWith(() => TE.left(problem)) })(), E.left(problem));
  assertEquals(countTensors(), before);
});

/** A sample that takes a while. */
const slowly = (index: number) => async () => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return E.right(sampleOf(index));
};

onWasm("a read ahead that throws ends the training when its turn comes, and not the process", async (device) => {
  const bug = new Error("a bug in reading");
  const before = countTensors();
  const throwing = () => {
    throw bug;
  };
  for (const broken of [throwing, () => () => Promise.reject(bug)]) {
    let reads = 0;
    const steps: number[] = [];
    const read: Options["read"] = (index) => ++reads <= 4 ? slowly(index) : broken();
    const training = fit(device, { ...options, read, onStep: ({ step }) => steps.push(step) });
    assert(await assertRejects(training) === bug);
    assertEquals(steps, [1, 2]);
  }
  assertEquals(countTensors(), before);
});

onWasm("a training goes on from a state that it kept as if it had not stopped", async (device) => {
  const kept: TrainState<TinyParams, TinyStatistics>[] = [];
  const copy = (state: TrainState<TinyParams, TinyStatistics>) => ({
    ...state,
    variables: {
      params: mapTree(state.variables.params, (tensor) => tensor.clone()),
      statistics: mapTree(state.variables.statistics, (tensor) => tensor.clone()),
    },
    optimizer: mapTree(state.optimizer, (tensor) => tensor.clone()),
  });
  const save = (state: TrainState<TinyParams, TinyStatistics>) => TE.fromIO(() => void kept.push(copy(state)));
  const whole = await numbersOf(orThrow(await fit(device, { ...options, seed: 5, keep: { every: 3, save } })()));
  const [begun, more] = kept;
  assert(begun !== undefined && more === undefined);
  assertEquals(begun.step, 3);
  assertEquals(await numbersOf(orThrow(await fit(device, { ...options, begun })())), whole);
});
