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
