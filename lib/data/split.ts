import { type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { fold, type Key } from "../tensor/key.ts";
import type { Augmentation } from "./augment.ts";
import type { Split } from "./dataset.ts";
import { batchIndices } from "./order.ts";
import type { Sample } from "./sample.ts";

/** The split whose samples are `change` of the old ones. */
export const mapSplit = (split: Split, change: (sample: Sample) => Sample): Split => ({
  ...split,
  read: (index) => pipe(split.read(index), TE.map(change)),
});

/** The split whose samples are `prepare` of the old ones, which may refuse one, such as one too small for a crop. */
export const preparedSplit = (split: Split, prepare: (sample: Sample) => Either<Failure, Sample>): Split => ({
  ...split,
  read: (index) => pipe(split.read(index), TE.chainEitherK(prepare)),
});

/**
 * The split, which keeps what it has read in memory until that fills `limit` bytes: small data sets are decoded once. What
 * it gives does not depend on it.
 */
export const remember = (split: Split, limit = 2 ** 29): Split => {
  const kept = new Map<number, Sample>();
  let bytes = 0;
  const keep = (index: number) => (sample: Sample): Sample => {
    const size = sample.image.pixels.byteLength + sample.depth.metres.byteLength;
    if (!kept.has(index) && bytes + size <= limit) {
      kept.set(index, sample);
      bytes += size;
    }
    return sample;
  };
  return {
    ...split,
    read: (index) => {
      const known = kept.get(index);
      return known === undefined ? pipe(split.read(index), TE.map(keep(index))) : TE.right(known);
    },
  };
};

/** Several samples in their order. They are asked for at once, so that those who read them can share the work. */
export const readAll = (split: Split, indices: readonly number[]): TaskEither<Failure, readonly Sample[]> =>
  TE.sequenceArray(indices.map(split.read));

/** Every index of a split. */
export const allIndices = (split: Split): readonly number[] => Array.from({ length: split.size }, (_, index) => index);

/** Why a split without samples cannot be used where one with samples is needed. */
export const emptySplit = (split: "train" | "test"): Failure =>
  failure(
    "data",
    split === "train" ? "the training split" : "the test split",
    "no sample",
    "at least one",
    split === "train"
      ? "Where samples are held out for testing, a smaller data.testShare leaves some to train on; 1 leaves none."
      : "Where samples are held out for testing, data.testShare says how many; 0 holds out none.",
  );

/** Reads the sample at an index and changes it at random: the same key gives the same change. */
export type ChangedRead = (index: number, key: Key) => TaskEither<Failure, Sample>;

/** Reads from a split and changes what was read. */
export const changedRead = (split: Split, augment: Augmentation): ChangedRead => (index, key) =>
  pipe(split.read(index), TE.map((sample) => augment(key, sample)));

/**
 * The samples of a training step, changed at random. Which ones they are and how they are changed depends only on the key,
 * the step, and the size and order of the split.
 *
 * Errors: those of reading; "data" for a split without samples.
 */
export const stepSamples = (
  read: ChangedRead,
  { size, order }: Pick<Split, "size" | "order">,
  key: Key,
  batch: number,
): (step: number) => TaskEither<Failure, readonly Sample[]> =>
(step) =>
  size === 0 ? TE.left(emptySplit("train")) : TE.sequenceArray(
    batchIndices(fold(key, "order"), size, batch, step, order).map((index, place) =>
      read(index, fold(fold(key, "augment"), step * batch + place))
    ),
  );
