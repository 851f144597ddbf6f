/** The median of numbers, the mean of the two middle ones if they are even in count; NaN of none. */
export const median = (values: Float32Array): number => {
  if (values.length === 0) return NaN;
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
};

/** What is known of a quantity that was measured several times, such as a metric over seeds.
 * @category Metrics */
export interface Spread {
  /** How many times it was measured, 1 or more. */
  readonly count: number;
  /** The mean. */
  readonly mean: number;
  /** The sample standard deviation, over count − 1; null of a single value. */
  readonly deviation: number | null;
  /** The 95 % interval of the mean by Student's distribution; null of a single value, of which nothing can be said. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** Mean, standard deviation and 95 % interval of finite numbers; null of none.
 * @category Metrics */
export const spreadOf = (values: readonly number[]): Spread | null => {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, deviation: null, interval: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (count - 1));
  const half = studentQuantile(0.95, count - 1) * deviation / Math.sqrt(count);
  return { count, mean, deviation, interval: [mean - half, mean + half] };
};

/** Values by the seeds of their runs.
 * @category Metrics */
export type BySeed = ReadonlyMap<number, number>;

/**
 * The paired difference of two rows: of each seed that both have, the value less the baseline's. What a seed gives to both,
 * such as an easy order of samples, cancels. Null if they share no seed.
 * @category Metrics
 */
export const pairedDifference = (values: BySeed, baseline: BySeed): Spread | null =>
  spreadOf([...values].flatMap(([seed, value]) => {
    const other = baseline.get(seed);
    return other === undefined ? [] : [value - other];
  }));

/** The share of Student's distribution within ±√ν tan θ (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
const shareWithin = (angle: number, freedom: number): number => {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= freedom - 2; power += 2) {
    term *= cosine * cosine * (power - 1) / power;
    sum += term;
  }
  return odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
};

/**
 * The t within whose ± a share of Student's distribution lies: 95 % of it within ±4.302653 for 2 degrees of freedom. Exact
 * to about 12 digits.
 *
 * @param share Above 0 and below 1.
 * @param freedom Degrees of freedom, a whole number from 1.
 * @throws Error for other arguments.
 * @category Metrics
 */
export const studentQuantile = (share: number, freedom: number): number => {
  if (!(share > 0 && share < 1)) throw new Error(`a share of ${share}, not above 0 and below 1`);
  if (!(Number.isInteger(freedom) && freedom >= 1)) throw new Error(`${freedom} degrees of freedom`);
  // The angle is bounded where t is not, and the share rises with it: bisection, to the last bit.
  let [low, high] = [0, Math.PI / 2];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan((low + high) / 2);
};
