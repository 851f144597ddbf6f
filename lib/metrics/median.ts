/** The median of numbers, the mean of the two middle ones if they are even in count; NaN of none. */
export const median = (values: Float32Array): number => {
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
};
