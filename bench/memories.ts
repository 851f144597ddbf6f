/** All measurements of memory, one after the other, each on a device of its own. */
import { type BackendName, type Device, openDevice } from "../lib/backend/device.ts";
import { E, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { type Memory, steadiness, steadinessName, stepMemory, stepMemoryName } from "./memory.ts";
import type { Batch } from "./whole_network.ts";

/** Which memory of a backend is measured. */
export interface MemoryPlan {
  /** After how many steps of a small network. */
  readonly steps: readonly (readonly [early: number, late: number])[];
  /** The batches of which the full network makes one step, in growing order: wasm's memory never shrinks. */
  readonly batches: readonly Batch[];
}

/** The same for each backend. */
export type MemoryPlans = Readonly<Record<BackendName, MemoryPlan>>;

interface Measurement {
  readonly backend: BackendName;
  readonly name: string;
  readonly run: (device: Device) => TaskEither<Failure, Memory>;
}

/** The small networks come first, while the process is small, so that it is seen if it grows. */
const measurements = (backends: readonly BackendName[], plans: MemoryPlans): readonly Measurement[] => [
  ...backends.flatMap((backend) =>
    plans[backend].steps.map((steps): Measurement => ({
      backend,
      name: steadinessName(steps),
      run: (device) => steadiness(device, steps),
    }))
  ),
  ...backends.flatMap((backend) =>
    plans[backend].batches.map((batch): Measurement => ({
      backend,
      name: stepMemoryName(batch),
      run: (device) => TE.fromTask(() => stepMemory(device, batch)),
    }))
  ),
];

const measure = async ({ backend, run }: Measurement): Promise<E.Either<Failure, Memory>> => {
  const device = await openDevice(backend)();
  if (E.isLeft(device)) return device;
  const memory = await run(device.right)();
  if (E.isLeft(memory)) return memory;
  return E.map(() => memory.right)(await device.right.health());
};

/** Measures what has `only` in its name, with this library's kernels. Left if a device fails on the way. */
export const memories = (
  backends: readonly BackendName[],
  plans: MemoryPlans,
  only: string,
): TaskEither<Failure, readonly Memory[]> =>
async () => {
  const measured: Memory[] = [];
  for (const measurement of measurements(backends, plans).filter(({ name }) => name.includes(only))) {
    console.log(`${measurement.backend}: ${measurement.name}`);
    const memory = await measure(measurement);
    if (E.isLeft(memory)) return memory;
    measured.push(memory.right);
  }
  return E.right(measured);
};
