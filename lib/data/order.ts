import { fold, type Key, permutation } from "../tensor/key.ts";

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
    const indices = order(fold(key, epoch));
    if (indices.length !== size) throw new RangeError(`an order of ${indices.length} samples for a split of ${size}`);
    return [...indices.subarray(Math.max(first - epoch * size, 0), Math.min(first + batch - epoch * size, size))];
  }).flat();
};
