import type { Device } from "../backend/device.ts";
import { onDevice } from "../backend/device_failure.ts";
import { randomMirror } from "../data/augment.ts";
import type { Sample, Split } from "../data/dataset.ts";
import { type AugmentedRead, augmentedRead, prefetch, sampleBatches } from "../data/split.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Learner } from "../nn/layer.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import { adam } from "../optim/adam.ts";
import { optimFields } from "../optim/fields.ts";
import { constant, type Transformation } from "../optim/transformation.ts";
import { type Key, keyOf } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import type { Branch } from "../tensor/tree.ts";
import { type Listener, silent } from "./listener.ts";
import { disposeState, type Keep, type StepRecord, trainLoop } from "./loop.ts";
import { initialState, type TrainState, trainStep } from "./step.ts";

/** A training: what is trained on which samples for how long is needed, all else has a default.
 * @category Training */
export interface FitOptions<B extends Branch, P extends Branch, S extends Branch> {
  /** What is trained. */
  readonly learner: Learner<B, P, S>;
  /** What it is trained on; its samples are all of one size. */
  readonly split: Split;
  /** Makes a batch of samples, as {@link depthBatch} does, or says why there is none, as {@link sceneBatch}. */
  readonly batchOf: (samples: readonly Sample[]) => B | Either<Failure, B>;
  /** The step after which training ends. */
  readonly steps: number;
  /** Samples in a batch, 8 unless given. */
  readonly batch?: number;
  /** How samples of the split are read and changed at random; unless given, half of them are mirrored. */
  readonly read?: AugmentedRead;
  /** The learning rate of Adam, which decays weights by 1e-4; 1e-3 unless given. */
  readonly lr?: number;
  /** The optimizer, instead of Adam at `lr`. */
  readonly optimizer?: Transformation;
  /** The seed of all randomness, or the key that is made of one; 0 unless given. */
  readonly seed?: number | Key;
  /** Called after every step. */
  readonly onStep?: (record: StepRecord) => void;
  /** Writes down every step; a failure, such as of a full disk, ends the training. */
  readonly log?: (record: StepRecord) => Either<Failure, void>;
  /** Who hears how far the training is, and at its end how long it waited for data; nobody unless given. */
  readonly listener?: Listener;
  /** What the listener is to call the training, "training" unless given. */
  readonly label?: string;
  /** The state of an interrupted training, which this one goes on from, with its key, and takes over. */
  readonly begun?: TrainState<P, S> | undefined;
  /** Keeps states on the way; none unless given. */
  readonly keep?: Keep<P, S> | undefined;
}

/** The numbers of a training. */
const ranges = {
  steps: countFrom(0),
  // More would not fit into any memory, and be read for hours before that is noticed.
  batch: { type: "integer", least: 1, most: 65_536 },
  lr: optimFields.lr,
  seed: countFrom(0),
} as const;

/** Steps whose samples are read while the one before them is computed. */
const ahead = 3;

const isEither = <B extends Branch>(made: B | Either<Failure, B>): made is Either<Failure, B> =>
  typeof made._tag === "string";

/** The batch of each step, whose samples are read ahead. */
const batchesOf = <B extends Branch, P extends Branch, S extends Branch>(
  { split, batchOf, steps, batch = 8, read = augmentedRead(split, randomMirror) }: FitOptions<B, P, S>,
  key: Key,
): (step: number) => TaskEither<Failure, B> => {
  const samplesAt = prefetch(sampleBatches(read, split, key, batch), ahead, steps);
  return (step) =>
    pipe(
      samplesAt(step),
      TE.chainEitherK((samples) => {
        // What it makes on the way, also where it throws, is nobody's.
        const made = scope(() => batchOf(samples));
        return isEither(made) ? made : E.right(made);
      }),
    );
};

/** Tells a listener of each step, and at the end how much of the time the training waited for its data. */
const reporting = (listener: Listener, label: string, steps: number, from: number) => {
  const progress = listener.progress(label, steps, from);
  const spent = { ms: 0, waited: 0 };
  return {
    onStep: ({ step, loss, ms, waited }: StepRecord): void => {
      spent.ms += ms;
      spent.waited += waited;
      progress.update(step, `loss ${loss.toFixed(4)}`);
    },
    end: (): void => {
      progress.end();
      if (spent.ms === 0) return;
      const share = (100 * spent.waited / spent.ms).toFixed(1);
      listener.message(`${label} waited for data ${share} % of ${(spent.ms / 1000).toFixed(0)} s`);
    },
  };
};

/** Trains from a state, which it takes over, and reports on it. */
const trainFrom = <B extends Branch, P extends Branch, S extends Branch>(
  device: Device,
  options: FitOptions<B, P, S>,
  optimizer: Transformation,
  initial: TrainState<P, S>,
): TaskEither<Failure, TrainState<P, S>> => {
  const { learner, steps, label = "training", listener = silent, keep } = options;
  const { onStep = () => {}, log = () => E.right(undefined) } = options;
  const report = reporting(listener, label, steps, initial.step);
  const loop = trainLoop({
    device,
    steps,
    batchAt: batchesOf(options, initial.key),
    stepWith: trainStep(learner, optimizer),
    onStep: (record) => {
      report.onStep(record);
      onStep(record);
      return log(record);
    },
    keep,
  }, initial);
  return () => loop().finally(report.end);
};

/** Gives the state to what trains from it; where that throws at once, nobody has it. */
const handedOver = <A, P extends Branch, S extends Branch>(
  state: TrainState<P, S>,
  take: (state: TrainState<P, S>) => A,
): A => {
  try {
    return take(state);
  } catch (reason) {
    disposeState(state);
    throw reason;
  }
};

/**
 * A whole training in one call: by default, Adam at a constant rate on random batches of a split. The caller owns the tensors
 * of the state that it gives. It can be run again, to the same outcome, but for one that goes on from a begun state: that is
 * used up, and a second run says so.
 *
 * Errors: as of {@link trainLoop}; "configuration" for numbers out of range.
 * @category Training
 */
export const fit = <B extends Branch, P extends Branch, S extends Branch>(
  device: Device,
  options: FitOptions<B, P, S>,
): TaskEither<Failure, TrainState<P, S>> => {
  const { learner, lr = 1e-3, optimizer = adam(constant(lr), 1e-4), seed = 0, begun } = options;
  const [key, given] = typeof seed === "number" ? [keyOf(seed), options] : [seed, { ...options, seed: undefined }];
  return pipe(
    TE.fromEither(checkNumbers("a training", ranges, { ...given })),
    TE.chain(() =>
      onDevice("the first weights", () => Promise.resolve(begun ?? initialState(learner, optimizer, key)))
    ),
    TE.chain((initial) => handedOver(initial, (state) => trainFrom(device, options, optimizer, state))),
  );
};
