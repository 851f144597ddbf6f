import { type Ceilings, ceilings } from "../bench/ceilings.ts";
import { hotKernels } from "../bench/hot_kernels.ts";
import { countWork, medianTime, type Work } from "../bench/measure.ts";
import { memories, type MemoryPlans } from "../bench/memories.ts";
import { memoryTable } from "../bench/memory_table.ts";
import { type Measured, measuredTable } from "../bench/table.ts";
import { type Batch, wholeNetwork } from "../bench/whole_network.ts";
import { type BackendName, type Device, openDevice } from "../lib/backend/device.ts";
import type { KernelChoice } from "../lib/backend/kernels.ts";
import { E, type TaskEither } from "../lib/dependencies/fp.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { describe, type Failure } from "../lib/errors.ts";
import { writeJson } from "../lib/experiment/files.ts";
import { type Listener, withProgress } from "../lib/train/listener.ts";
import type { Arguments, Command } from "./arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "bench",
  summary: "Measures the whole network and its hot kernels on each backend, beside TensorFlow.js's own, and memory.",
  flags: [
    { name: "quick", help: "small pictures and one repeat, in under two minutes on two cores" },
    {
      name: "backend",
      value: "NAME",
      help: "webgpu or wasm; all that are present by default",
      allowed: ["webgpu", "wasm"],
    },
    { name: "only", value: "TEXT", help: "only work whose name contains this text" },
    { name: "json", value: "FILE", path: "whole", help: "writes the measurements as JSON" },
  ],
};

/** What is measured: which batches, how often, and of which memory. */
interface Plan {
  readonly memory: MemoryPlans;
  readonly forwards: readonly Batch[];
  readonly steps: readonly Batch[];
  readonly shrink: number;
  readonly repeats: number;
}

const whole = (batch: number): Batch => ({ batch, height: 228, width: 304 });
const full: Plan = {
  memory: {
    wasm: { steps: [[50, 500]], batches: [whole(2)] },
    webgpu: { steps: [[50, 500]], batches: [whole(2), whole(8)] },
  },
  forwards: [whole(1), whole(8)],
  steps: [whole(2), whole(8)],
  shrink: 1,
  repeats: 3,
};
const tiny = { batch: 1, height: 32, width: 32 };
const quick: Plan = {
  memory: { wasm: { steps: [[3, 6]], batches: [tiny] }, webgpu: { steps: [], batches: [] } },
  forwards: [tiny],
  steps: [tiny],
  shrink: 8,
  repeats: 1,
};

/** wasm's memory ends at 4 GB: a step at batch 8 takes 3.6, a forward with TensorFlow.js's own kernels more than 4. */
const fitting = ({ forwards, steps }: Plan, { backend, kernels }: Device): Pick<Plan, "forwards" | "steps"> => {
  const few = (batches: readonly Batch[]) => batches.filter(({ batch }) => batch < 8);
  if (backend === "webgpu") return { forwards, steps };
  return { forwards: kernels === "stock" ? few(forwards) : forwards, steps: few(steps) };
};

/** Work is made anew for each kind of kernels: tensors of one backend do not live on another. */
const worksOf = (plan: Plan, device: Device, only: string): readonly Work[] => {
  const { forwards, steps } = fitting(plan, device);
  return [...wholeNetwork(forwards, steps), ...hotKernels(plan.shrink)].filter(({ name }) => name.includes(only));
};

const measure = async (device: Device, work: Work, repeats: number, limits: Ceilings): Promise<Measured> => {
  const milliseconds = await medianTime(work, repeats);
  const count = await countWork(work);
  const { backend, adapter, kernels } = device;
  return { backend, adapter, kernels, name: work.name, milliseconds, ...count, ceilings: limits };
};

/** Measures all work on one backend with one kind of kernels. Left if the device fails on the way. */
const measureAll = async (
  device: Device,
  plan: Plan,
  only: string,
  listener: Listener,
): Promise<E.Either<Failure, readonly Measured[]>> => {
  const works = worksOf(plan, device, only);
  if (works.length === 0) return E.right([]);
  console.log(`${device.backend} on ${device.adapter}, ${device.kernels} kernels`);
  const limits = await ceilings(plan.shrink);
  const measured: Measured[] = [];
  await withProgress(listener.progress(`${device.backend} ${device.kernels}`, works.length), async (update) => {
    for (const [index, work] of works.entries()) {
      measured.push(await measure(device, work, plan.repeats, limits));
      update(index + 1, work.name);
    }
  });
  return E.map(() => measured)(await device.health());
};

/** The backend that was asked for, or all that open. Left if that one does not. */
const backendsOf = async (asked: string | undefined): Promise<E.Either<Failure, readonly BackendName[]>> => {
  const found: BackendName[] = [];
  for (const backend of (["wasm", "webgpu"] as const).filter((name) => asked === undefined || name === asked)) {
    const device = await openDevice(backend)();
    if (E.isRight(device)) found.push(backend);
    else if (asked !== undefined) return device;
    else console.log(`left out: ${describe(device.left)}`);
  }
  return E.right(found);
};

const choices: readonly KernelChoice[] = ["stock", "own"];

/** Measures all work on all backends with both kinds of kernels. */
const timeAll = async (
  backends: readonly BackendName[],
  plan: Plan,
  only: string,
  listener: Listener,
): Promise<E.Either<Failure, readonly Measured[]>> => {
  const all: Measured[] = [];
  for (const [backend, choice] of backends.flatMap((name) => choices.map((choice) => [name, choice] as const))) {
    const device = await openDevice(backend, { kernels: choice })();
    if (E.isLeft(device)) return device;
    // What the work was made of is freed: on wasm it would lie beside that of the next.
    tf.engine().startScope();
    const measured = await measureAll(device.right, plan, only, listener).finally(() => tf.engine().endScope());
    if (E.isLeft(measured)) return measured;
    all.push(...measured.right);
  }
  return E.right(all);
};

const bench = (args: Arguments): TaskEither<Failure, void> => async () => {
  const plan = args.switched("quick") ? quick : full;
  const only = args.flag("only") ?? "";
  const backends = await backendsOf(args.flag("backend"));
  if (E.isLeft(backends)) return backends;
  const memory = await memories(backends.right, plan.memory, only)();
  if (E.isLeft(memory)) return memory;
  const timed = await timeAll(backends.right, plan, only, args.listener);
  if (E.isLeft(timed)) return timed;
  const tables = [measuredTable(timed.right), memoryTable(memory.right)].filter((table) => table !== "");
  console.log(`\n${tables.join("\n\n")}`);
  const file = args.flag("json");
  return file === undefined ? E.right(undefined) : await writeJson(file, [...timed.right, ...memory.right])();
};

// A plain `deno bench` loads this file, too, for its name.
if (import.meta.main) await main(command, bench);
