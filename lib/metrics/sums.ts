import type { Monoid } from "../dependencies/fp.ts";

/** A record with a number for each of these names. */
export const recordOf = <K extends string>(
  names: readonly K[],
  value: (name: K) => number,
): Readonly<Record<K, number>> => Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, number>;

/** Records of numbers under addition, name by name. */
export const sumsOf = <K extends string>(names: readonly K[]): Monoid<Readonly<Record<K, number>>> => ({
  empty: recordOf(names, () => 0),
  concat: (first, second) => recordOf(names, (name) => first[name] + second[name]),
});
