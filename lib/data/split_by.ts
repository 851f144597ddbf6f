/** A split as a function of an index, as those who know PyTorch write their data sets. */
import { E } from "../dependencies/fp.ts";
import type { Sample, SampleEntry, Split } from "./dataset.ts";

/** What a function from an index gives of a sample: what is not said is not known. */
export type PlainSample = Pick<Sample, "image" | "depth"> & Partial<Sample>;

/**
 * A split of `size` samples by a function of the index, as PyTorch's `__len__` and `__getitem__`.
 *
 * @param sampleAt The sample at an index, 0 … size − 1. What it throws ends what reads it.
 * @param entryOf What is known of it without reading it; a name with its index unless given.
 */
export const splitBy = (
  size: number,
  sampleAt: (index: number) => PlainSample | Promise<PlainSample>,
  entryOf: (index: number) => Partial<SampleEntry> = () => ({}),
): Split => {
  const entry = (index: number): SampleEntry => {
    const { name = `sample ${index}`, scene = null, where = name, ...rest } = entryOf(index);
    return { name, scene, where, ...rest };
  };
  return {
    size,
    entry,
    read: (index) => async () => {
      const { name, scene } = entry(index);
      return E.right({ name, scene, intrinsics: null, ...await sampleAt(index) });
    },
  };
};
