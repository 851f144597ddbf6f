import { type Device, readValues } from "../backend/device.ts";
import { thrownFailure } from "../backend/device_failure.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import type { TermValues } from "../nn/layer.ts";
import type { Scalar } from "../tensor/features.ts";
import { type Branch, disposeTree, leaves } from "../tensor/tree.ts";
import { lettingThrough } from "./listener.ts";
import type { StepReport, TrainState } from "./step.ts";

/** What is known of a step after it was made.
 * @category Training */
export interface StepRecord {
  /** Counted from 1. */
  readonly step: number;
  /** The learning rate that the step was made with; null if the optimizer has none. */
  readonly lr: number | null;
  /** The sum of the weighted terms, before the step's update. */
  readonly loss: number;
  /** The weighted terms of the loss. */
  readonly terms: Readonly<Record<string, number>>;
  /** The weights of terms that are learned, by name, as the step was made with; absent if none are. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Milliseconds that the step took, its data included. */
  readonly ms: number;
  /** Milliseconds of these in which it waited for its data. */
  readonly waited: number;
}

/** What keeps the states of a long training, so that it can go on after an interruption.
 * @category Training */
export interface Keep<P extends Branch, S extends Branch> {
  /** Steps after which the state is kept, again and again; 0 for never. The last state is its caller's. */
  readonly every: number;
  /** Keeps a state, which stays the loop's; a failure, such as of a full disk, ends the training. */
  readonly save: (state: TrainState<P, S>) => TaskEither<Failure, void>;
}

/** What a training loop runs on.
 * @category Training */
export interface LoopOptions<B extends Branch, P extends Branch, S extends Branch> {
  /** The device that computes, asked after every step whether it works still. */
  readonly device: Device;
  /** The step that {@link trainLoop} is in after this many ends it. */
  readonly steps: number;
  /** The batch of a step, counted from 0. The loop disposes it. */
  readonly batchAt: (step: number) => TaskEither<Failure, B>;
  /** Makes a step, as the function that {@link trainStep} gives. The loop disposes the old state and the report. */
  readonly stepWith: (state: TrainState<P, S>, batch: B) => readonly [TrainState<P, S>, StepReport];
  /** Called after every step; a failure, such as of writing a log, ends the training. */
  readonly onStep: (record: StepRecord) => Either<Failure, void>;
  /** Keeps states on the way; by default none. */
  readonly keep?: Keep<P, S> | undefined;
}

/** V8 does not see how much a GPU's wrappers hold; run with --v8-flags=--expose-gc, memory stays flat. */
const collectGarbage = (): void => {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc !== undefined) gc();
};

/** The numbers of a report. */
type Values = Pick<StepRecord, "loss" | "terms" | "weights">;

const readScalar = async (scalar: Scalar): Promise<number> => {
  const [value] = await readValues(scalar);
  if (value === undefined) throw new Error("a scalar without a value");
  return value;
};

const readEach = async (scalars: TermValues): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(scalars).map(async ([name, scalar]) => [name, await readScalar(scalar)] as const)),
  );

/** Waits for all values at once: a read that fails while another is waited for would end the process. */
const readReport = async ({ loss, terms, weights }: StepReport): Promise<Values> => {
  const [values, value, learned] = await Promise.all([readEach(terms), readScalar(loss), readEach(weights ?? {})]);
  return { loss: value, terms: values, ...(weights === undefined ? {} : { weights: learned }) };
};

