/** For each output pixel of a row or column, `count` input pixels from `first` on and their weights, which sum to 1. */
export interface Taps {
  /** How many input pixels each output pixel takes. */
  readonly count: number;
  /** The first input pixel of each output pixel; `first` + `count` is never beyond the last one. */
  readonly first: Int32Array;
  /** The weight of input pixel `first[i]` + k in output pixel i is at index i · `count` + k; some are 0. */
  readonly weights: Float64Array;
}

/**
 * Weights of linear interpolation at half-pixel centres from `from` to `to` pixels. When the size shrinks the triangle is as
 * wide as two output pixels, so that every input pixel counts (no aliasing); when it grows this is plain bilinear resizing.
 */
export const linearTaps = (from: number, to: number): Taps => {
  const ratio = from / to;
  const support = Math.max(ratio, 1);
  const count = Math.min(Math.ceil(2 * support), from);
  const first = new Int32Array(to);
  const weights = new Float64Array(to * count);
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * ratio;
    const begin = Math.min(Math.max(Math.floor(centre - support + 0.5), 0), from - count);
    first[index] = begin;
    let total = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = Math.max(1 - Math.abs(begin + tap + 0.5 - centre) / support, 0);
      weights[index * count + tap] = weight;
      total += weight;
    }
    for (let at = index * count; at < (index + 1) * count; at++) weights[at] = weights[at]! / total;
  }
  return { count, first, weights };
};
