import { type BackendName, type Device, openDevice } from "../lib/backend/device.ts";
import type { KernelChoice } from "../lib/backend/kernels/register.ts";
import { E, type TaskEither } from "../lib/dependencies/fp.ts";
import { describe, type Failure } from "../lib/errors.ts";
import { type Ceilings, ceilings } from "../bench/ceilings.ts";
import { hotKernels } from "../bench/hot_kernels.ts";
import { type Measured, measuredTable } from "../bench/table.ts";
import { countWork, medianTime, type Work } from "../bench/measure.ts";
import { type Batch, wholeNetwork } from "../bench/whole_network.ts";
import type { Arguments, Command } from "./arguments.ts";
import { main } from "./main.ts";
import { progress } from "./progress.ts";
import { writeJson } from "./results.ts";

const command: Command = {
  name: "bench",
  summary: "Measures the whole network and its hot kernels on each backend, beside TensorFlow.js's own kernels.",
  flags: [
    { name: "quick", help: "small pictures and one repeat, in under two minutes on two cores" },
    {
      name: "backend",
      value: "NAME",
      help: "webgpu or wasm; all that are present by default",
      allowed: ["webgpu", "wasm"],
    },
    { name: "only", value: "TEXT", help: "only work whose name contains this text" },
    { name: "json", value: "FILE", help: "writes the measurements as JSON" },
  ],
};

/** What is measured: which batches, and how often. */
interface Plan {
  readonly forwards: readonly Batch[];
  readonly steps: readonly Batch[];
  readonly shrink: number;
  readonly repeats: number;
}

const whole = (batch: number): Batch => ({ batch, height: 228, width: 304 });
const full: Plan = { forwards: [whole(1), whole(8)], steps: [whole(2), whole(8)], shrink: 1, repeats: 3 };
const tiny = { batch: 1, height: 32, width: 32 };
const quick: Plan = { forwards: [tiny], steps: [tiny], shrink: 8, repeats: 1 };

/** Work is made anew for each kind of kernels: tensors of one backend do not live on another. */
const worksOf = ({ forwards, steps, shrink }: Plan, only: string): readonly Work[] =>
  [...wholeNetwork(forwards, steps), ...hotKernels(shrink)].filter(({ name }) => name.includes(only));

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
): Promise<E.Either<Failure, readonly Measured[]>> => {
  const works = worksOf(plan, only);
  const limits = await ceilings(plan.shrink);
  const shown = progress(`${device.backend} ${device.kernels}`, works.length);
  const measured: Measured[] = [];
  for (const [index, work] of works.entries()) {
    measured.push(await measure(device, work, plan.repeats, limits));
    shown.update(index + 1, work.name);
  }
  shown.end();
  return E.map(() => measured)(await device.health());
};

const backendsOf = (asked: string | undefined): readonly BackendName[] =>
  (["wasm", "webgpu"] as const).filter((name) => asked === undefined || name === asked);

const choices: readonly KernelChoice[] = ["stock", "own"];

const bench = (args: Arguments): TaskEither<Failure, void> => async () => {
  const plan = args.switched("quick") ? quick : full;
  const asked = args.flag("backend");
  const all: Measured[] = [];
  for (const backend of backendsOf(asked)) {
    for (const choice of choices) {
      const device = await openDevice(backend, choice)();
      if (E.isLeft(device) && asked !== undefined) return device;
      if (E.isLeft(device)) {
        console.log(`left out: ${describe(device.left)}`);
        break;
      }
      console.log(`${backend} on ${device.right.adapter}, ${choice} kernels`);
      const measured = await measureAll(device.right, plan, args.flag("only") ?? "");
      if (E.isLeft(measured)) return measured;
      all.push(...measured.right);
    }
  }
  console.log(`\n${measuredTable(all)}`);
  const file = args.flag("json");
  return file === undefined ? E.right(undefined) : await writeJson(file, all)();
};

await main(command, bench);
