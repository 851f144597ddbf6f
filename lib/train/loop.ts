import { type Device, readValues } from "../backend/device.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import type { Schedule } from "../loss/schedule.ts";
import type { Scalar } from "../tensor/features.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import type { StepReport, TrainState } from "./step.ts";

/** What is known of a step after it was made. */
export interface StepRecord {
  /** Counted from 1. */
  readonly step: number;
  /** The learning rate that the step was made with. */
  readonly lr: number;
  /** The sum of the weighted terms, before the step's update. */
  readonly loss: number;
  /** The weighted terms of the loss. */
  readonly terms: Readonly<Record<string, number>>;
  /** Milliseconds that the step took, its data included. */
  readonly ms: number;
  /** Milliseconds of these in which it waited for its data. */
  readonly waited: number;
}

/** What a training loop runs on. */
export interface LoopOptions<B extends Branch, P extends Branch, S extends Branch> {
  /** The device that computes, asked after every step whether it works still. */
  readonly device: Device;
  /** The step that {@link trainLoop} is in after this many ends it. */
  readonly steps: number;
  /** The learning rate at each step, for the records; the optimizer inside `stepWith` has it for itself. */
  readonly learningRate: Schedule;
  /** The batch of a step, counted from 0. The loop disposes it. */
  readonly batchAt: (step: number) => TaskEither<Failure, B>;
  /** Makes a step, as the function that {@link trainStep} gives. The loop disposes the old state and the report. */
  readonly stepWith: (state: TrainState<P, S>, batch: B) => readonly [TrainState<P, S>, StepReport];
  /** Told after every step; a failure, such as of writing a log, ends the training. */
  readonly onStep: (record: StepRecord) => Either<Failure, void>;
}

/** V8 does not see how much a GPU's wrappers hold; run with --v8-flags=--expose-gc, memory stays flat. */
const collectGarbage = (): void => {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc !== undefined) gc();
};

/** The numbers of a report. */
type Values = Pick<StepRecord, "loss" | "terms">;

const readScalar = async (scalar: Scalar): Promise<number> => (await readValues(scalar))[0] ?? NaN;

const readReport = async ({ loss, terms }: StepReport): Promise<Values> => {
  const entries = Object.entries(terms).map(async ([name, scalar]) => [name, await readScalar(scalar)] as const);
  return { loss: await readScalar(loss), terms: Object.fromEntries(await Promise.all(entries)) };
};

/** Errors if a number of the report is not finite: nothing after it could be trusted. */
const checkFinite = (step: number, values: Values): Either<Failure, Values> => {
  const numbers = [...Object.entries(values.terms), ["loss", values.loss] as const];
  const bad = numbers.find(([, value]) => !Number.isFinite(value));
  return bad === undefined ? E.right(values) : E.left(
    failure(
      "numeric",
      `the loss term "${bad[0]}" at step ${step}`,
      String(bad[1]),
      "a finite number",
      "A smaller learning rate (--set optim.lr=…), a warm-up or clipping (optim.clip) often helps; a loss of your own " +
        "must not divide by zero or take the logarithm of depths that are 0.",
    ),
  );
};

const disposeState = <P extends Branch, S extends Branch>(state: TrainState<P, S>): void => {
  [state.variables.params, state.variables.statistics, state.optimizer].forEach(disposeTree);
};

const ofDevice = (reason: unknown): Failure =>
  failure("device", "the training step", reasonText(reason), "a step that computes", "Try a smaller batch or input.");

/** Whether the device is sound and the numbers are finite after a step. */
const verdict = async (device: Device, step: number, report: StepReport): Promise<Either<Failure, Values>> => {
  const read = await readReport(report).then(E.right, (reason) => E.left(ofDevice(reason)));
  const health = await device.health();
  if (E.isLeft(health)) return health;
  return E.chain((values: Values) => checkFinite(step, values))(read);
};

/** Makes one step: the next state, or why there is none. Takes over the state and the batch. */
const advance = async <B extends Branch, P extends Branch, S extends Branch>(
  options: LoopOptions<B, P, S>,
  state: TrainState<P, S>,
): Promise<Either<Failure, TrainState<P, S>>> => {
  const started = performance.now();
  const batch = await options.batchAt(state.step)();
  const waited = performance.now() - started;
  if (E.isLeft(batch)) {
    disposeState(state);
    return batch;
  }
  // A backend throws where its memory ends.
  const made = E.tryCatch(() => options.stepWith(state, batch.right), ofDevice);
  disposeTree(batch.right);
  disposeState(state);
  if (E.isLeft(made)) return made;
  const [next, report] = made.right;
  const values = await verdict(options.device, next.step, report);
  disposeTree({ loss: report.loss, terms: report.terms });
  const told = E.chain((numbers: Values) => {
    const lr = options.learningRate(next.step - 1);
    return options.onStep({ step: next.step, lr, ...numbers, ms: performance.now() - started, waited });
  })(values);
  if (E.isLeft(told)) disposeState(next);
  return E.map(() => next)(told);
};

/**
 * Trains from a state up to a number of steps, and gives the state after the last. It takes the state over: the one given in
 * and those between are disposed, all of them if it fails.
 *
 * Errors: those of reading data and of `onStep`; "numeric" if a loss is not finite; "device" if the device fails.
 */
export const trainLoop = <B extends Branch, P extends Branch, S extends Branch>(
  options: LoopOptions<B, P, S>,
  initial: TrainState<P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  let state = initial;
  while (state.step < options.steps) {
    const next = await advance(options, state);
    if (E.isLeft(next)) return next;
    state = next.right;
    if (state.step % 50 === 0) collectGarbage();
  }
  return E.right(state);
};
