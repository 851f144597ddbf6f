/** The median of numbers, the mean of the two middle ones if they are even in count; NaN of none. */
export const median = (values: Float32Array): number => {
  if (values.length === 0) return NaN;
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
};
