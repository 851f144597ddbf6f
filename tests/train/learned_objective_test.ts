// What an objective learns goes with the network: through steps, files and logs; and predicting needs none of it.
import type { Device } from "../../lib/backend/device.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { learnedWeights } from "../../lib/loss/learned.ts";
import { named, type Objective, sum } from "../../lib/loss/objective.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { edgeAwareSmoothness } from "../../lib/loss/smoothness.ts";
import { virtualNormal } from "../../lib/loss/virtual_normal.ts";
import { adam } from "../../lib/optim/adam.ts";
import { constant } from "../../lib/optim/transformation.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree, leaves } from "../../lib/tensor/tree.ts";
import { readCheckpoint, resumeState, saveCheckpoint } from "../../lib/train/checkpoint.ts";
import { networkVariables } from "../../lib/train/depth_network.ts";
import { type StepRecord, trainLoop } from "../../lib/train/loop.ts";
import { initialState, type TrainState, trainStep } from "../../lib/train/step.ts";
import { restoreVariables } from "../../lib/weights/restore.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend, onWasm, readLeaves } from "../support.ts";
import {
  batchOf,
  disposeState,
  tinyLearner,
  tinyNetwork,
  tinyOptimizer,
  type TinyParams,
  type TinyStatistics,
  treeOf,
} from "./support.ts";

type State = TrainState<TinyParams, TinyStatistics>;

const objective: Objective = sum(
  learnedWeights({ l1, smooth: edgeAwareSmoothness }),
  named("normals", virtualNormal()),
);
const start = (of: Objective = objective): State => initialState(tinyLearner(of), tinyOptimizer, keyOf(7));

const run = async (
  device: Device,
  steps: number,
  state: State,
  records: StepRecord[] = [],
  of: Objective = objective,
): Promise<State> =>
  orThrow(
    await trainLoop({
      device,
      steps,
      batchAt: (step) => TE.fromIO(() => batchOf(step)),
      stepWith: trainStep(tinyLearner(of), tinyOptimizer),
      onStep: (record) => {
        records.push(record);
        return E.right(undefined);
      },
    }, state)(),
  );

/** Writes a state into a file, and runs `use` with what is read of it. */
const withFile = async <A>(state: State, use: (path: string) => Promise<A>): Promise<A> => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    orThrow(await saveCheckpoint(path, state, { kind: "depth", configuration: "{}", scenes: [] })());
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
};

const namesOf = (path: string): Promise<readonly string[]> =>
  readCheckpoint(path)().then((checkpoint) => [...orThrow(checkpoint).weights.names.keys()].sort());

onBackend(
  "a resumed training goes on as if it had not stopped, with what the objective has learned",
  async (device) => {
    const [whole, parts]: readonly [StepRecord[], StepRecord[]] = [[], []];
    const uninterrupted = await run(device, 6, start(), whole);
    const half = await run(device, 3, start(), parts);
    const resumed = await withFile(half, async (path) => {
      disposeState(half);
      const checkpoint = orThrow(await readCheckpoint(path)());
      return await run(
        device,
        6,
        orThrow(await resumeState(checkpoint, tinyLearner(objective), tinyOptimizer)()),
        parts,
      );
    });
    const tolerance = device.backend === "wasm" ? 0 : 1e-5;
    assertClose(parts.map(({ loss }) => loss), whole.map(({ loss }) => loss), tolerance);
    const [first, second] = [await readLeaves(treeOf(uninterrupted)), await readLeaves(treeOf(resumed))];
    assert(first.has("params/objective/l1/s"));
    assertEquals([...second.keys()].sort(), [...first.keys()].sort());
    first.forEach(({ values }, path) => assertClose(second.get(path)?.values ?? [], values, tolerance, path));
    [uninterrupted, resumed].forEach(disposeState);
  },
);

onWasm("the log has the weights with which each step was made, and none where nothing learns them", async (device) => {
  const [records, plain]: readonly [StepRecord[], StepRecord[]] = [[], []];
  disposeState(await run(device, 3, start(), records));
  assertEquals(records[0]?.weights, { l1: 1, smooth: 1 });
  assertNotEquals(records[2]?.weights, records[0]?.weights);
  assert((records[2]?.weights?.l1 ?? NaN) !== 1);
  disposeState(await run(device, 1, start(named("l1", l1)), plain, named("l1", l1)));
  assert(plain[0] !== undefined && !("weights" in plain[0]));
});

onWasm("files have it under a root of its own, which a network is restored without", async () => {
  const [learning, plain] = [start(), start(named("l1", l1))];
  const before = await withFile(plain, namesOf);
  await withFile(learning, async (path) => {
    const names = await namesOf(path);
    const added = names.filter((name) => !before.includes(name));
    assertEquals(before.filter((name) => !names.includes(name)), []);
    assertEquals(added.filter((name) => !name.startsWith("optimizer/")), ["objective/l1/s", "objective/smooth/s"]);
    const variables = orThrow(await restoreVariables(orThrow(await readCheckpoint(path)()).weights, tinyNetwork())());
    assertEquals(
      leaves(variables.params).map(({ path }) => path),
      leaves(plain.variables.params).map(({ path }) => path),
    );
    [variables.params, variables.statistics].forEach(disposeTree);
  });
  const own = networkVariables(objective, learning.variables);
  assertEquals(Object.keys(own.params), Object.keys(plain.variables.params));
  disposeState({ ...learning, variables: own });
  disposeState(plain);
});

onWasm("the weights go to 1 / 2L, where Kendall's formula has its minimum", async (device) => {
  const held = sum(learnedWeights({ near: () => tf.scalar(0.25), far: () => tf.scalar(5) }), named("l1", l1));
  const optimizer = adam(constant(0.05));
  const [learner, records]: [ReturnType<typeof tinyLearner>, StepRecord[]] = [tinyLearner(held), []];
  const state = orThrow(
    await trainLoop({
      device,
      steps: 250,
      batchAt: () => TE.fromIO(() => batchOf(0)),
      stepWith: trainStep(learner, optimizer),
      onStep: (record) => {
        records.push(record);
        return E.right(undefined);
      },
    }, initialState(learner, optimizer, keyOf(1)))(),
  );
  disposeState(state);
  const { near = NaN, far = NaN } = records.at(-1)?.weights ?? {};
  assertAlmostEquals(near, 2, 0.02);
  assertAlmostEquals(far, 0.1, 0.002);
});
