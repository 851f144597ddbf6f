import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type Dataset, type SampleEntry, type SampleSource, splitOf } from "./dataset.ts";
import type { HeldOut } from "./hold_out.ts";

/** What a data set lists but does not give, and how often. */
export interface Omission {
  /** Why, as a plural: "lines without ground truth". */
  readonly what: string;
  /** How many. */
  readonly count: number;
}

/** A data set in the layout in which it was published. */
export interface PublishedDataset extends Dataset {
  /** What was left out, because it is no sample; those that are merely unreadable are not. */
  readonly omitted: readonly Omission[];
}

/** The distinct labels of scenes, sorted: their order is that of the class indices. */
export const sceneLabels = (entries: readonly SampleEntry[]): readonly string[] =>
  [...new Set(entries.flatMap(({ scene }) => scene === null ? [] : [scene]))].sort();

const listOmissions = (omitted: readonly Omission[]): string =>
  omitted.map(({ what, count }) => `; left out were ${count} ${what}`).join("");

/**
 * The data set of these samples; its scenes are those of the training split. `name` is what messages call it.
 *
 * Errors: "data" if there is no sample at all; one split alone may be empty, as when all is held out.
 */
export const publishedDataset = (
  name: string,
  { train, test }: HeldOut<SampleSource>,
  omissions: readonly Omission[] = [],
): Either<Failure, PublishedDataset> => {
  const omitted = omissions.filter(({ count }) => count > 0);
  if (train.length + test.length === 0) {
    return E.left(failure("data", name, `no sample${listOmissions(omitted)}`, "at least one image with its depth map"));
  }
  return E.right({ name, scenes: sceneLabels(train), train: splitOf(train), test: splitOf(test), omitted });
};
