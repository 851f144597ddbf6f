import type { Device } from "../backend/device.ts";
import type { Split } from "../data/dataset.ts";
import { randomMirror } from "../data/augment.ts";
import type { Sample } from "../data/sample.ts";
import { changedRead, stepSamples } from "../data/split.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { constant } from "../loss/schedule.ts";
import { adam } from "../optim/adam.ts";
import { keyOf } from "../tensor/key.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Learner } from "./learner.ts";
import { type StepRecord, trainLoop } from "./loop.ts";
import { initialState, type TrainState, trainStep } from "./step.ts";

/** What a script says of a training. */
export interface FitOptions<B extends Branch, P extends Branch, S extends Branch> {
  /** What is trained. */
  readonly learner: Learner<B, P, S>;
  /** What it is trained on, half of it mirrored at random; all of one size. */
  readonly split: Split;
  /** Makes a batch of samples, as {@link depthBatch} does. */
  readonly batchOf: (samples: readonly Sample[]) => B;
  /** Samples in a batch, 8 unless given. */
  readonly batch?: number;
  /** How many steps are made. */
  readonly steps: number;
  /** The learning rate of Adam, which decays weights by 1e-4; 1e-3 unless given. */
  readonly lr?: number;
  /** The seed of all randomness, 0 unless given. */
  readonly seed?: number;
  /** Told after every step. */
  readonly onStep?: (record: StepRecord) => void;
}

const told = (onStep: FitOptions<Branch, Branch, Branch>["onStep"]) => (record: StepRecord): Either<Failure, void> =>
  E.right(onStep?.(record));

/**
 * A whole training in one call, for scripts: Adam at a constant rate on random batches of a split. The caller owns the
 * state's tensors. `trainLoop` is the same with every choice open.
 *
 * Errors: as of `trainLoop`.
 */
export const fit = <B extends Branch, P extends Branch, S extends Branch>(
  device: Device,
  { learner, split, batchOf, batch = 8, steps, lr = 1e-3, seed = 0, onStep }: FitOptions<B, P, S>,
): TaskEither<Failure, TrainState<P, S>> => {
  const key = keyOf(seed);
  const samplesAt = stepSamples(changedRead(split, randomMirror), split, key, batch);
  const optimizer = adam(constant(lr), 1e-4);
  return trainLoop({
    device,
    steps,
    learningRate: constant(lr),
    batchAt: (step) => pipe(samplesAt(step), TE.map(batchOf)),
    stepWith: trainStep(learner, optimizer),
    onStep: told(onStep),
  }, initialState(learner, optimizer, key));
};
