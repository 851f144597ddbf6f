/** What a program gives wrong to a training is an error in words, and whatever throws in it leaves nothing on the device. */
import { countTensors } from "../../lib/backend/device.ts";
import { type Sample, splitOf } from "../../lib/data/dataset.ts";
import { augmentedRead, sampleBatches } from "../../lib/data/split.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { trackStatistics } from "../../lib/embedding/data_passes.ts";
import { describe, type Failure, failure, orThrow } from "../../lib/errors.ts";
import { named } from "../../lib/loss/objective.ts";
import { adam, scaleByAdam } from "../../lib/optim/adam.ts";
import { addWeightDecay, clipByGlobalNorm, constant } from "../../lib/optim/transformation.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { type DepthBatch, depthBatch } from "../../lib/train/depth_network.ts";
import { fit, type FitOptions } from "../../lib/train/fit.ts";
import { trainLoop } from "../../lib/train/loop.ts";
import { initialState } from "../../lib/train/step.ts";
import { causeOf } from "../../lib/tensor/layer_error.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend, onWasm } from "../support.ts";
import {
  disposeState,
  loopOptions,
  tinyLearner,
  tinyNetwork,
  tinyOptimizer,
  type TinyParams,
  type TinyStatistics,
} from "./support.ts";

const sample: Sample = {
  ...{ name: "one", scene: null, intrinsics: null },
  image: { height: 6, width: 8, pixels: new Uint8Array(144).fill(7) },
  depth: { height: 6, width: 8, metres: new Float32Array(48).fill(2) },
};

const split = splitOf([0, 1, 2].map((at) => ({ name: `${at}`, scene: null, where: `${at}`, read: TE.right(sample) })));

const learner = tinyLearner();
const options: FitOptions<DepthBatch, TinyParams, TinyStatistics> = {
  ...{ learner, split, batchOf: depthBatch, batch: 2, steps: 2 },
};
const start = () => initialState(learner, tinyOptimizer, keyOf(7));

const problemOf = (result: E.Either<Failure, unknown>): Failure => {
  assert(E.isLeft(result));
  return result.left;
};

const noCounts = [-1, NaN, 1.5, Infinity];

onWasm("numbers that are out of range are errors of a training that name them, and nothing is left", async (device) => {
  const wrong: readonly (readonly [string, Partial<typeof options>])[] = [
    ...[0, 1e9, ...noCounts].map((batch) => ["batch", { batch }] as const),
    ...noCounts.map((steps) => ["steps", { steps }] as const),
    ...noCounts.map((seed) => ["seed", { seed }] as const),
    ...[-1, NaN, Infinity].map((lr) => ["lr", { lr }] as const),
    ...noCounts.map((every) => ["every", { keep: { every, save: () => TE.right(undefined) } }] as const),
  ];
  for (const [name, own] of wrong) {
    const { kind, where } = problemOf(await fit(device, { ...options, ...own })());
    assertEquals([kind, where], ["configuration", `${name} of a training`]);
  }
  for (const steps of noCounts) {
    const problem = problemOf(await trainLoop({ ...loopOptions(device, 2), steps }, start())());
    assertStringIncludes(describe(problem), `steps of a training: found ${steps}, expected an integer from 0`);
  }
});

onWasm("so are those of batches and of statistics", async () => {
  for (const batch of [0, ...noCounts]) {
    const at = sampleBatches(augmentedRead(split, (_, each) => each), split, keyOf(1), batch);
    assertEquals(problemOf(await at(0)()).kind, "configuration");
  }
  for (const steps of noCounts) {
    const network = tinyNetwork();
    const inputAt = () => TE.left(failure("data", "an input", "a question", "none"));
    assertEquals(
      problemOf(await trackStatistics(network, network.init(keyOf(1)), steps, inputAt)()).kind,
      "configuration",
    );
  }
});

onWasm("a learning rate that is no number ends a training at its step", async (device) => {
  const optimizer = adam((step) => step === 1 ? NaN : 0.1);
  const { kind, where } = problemOf(await fit(device, { ...options, optimizer })());
  assertEquals([kind, where], ["numeric", "the learning rate of step 2"]);
});

Deno.test("functions that give plain values throw for numbers out of range", () => {
  for (const value of [-1, NaN, Infinity]) {
    const wrong = [
      () => adam(constant(1), value),
      () => scaleByAdam({ beta1: value }),
      () => addWeightDecay(value),
      () => clipByGlobalNorm(value),
    ];
    for (const make of wrong) assert(assertThrows(make) instanceof RangeError);
  }
});

onWasm("a training that used its first state up says so when it is run again", async (device) => {
  const training = fit(device, { ...options, begun: start() });
  disposeState(orThrow(await training()));
  const loop = trainLoop(loopOptions(device, 2), start());
  disposeState(orThrow(await loop()));
  for (const again of [training, loop]) {
    const { kind, where } = problemOf(await again());
    assertEquals([kind, where], ["usage", "the state that training begins with"]);
  }
});

const bug = new Error("a bug");
const broken = (): never => {
  throw bug;
};

onBackend("whatever throws in a training, nothing is left on the device", async (device) => {
  const before = countTensors();
  const losing = tinyLearner(named("own", (target) => tf.ones([3]) && tf.ones([4]) && target && broken()));
  const throwing: readonly Partial<typeof options>[] = [
    { onStep: broken },
    { log: broken },
    { learner: losing },
    { batchOf: (samples) => depthBatch(samples) && broken() },
    { read: broken },
    { listener: { message: () => {}, progress: broken } },
    { keep: { every: 1, save: broken } },
  ];
  for (const own of throwing) {
    assert(causeOf(await assertRejects(fit(device, { ...options, ...own }))) === bug);
    assertEquals(countTensors(), before, Object.keys(own).join());
  }
  for (const own of [{ batchAt: broken }, { batchAt: () => broken }, { onStep: broken }]) {
    assert(await assertRejects(trainLoop({ ...loopOptions(device, 2), ...own }, start())) === bug);
    assertEquals(countTensors(), before, Object.keys(own).join());
  }
});
