import type { Device } from "../../lib/backend/device.ts";
import { orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { readCheckpoint, resumeState, saveCheckpoint } from "../../lib/train/checkpoint.ts";
import { type StepRecord, trainLoop } from "../../lib/train/loop.ts";
import { initialState, type TrainState } from "../../lib/train/step.ts";
import { assertClose } from "../backend/support.ts";
import { assertEquals, assertNotEquals } from "../std.ts";
import { onBackend, readLeaves } from "../support.ts";
import {
  disposeState,
  loopOptions,
  tinyLearner,
  tinyOptimizer,
  type TinyParams,
  type TinyStatistics,
  treeOf,
} from "./support.ts";

type State = TrainState<TinyParams, TinyStatistics>;

const start = (seed: number): State => initialState(tinyLearner(), tinyOptimizer, keyOf(seed));

/** Writes the state into a file, forgets it, and reads it back. */
const throughFile = async (state: State): Promise<State> => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  orThrow(await saveCheckpoint(path, state, { kind: "depth", configuration: "{}", scenes: [] })());
  disposeState(state);
  const checkpoint = orThrow(await readCheckpoint(path)());
  const resumed = orThrow(await resumeState(checkpoint, tinyLearner(), tinyOptimizer)());
  await Deno.remove(path);
  return resumed;
};

const run = async (device: Device, steps: number, state: State, records: StepRecord[]): Promise<State> =>
  orThrow(await trainLoop(loopOptions(device, steps, records), state)());

onBackend("training that goes on from a checkpoint is the training that was not interrupted", async (device) => {
  const [whole, parts]: readonly [StepRecord[], StepRecord[]] = [[], []];
  const uninterrupted = await run(device, 6, start(7), whole);
  const half = await run(device, 3, start(7), parts);
  const resumed = await run(device, 6, await throughFile(half), parts);
  assertEquals(parts.map(({ step }) => step), [1, 2, 3, 4, 5, 6]);
  assertNotEquals(whole[0]?.loss, whole[5]?.loss);
  assertClose(parts.map(({ loss }) => loss), whole.map(({ loss }) => loss), device.backend === "wasm" ? 0 : 1e-6);
  assertEquals([resumed.step, resumed.key], [uninterrupted.step, uninterrupted.key]);
  const [first, second] = [await readLeaves(treeOf(uninterrupted)), await readLeaves(treeOf(resumed))];
  assertEquals([...second.keys()], [...first.keys()]);
  const tolerance = device.backend === "wasm" ? 0 : 1e-5;
  first.forEach(({ values }, path) => assertClose(second.get(path)?.values ?? [], values, tolerance, path));
  [treeOf(uninterrupted), treeOf(resumed)].forEach(disposeTree);
});
