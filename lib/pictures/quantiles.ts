/**
 * The bits of 32-bit floats as unsigned numbers in the same order, −0 just below 0: those of negative numbers are turned
 * over, and those of others get the highest bit.
 */
const orderOf = (bits: number): number => (bits < 0 ? ~bits : bits | 0x80000000) >>> 0;

const valueOf = (order: number): number => {
  const bits = Uint32Array.of(order >= 0x80000000 ? order - 0x80000000 : ~order);
  return new Float32Array(bits.buffer)[0]!;
};

/** How many of the values that are `valid` have each upper half of their order, or each lower half below one upper half. */
const countHalves = (values: Float32Array, valid: (value: number) => boolean, upper?: number): Uint32Array => {
  const counts = new Uint32Array(65536);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < bits.length; at++) {
    if (!valid(values[at]!)) continue;
    const order = orderOf(bits[at]!);
    if (upper === undefined) counts[order >>> 16]!++;
    else if (order >>> 16 === upper) counts[order & 0xffff]!++;
  }
  return counts;
};

/** The first index at which the sum of the counts exceeds a rank, and the sum before it. */
const placeOf = (counts: Uint32Array, rank: number): readonly [index: number, before: number] => {
  let before = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    if (before + count > rank) return [index, before];
    before += count;
  }
  throw new RangeError(`no value of rank ${rank} among ${before}`);
};

/**
 * The values at these fractions (0…1) of the `valid` ones in ascending order, with linear interpolation between neighbours
 * (the default of NumPy's `quantile`); null if none is valid. They are counted and neither copied nor sorted: a picture may
 * have a hundred million of them.
 */
export const quantiles = (
  values: Float32Array,
  valid: (value: number) => boolean,
  fractions: readonly number[],
): readonly number[] | null => {
  const uppers = countHalves(values, valid);
  const size = uppers.reduce((sum, count) => sum + count, 0);
  if (size === 0) return null;
  const lowers = new Map<number, Uint32Array>();
  const ofRank = (rank: number): number => {
    const [upper, before] = placeOf(uppers, rank);
    const counts = lowers.get(upper) ?? countHalves(values, valid, upper);
    lowers.set(upper, counts);
    const [lower] = placeOf(counts, rank - before);
    return valueOf(upper * 65536 + lower);
  };
  return fractions.map((fraction) => {
    const position = fraction * (size - 1);
    const index = Math.floor(position);
    const below = ofRank(index);
    return below + (ofRank(Math.min(index + 1, size - 1)) - below) * (position - index);
  });
};
