/** Something at a point in time. */
export interface Timed {
  /** Whole microseconds since any epoch, the same for all. */
  readonly microseconds: number;
}

interface Candidate<A, B> {
  readonly first: A;
  readonly second: B;
  readonly difference: number;
}

const byTime = (a: Timed, b: Timed): number => a.microseconds - b.microseconds;

/** All pairs less than `within` apart. `first` and `second` are sorted by time. */
const candidatesOf = <A extends Timed, B extends Timed>(
  first: readonly A[],
  second: readonly B[],
  within: number,
): readonly Candidate<A, B>[] => {
  const candidates: Candidate<A, B>[] = [];
  let start = 0;
  for (const one of first) {
    while ((second[start]?.microseconds ?? Infinity) <= one.microseconds - within) start++;
    for (let at = start; (second[at]?.microseconds ?? Infinity) < one.microseconds + within; at++) {
      const other = second[at];
      if (other === undefined) break;
      candidates.push({ first: one, second: other, difference: Math.abs(byTime(one, other)) });
    }
  }
  return candidates;
};

/**
 * Pairs of what was recorded at almost the same time: of all pairs less than `within` microseconds apart the closest is
 * taken, then the closest of those whose two members are still free, and so on; of equally close ones the earlier. In the
 * order of `first`'s times; each member is in one pair at most. Source: `associate.py` of the TUM RGB-D benchmark. Takes
 * memory for every candidate, so many at the same time are for the caller to refuse.
 */
export const associate = <A extends Timed, B extends Timed>(
  first: readonly A[],
  second: readonly B[],
  within: number,
): readonly (readonly [A, B])[] => {
  const candidates = candidatesOf([...first].sort(byTime), [...second].sort(byTime), within);
  const taken = new Set<Timed>();
  const pairs: (readonly [A, B])[] = [];
  const closestFirst = [...candidates].sort((a, b) =>
    a.difference - b.difference || byTime(a.first, b.first) || byTime(a.second, b.second)
  );
  for (const { first: one, second: other } of closestFirst) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    pairs.push([one, other]);
  }
  return pairs.sort(([a], [b]) => byTime(a, b));
};
