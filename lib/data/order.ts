import { fold, type Key, permutation } from "../tensor/key.ts";

/**
 * Which samples a step takes: the split is gone through in a new random order in every epoch, and what is left of an epoch
 * joins the start of the next. It depends on nothing but its arguments.
 *
 * @param order The order of an epoch, every index once; by default any order is as likely as any other.
 */
export const batchIndices = (
  key: Key,
  size: number,
  batch: number,
  step: number,
  order: (key: Key) => Uint32Array = (epochKey) => permutation(epochKey, size),
): readonly number[] => {
  const first = step * batch;
  const orderOf = (epoch: number) => order(fold(key, epoch));
  const firstEpoch = Math.floor(first / size);
  const lastEpoch = Math.floor((first + batch - 1) / size);
  const orders = Array.from({ length: lastEpoch - firstEpoch + 1 }, (_, epoch) => orderOf(firstEpoch + epoch));
  return Array.from({ length: batch }, (_, place) => {
    const at = first + place;
    return orders[Math.floor(at / size) - firstEpoch]?.[at % size] ?? 0;
  });
};
