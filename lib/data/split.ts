import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { describe, type Failure, failure } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import { foldIn, type Key, keyOf, permutation } from "../tensor/key.ts";
import type { Augmentation } from "./augment.ts";
import type { Sample, Split } from "./dataset.ts";

/**
 * Which samples a step takes: the split is gone through in a new random order in every epoch, and what is left of an epoch
 * joins the start of the next. It depends on nothing but its arguments.
 *
 * @param order The order of an epoch, every index once; by default any order is as likely as any other.
 * @throws RangeError for a split without samples, and for an order of other than `size` of them: bugs of the caller.
 */
export const batchIndices = (
  key: Key,
  size: number,
  batch: number,
  step: number,
  order: (key: Key) => Uint32Array = (epochKey) => permutation(epochKey, size),
): readonly number[] => {
  if (!(size > 0)) throw new RangeError(`no batch can be taken from ${size} samples`);
  const first = step * batch;
  const firstEpoch = Math.floor(first / size);
  const lastEpoch = Math.floor((first + batch - 1) / size);
  return Array.from({ length: lastEpoch - firstEpoch + 1 }, (_, at) => {
    const epoch = firstEpoch + at;
    const indices = order(foldIn(key, epoch));
    if (indices.length !== size) throw new RangeError(`an order of ${indices.length} samples for a split of ${size}`);
    return [...indices.subarray(Math.max(first - epoch * size, 0), Math.min(first + batch - epoch * size, size))];
  }).flat();
};

/** The split whose samples are `change` of the old ones.
 * @category Data */
export const mapSplit = (split: Split, change: (sample: Sample) => Sample): Split => ({
  ...split,
  read: (index) => pipe(split.read(index), TE.map(change)),
});

/** The split whose samples are `prepare` of the old ones, which may refuse one, such as one too small for a crop.
 * @category Data */
export const preparedSplit = (split: Split, prepare: (sample: Sample) => Either<Failure, Sample>): Split => ({
  ...split,
  read: (index) => pipe(split.read(index), TE.chainEitherK(prepare)),
});

/**
 * The split, which keeps what it has read in memory until that fills `limit` bytes: small data sets are decoded once. What
 * it gives does not depend on it.
 * @category Data
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

/** Several samples in their order. They are asked for at once, so that those who read them can share the work.
 * @category Data */
export const readAll = (split: Split, indices: readonly number[]): TaskEither<Failure, readonly Sample[]> =>
  TE.sequenceArray(indices.map(split.read));

/** Every index of a split.
 * @category Data */
export const allIndices = (split: Split): readonly number[] => Array.from({ length: split.size }, (_, index) => index);

/** The order of an epoch of a part, from that of the whole: what is not of the part is left out. */
const orderOfPart = (order: (key: Key) => Uint32Array, indices: readonly number[]) => (key: Key): Uint32Array => {
  const places = new Map(indices.map((index, place) => [index, place]));
  return Uint32Array.from([...order(key)].flatMap((index) => places.get(index) ?? []));
};

/** The index in a split of a sample of its part. @throws RangeError beyond the end of the part: a bug of the caller. */
const indexAt = (indices: readonly number[], place: number): number => {
  const index = indices[place];
  if (index === undefined) throw new RangeError(`no sample ${place} in a part of ${indices.length}`);
  return index;
};

/** The split of some samples of another one, by their indices; all of them are the split itself. */
export const subsetOf = (split: Split, indices: readonly number[]): Split =>
  indices.length === split.size ? split : {
    size: indices.length,
    entry: (place) => split.entry(indexAt(indices, place)),
    read: (place) => split.read(indexAt(indices, place)),
    ...(split.order === undefined ? {} : { order: orderOfPart(split.order, indices) }),
  };

/** The samples of {@link subsetOf} as they are read and changed in the whole. */
export const subsetRead = (read: AugmentedRead, indices: readonly number[]): AugmentedRead => (place, key) =>
  read(indexAt(indices, place), key);

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

/** Reads the sample at an index and changes it at random: the same key gives the same change.
 * @category Data */
export type AugmentedRead = (index: number, key: Key) => TaskEither<Failure, Sample>;

/** Reads from a split and changes what was read.
 * @category Data */
