import { studentQuantile } from "./student.ts";

/** What is known of a quantity that was measured several times, such as a metric over seeds. */
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

/** Mean, standard deviation and 95 % interval of finite numbers; null of none. */
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

/** Values by the seeds of their runs. */
export type BySeed = ReadonlyMap<number, number>;

/**
 * The paired difference of two rows: of each seed that both have, the value less the baseline's. What a seed gives to both,
 * such as an easy order of samples, cancels. Null if they share no seed.
 */
export const pairedDifference = (values: BySeed, baseline: BySeed): Spread | null =>
  spreadOf([...values].flatMap(([seed, value]) => {
    const other = baseline.get(seed);
    return other === undefined ? [] : [value - other];
  }));
