import type { Sample, Split } from "../data/dataset.ts";
import { allIndices, readAll } from "../data/split.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import type { Layer, Variables } from "../nn/layer.ts";
import type { Tensor } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";

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

/**
 * The same parameters with the statistics of batch norm that training for some steps would have tracked, had it changed no
 * parameter: a network of random weights whose activations are scaled as a trained one's. After 50 steps 0.5 % of the first
 * statistics are left.
 *
 * It takes the variables over, and frees each input; if an input cannot be had, its failure is returned and all is freed.
 * Errors: those of inputs; "configuration" for steps of no whole number.
 * @category Generators
 */
export const trackStatistics = <I extends Tensor, O, P extends Branch, S extends Branch>(
  layer: Layer<I, O, P, S>,
  { params, statistics: first }: Variables<P, S>,
  steps: number,
  inputAt: (step: number) => TaskEither<Failure, I>,
): TaskEither<Failure, Variables<P, S>> =>
async () => {
  const sound = checkNumbers("tracking statistics", { steps: countFrom(0) }, { steps });
  if (E.isLeft(sound)) {
    [params, first].forEach(disposeTree);
    return sound;
  }
  let statistics = first;
  for (let step = 0; step < steps; step++) {
    const input = await inputAt(step)();
    if (E.isLeft(input)) {
      [params, statistics].forEach(disposeTree);
      return input;
    }
    const next = scope(() => layer.apply({ params, statistics }, input.right, "training")[1]);
    [statistics, { input: input.right }].forEach(disposeTree);
    statistics = next;
  }
  return E.right({ params, statistics });
};
