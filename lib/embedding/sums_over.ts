import { allIndices, readAll } from "../data/split.ts";
import type { Split } from "../data/dataset.ts";
import type { Sample } from "../data/sample.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";

/** How many samples are taken at once. */
const batch = 16;

/** Numbers by name that are added up. */
export type Sums<K extends string> = { readonly [N in K]: number };

const plus = <K extends string>(first: Sums<K>, second: Sums<K>): Sums<K> => {
  const sums: { [N in K]: number } = { ...first };
  for (const name in sums) sums[name] += second[name];
  return sums;
};

/**
 * Goes through a split in batches, one after the other, and adds up the numbers that `use` gives of each, from `nothing` on.
 * Errors: those of reading samples and of `use`.
 */
export const sumsOver = <K extends string>(
  split: Split,
  nothing: Sums<K>,
  use: (samples: readonly Sample[]) => Promise<Either<Failure, Sums<K>>>,
): TaskEither<Failure, Sums<K>> =>
async () => {
  let sums = nothing;
  const indices = allIndices(split);
  for (let first = 0; first < indices.length; first += batch) {
    const samples = await readAll(split, indices.slice(first, first + batch))();
    if (E.isLeft(samples)) return samples;
    const values = await use(samples.right);
    if (E.isLeft(values)) return values;
    sums = plus(sums, values.right);
  }
  return E.right(sums);
};