/** Errors if a number of the report is not finite: nothing after it could be trusted. */
const checkFinite = (step: number, values: Values, rate: number | null): Either<Failure, Values> => {
  if (rate !== null && !Number.isFinite(rate)) {
    return E.left(failure("numeric", `the learning rate of step ${step}`, String(rate), "a finite number"));
  }
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

/** Frees a state that nobody goes on from. */
export const disposeState = <P extends Branch, S extends Branch>(state: TrainState<P, S>): void =>
  [state.variables.params, state.variables.statistics, state.optimizer].forEach(disposeTree);

/** What `run` gives; the state is disposed where that is a failure, and where it throws. */
const holding = async <P extends Branch, S extends Branch, A>(
  state: TrainState<P, S>,
  run: () => Promise<Either<Failure, A>>,
): Promise<Either<Failure, A>> => {
  let result: Either<Failure, A> | null = null;
  try {
    result = await run();
    return result;
  } finally {
    if (result === null || E.isLeft(result)) disposeState(state);
  }
};

/** The numbers of a report, which is disposed, if they are finite and the device is sound. */
const verdict = async (device: Device, step: number, report: StepReport): Promise<Either<Failure, Values>> => {
  const values = await readReport(report).finally(() =>
    disposeTree({ loss: report.loss, terms: report.terms, weights: report.weights ?? {} })
  );
  const health = await device.health();
  return E.isLeft(health) ? health : checkFinite(step, values, report.learningRate);
};

/** Makes a step, and disposes the state before it and the batch. */
const makeStep = <B extends Branch, P extends Branch, S extends Branch>(
  { stepWith }: LoopOptions<B, P, S>,
  state: TrainState<P, S>,
  batch: B,
): readonly [TrainState<P, S>, StepReport] => {
  try {
    return stepWith(state, batch);
  } finally {
    disposeTree(batch);
    disposeState(state);
  }
};

/** Makes one step: the next state, or why there is none. Takes over the state; nothing is left of it where it throws. */
const advance = async <B extends Branch, P extends Branch, S extends Branch>(
  options: LoopOptions<B, P, S>,
  state: TrainState<P, S>,
  pause: () => Promise<void>,
): Promise<Either<Failure, TrainState<P, S>>> => {
  const started = performance.now();
  const batch = await holding(state, () => options.batchAt(state.step)());
  const waited = performance.now() - started;
  if (E.isLeft(batch)) return batch;
  const [next, report] = makeStep(options, state, batch.right);
  return await holding(next, async () => {
    const values = await verdict(options.device, next.step, report);
    if (E.isLeft(values)) return values;
    const ms = performance.now() - started;
    await pause();
    const done = options.onStep({ step: next.step, lr: report.learningRate, ...values.right, ms, waited });
    return E.isLeft(done) ? done : E.right(next);
  });
};

/** What the device says after something was thrown, or the failure that was thrown; a bug is thrown on. */
const failureOf = async (device: Device, reason: unknown): Promise<Either<Failure, never>> => {
  const health = await device.health();
  return E.isLeft(health) ? health : E.left(thrownFailure(reason, "the training step"));
};

/** The state, after it was kept if its turn has come. */
const kept = <B extends Branch, P extends Branch, S extends Branch>(
  { keep, steps }: LoopOptions<B, P, S>,
  state: TrainState<P, S>,
): Promise<Either<Failure, void>> => {
  const due = keep !== undefined && keep.every > 0 && state.step % keep.every === 0 && state.step < steps;
  return due ? holding(state, () => keep.save(state)()) : Promise.resolve(E.right(undefined));
};

const usedUp: Failure = failure(
  "usage",
  "the state that training begins with",
  "tensors that were freed",
  "a state that no training has taken over yet",
  "A training uses its first state up: make it anew, or read it again, for each run.",
);

/** Whether a training can begin as it is asked for. */
const checkBeginning = <B extends Branch, P extends Branch, S extends Branch>(
  { steps, keep }: LoopOptions<B, P, S>,
  { variables: { params, statistics }, optimizer }: TrainState<P, S>,
): Either<Failure, void> => {
  const tensors = [params, statistics, optimizer].flatMap((tree) => leaves(tree));
  return tensors.some(({ tensor }) => tensor.isDisposed)
    ? E.left(usedUp)
    : checkNumbers("a training", { steps: countFrom(0), every: countFrom(0) }, { steps, every: keep?.every });
};

/**
 * Trains from a state up to a number of steps, and gives the state after the last. It takes the state over: the one given in
 * and those between are disposed, all of them if it fails.
 *
 * Errors: those of reading data, of `onStep` and of keeping states; "numeric" if a loss is not finite; "device" if the
 * device fails, or another one was opened; "configuration" for numbers out of range; "usage" for a state that is used up.
 * Anything else that a learner or a callback throws is thrown on, after all was disposed.
 * @category Training
 */
export const trainLoop = <B extends Branch, P extends Branch, S extends Branch>(
  options: LoopOptions<B, P, S>,
  initial: TrainState<P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  const beginning = checkBeginning(options, initial);
  if (E.isLeft(beginning)) {
    disposeState(initial);
    return beginning;
  }
  const pause = lettingThrough();
  let state = initial;
  while (state.step < options.steps) {
    const next = await advance(options, state, pause).catch((reason) => failureOf(options.device, reason));
    if (E.isLeft(next)) return next;
    state = next.right;
    if (state.step % 50 === 0) collectGarbage();
    const saved = await kept(options, state);
    if (E.isLeft(saved)) return saved;
  }
  return E.right(state);
};
