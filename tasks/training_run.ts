import type { Device } from "../lib/backend/device.ts";
import { learningRateOf, optimizerOf } from "../lib/config/compose.ts";
import type { OptimConfiguration } from "../lib/config/configuration.ts";
import type { Either, TaskEither } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import type { Key } from "../lib/tensor/key.ts";
import type { Branch } from "../lib/tensor/tree.ts";
import type { Learner } from "../lib/train/learner.ts";
import { type StepRecord, trainLoop } from "../lib/train/loop.ts";
import { initialState, type TrainState, trainStep } from "../lib/train/step.ts";
import { progress } from "./progress.ts";

/** What is trained by a task, on which batches, and for how long. */
export interface TrainingRun<B extends Branch, P extends Branch, S extends Branch> {
  readonly label: string;
  readonly device: Device;
  readonly learner: Learner<B, P, S>;
  readonly optim: OptimConfiguration;
  readonly steps: number;
  readonly key: Key;
  readonly batchAt: (step: number) => TaskEither<Failure, B>;
  readonly log: (record: StepRecord) => Either<Failure, void>;
}

/** Trains with a progress bar and a log, and gives the last state, which its caller owns. */
export const runTraining = <B extends Branch, P extends Branch, S extends Branch>(
  run: TrainingRun<B, P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  const optimizer = optimizerOf(run.optim);
  const shown = progress(run.label, run.steps);
  const loop = trainLoop({
    device: run.device,
    steps: run.steps,
    learningRate: learningRateOf(run.optim),
    batchAt: run.batchAt,
    stepWith: trainStep(run.learner, optimizer),
    onStep: (record) => {
      shown.update(record.step, `loss ${record.loss.toFixed(4)}`);
      return run.log(record);
    },
  }, initialState(run.learner, optimizer, run.key));
  const result = await loop();
  shown.end();
  return result;
};