export const augmentedRead = (split: Split, augment: Augmentation): AugmentedRead => (index, key) =>
  pipe(split.read(index), TE.map((sample) => augment(key, sample)));

/**
 * The samples of a training step, changed at random. Which ones they are and how they are changed depends only on the key,
 * the step, and the size and order of the split.
 *
 * Errors: those of reading; "data" for a split without samples; "configuration" for a batch of no whole number of them.
 * @category Data
 */
export const sampleBatches = (
  read: AugmentedRead,
  { size, order }: Pick<Split, "size" | "order">,
  key: Key,
  batch: number,
): (step: number) => TaskEither<Failure, readonly Sample[]> =>
(step) => {
  if (size === 0) return TE.left(emptySplit("train"));
  const sound = checkNumbers("a training", { batch: countFrom(1), step: countFrom(0) }, { batch, step });
  if (E.isLeft(sound)) return TE.left(sound.left);
  return TE.sequenceArray(
    batchIndices(foldIn(key, "order"), size, batch, step, order).map((index, place) =>
      read(index, foldIn(foldIn(key, "augment"), step * batch + place))
    ),
  );
};

/**
 * The same steps, begun ahead of time: when a step is asked for, the `ahead` steps after it are begun as well, so that they
 * are ready when their turn comes. Steps are to be asked for in order, each once; those from `end` on are not begun. What
 * goes wrong in a step, and be it a bug that throws, comes to whoever asks for that step, and to nobody before.
 * @category Data
 */
export const prefetch = <Left, Right>(
  at: (step: number) => TaskEither<Left, Right>,
  ahead: number,
  end: number,
): (step: number) => TaskEither<Left, Right> => {
  const begun = new Map<number, ReturnType<TaskEither<Left, Right>>>();
  const begin = (step: number): ReturnType<TaskEither<Left, Right>> => {
    const known = begun.get(step);
    if (known !== undefined) return known;
    const fresh = Promise.try(() => at(step)());
    // Nobody may be waiting yet where it rejects, which would end the program; who asks for it gets the rejection still.
    fresh.catch(() => {});
    begun.set(step, fresh);
    return fresh;
  };
  return (step) => () => {
    const wanted = begin(step);
    begun.delete(step);
    for (let next = step + 1; next <= step + ahead && next < end; next++) begin(next);
    return wanted;
  };
};

/** What is done with a sample that cannot be read: the work ends with its failure, or it is left out and counted.
 * @category Data */
export type OnUnreadable = "fail" | "skip";

/** Whether a failure is one of a sample's own files, and not of the program or the machine.
 * @category Data */
export const isUnreadable = ({ kind }: Failure): boolean => ["file", "missing", "format", "data"].includes(kind);

/**
 * Reads the next sample that can be read where one cannot: what a step gets still depends on nothing but its key.
 *
 * Errors: all but those of unreadable samples; "data" if none of the split can be read.
 *
 * @param size How many samples the split has.
 * @param onSkipped Hears of each sample that was left out, every time.
 * @category Data
 */
export const skippingRead =
  (read: AugmentedRead, size: number, onSkipped: (index: number, problem: Failure) => void): AugmentedRead =>
  (index, key) =>
  async () => {
    for (let tries = 0; tries < size; tries++) {
      const at = (index + tries) % size;
      const result = await read(at, key)();
      if (E.isRight(result) || !isUnreadable(result.left)) return result;
      onSkipped(at, result.left);
    }
    return E.left(
      failure("data", "the training split", `${size} samples that cannot be read`, "at least one that can"),
    );
  };

/** The split in which the next sample that can be read stands for one that cannot, as in {@link skippingRead}.
 * @category Data */
export const skippingSplit = (split: Split, onSkipped: (index: number, problem: Failure) => void): Split => {
  const read = skippingRead((index) => split.read(index), split.size, onSkipped);
  return { ...split, read: (index) => read(index, keyOf(0)) };
};

/** What was skipped, and why: all of it, but for a long list.
 * @category Data */
export const describeSkipped = (problems: readonly Failure[]): string => {
  const first = problems.slice(0, 20).map((problem) => `  ${describe(problem)}`);
  const more = problems.length > first.length ? [`  and ${problems.length - first.length} more`] : [];
  return [`${problems.length} samples could not be read and were skipped:`, ...first, ...more].join("\n");
};
