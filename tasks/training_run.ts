import type { Device } from "../lib/backend/device.ts";
import { learningRateOf, optimizerOf } from "../lib/config/compose.ts";
import type { OptimConfiguration } from "../lib/config/configuration.ts";
import { prefetch } from "../lib/data/prefetch.ts";
import type { Sample } from "../lib/data/sample.ts";
import { type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
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
  readonly samplesAt: (step: number) => TaskEither<Failure, readonly Sample[]>;
  readonly batchOf: (samples: readonly Sample[]) => Either<Failure, B>;
  readonly log: (record: StepRecord) => Either<Failure, void>;
}

/** Steps whose samples are read while the one before them is computed. */
const ahead = 3;

const share = ({ ms, waited }: Pick<StepRecord, "ms" | "waited">): string => `${(100 * waited / ms).toFixed(1)} %`;

/** Trains with a progress bar and a log, and gives the last state, which its caller owns. */
export const runTraining = <B extends Branch, P extends Branch, S extends Branch>(
  run: TrainingRun<B, P, S>,
): TaskEither<Failure, TrainState<P, S>> =>
async () => {
  const optimizer = optimizerOf(run.optim);
  const shown = progress(run.label, run.steps);
  const samplesAt = prefetch(run.samplesAt, ahead, run.steps);
  const spent = { ms: 0, waited: 0 };
  const loop = trainLoop({
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
  }, initialState(run.learner, optimizer, run.key));
  const result = await loop();
  shown.end();
  if (run.steps > 0) console.log(`${run.label} waited for data ${share(spent)} of ${(spent.ms / 1000).toFixed(0)} s`);
  return result;
};
