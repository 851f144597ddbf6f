import type { Monoid } from "../dependencies/fp.ts";
import type { Comparison } from "./comparison.ts";
import { sumsOf } from "./sums.ts";

/** Sums over valid pixels, in double precision, from which the metrics of these pixels follow. */
export interface PixelSums {
  /** How many pixels. */
  readonly count: number;
  /** Σ |p − g| / g */
  readonly rel: number;
  /** Σ (p − g)² / g, metres */
  readonly sq_rel: number;
  /** Σ (p − g)², square metres */
  readonly square: number;
  /** Σ (ln p − ln g) */
  readonly log: number;
  /** Σ (ln p − ln g)² */
  readonly log_square: number;
  /** Σ |ln p − ln g| */
  readonly log_absolute: number;
  /** How many pixels have max(p/g, g/p) < 1.25. */
  readonly delta1: number;
  /** The same below 1.25². */
  readonly delta2: number;
  /** The same below 1.25³. */
  readonly delta3: number;
}

const names: readonly (keyof PixelSums)[] = [
  "count",
  "rel",
  "sq_rel",
  "square",
  "log",
  "log_square",
  "log_absolute",
  "delta1",
  "delta2",
  "delta3",
];

/** Sums over pixels under addition: exact for counts, up to rounding for the others. */
export const pixelSum: Monoid<PixelSums> = sumsOf(names);

/** The sums of one image. */
export const pixelSumsOf = ({ truth, prediction }: Comparison): PixelSums => {
  const sums: { -readonly [K in keyof PixelSums]: number } = { ...pixelSum.empty };
  for (let at = 0; at < truth.length; at++) {
    const g = truth[at]!;
    if (!(g > 0)) continue;
    const p = prediction[at]!;
    const difference = p - g;
    const logarithm = Math.log(p) - Math.log(g);
    const ratio = Math.max(p / g, g / p);
    sums.count += 1;
    sums.rel += Math.abs(difference) / g;
    sums.sq_rel += difference ** 2 / g;
    sums.square += difference ** 2;
    sums.log += logarithm;
    sums.log_square += logarithm ** 2;
    sums.log_absolute += Math.abs(logarithm);
    sums.delta1 += Number(ratio < 1.25);
    sums.delta2 += Number(ratio < 1.25 ** 2);
    sums.delta3 += Number(ratio < 1.25 ** 3);
  }
  return sums;
};
