import type { Device } from "../lib/backend/device.ts";
import { learningRateOf, optimizerOf } from "../lib/config/compose.ts";
import type { OptimConfiguration } from "../lib/config/configuration.ts";
import { prefetch } from "../lib/data/prefetch.ts";
import type { Sample } from "../lib/data/sample.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import type { Key } from "../lib/tensor/key.ts";
import { type Branch, disposeTree } from "../lib/tensor/tree.ts";
import type { Learner } from "../lib/train/learner.ts";
import { type LoopOptions, type StepRecord, trainLoop } from "../lib/train/loop.ts";
import { initialState, type TrainState, trainStep } from "../lib/train/step.ts";
import type { Telling } from "./progress.ts";

/** What is trained by a task, on which batches, and for how long. */
export interface TrainingRun<B extends Branch, P extends Branch, S extends Branch> {
  readonly label: string;
  readonly device: Device;
  readonly learner: Learner<B, P, S>;
  readonly optim: OptimConfiguration;
  readonly steps: number;
  readonly key: Key;
  readonly samplesAt: (step: number) => TaskEither<Failure, readonly Sample[]>;
  readonly batchOf: (samples: readonly Sample[]) => Either<Failure, B>;
  readonly log: (record: StepRecord) => Either<Failure, void>;
  readonly telling: Telling;
  /** The state of an interrupted run, which this one goes on from and takes over; absent to begin at the beginning. */
  readonly begun?: TrainState<P, S>;
  /** Keeps the state after every so many steps, but not after the last one. */
  readonly keep?: { readonly every: number; readonly save: (state: TrainState<P, S>) => TaskEither<Failure, void> };
}

/** Steps whose samples are read while the one before them is computed. */
const ahead = 3;

const share = ({ ms, waited }: Pick<StepRecord, "ms" | "waited">): string => `${(100 * waited / ms).toFixed(1)} %`;

const disposeState = <P extends Branch, S extends Branch>({ variables, optimizer }: TrainState<P, S>): void =>
  [variables.params, variables.statistics, optimizer].forEach(disposeTree);

/** Trains part by part, and keeps the state between them. Takes the state over. */
const trainInParts = <B extends Branch, P extends Branch, S extends Branch>(
  options: LoopOptions<B, P, S>,
  { every, save }: Required<TrainingRun<B, P, S>>["keep"],
  initial: TrainState<P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  let state = initial;
  while (true) {
    const end = Math.min((Math.floor(state.step / every) + 1) * every, options.steps);
    const reached = await trainLoop({ ...options, steps: end }, state)();
    if (E.isLeft(reached) || reached.right.step >= options.steps) return reached;
    state = reached.right;
    const saved = await save(state)();
    if (E.isRight(saved)) continue;
    disposeState(state);
    return saved;
  }
};

/** Trains with a progress bar and a log, and gives the last state, which its caller owns. */
export const runTraining = <B extends Branch, P extends Branch, S extends Branch>(
  run: TrainingRun<B, P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  const optimizer = optimizerOf(run.optim);
  const initial = run.begun ?? initialState(run.learner, optimizer, run.key);
  const shown = run.telling.progress(run.label, run.steps, initial.step);
  const samplesAt = prefetch(run.samplesAt, ahead, run.steps);
  const spent = { ms: 0, waited: 0 };
  const options: LoopOptions<B, P, S> = {
    device: run.device,
    steps: run.steps,
    learningRate: learningRateOf(run.optim),
    batchAt: (step) => pipe(samplesAt(step), TE.chainEitherK(run.batchOf)),
    stepWith: trainStep(run.learner, optimizer),
    onStep: (record) => {
      spent.ms += record.ms;
      spent.waited += record.waited;
      shown.update(record.step, `loss ${record.loss.toFixed(4)}`);
      return run.log(record);
    },
  };
  const loop = run.keep === undefined || run.keep.every === 0
    ? trainLoop(options, initial)
    : trainInParts(options, run.keep, initial);
  const result = await loop();
  shown.end();
  if (spent.ms > 0) {
    run.telling.say(`${run.label} waited for data ${share(spent)} of ${(spent.ms / 1000).toFixed(0)} s`);
  }
  return result;
};
