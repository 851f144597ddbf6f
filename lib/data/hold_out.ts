/** Samples apart: those that are trained on, and those that are evaluated on. */
export interface HeldOut<A> {
  /** All but the last share, in their order. */
  readonly train: readonly A[];
  /** The last share, in its order. */
  readonly test: readonly A[];
}

/** How many of `size` samples are held out. A share between 0 and 1 leaves both sides at least one, if there are two. */
const heldOutOf = (size: number, share: number): number => {
  const nearest = Math.round(share * size);
  return share === 0 || share === 1 ? nearest : Math.min(Math.max(nearest, 1), size - 1);
};

/**
 * Splits samples of which no split is published: the last `share` of them (0…1), in the order in which they are listed, is
 * the test split. The end and not a random choice, because neighbours in a recording are all but the same picture.
 *
 * @throws RangeError for a share that is not within 0…1: a bug of the caller.
 */
export const holdOut = <A>(sources: readonly A[], share: number): HeldOut<A> => {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share of ${share} cannot be held out`);
  const border = sources.length - (sources.length === 0 ? 0 : heldOutOf(sources.length, share));
  return { train: sources.slice(0, border), test: sources.slice(border) };
};
