import { ssim } from "../../lib/loss/ssim.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, meanOf, measure, type Oracle, testAgainst, withPrediction } from "./oracle.ts";

/** Of each window its weighted moments, by loops over its pixels. */
const oracle = (window: number, sigma: number, range: number): Oracle => ({ target, mask }, prediction) => {
  const [batch, height, width] = target.shape;
  const values: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let top = 0; top + window <= height; top++) {
      for (let left = 0; left + window <= width; left++) {
        const pixels = Array.from({ length: window * window }, (_, k) => {
          const [row, column] = [Math.floor(k / window), k % window];
          const distance = (row - (window - 1) / 2) ** 2 + (column - (window - 1) / 2) ** 2;
          const at = (image * height + top + row) * width + left + column;
          return { at, weight: Math.exp(-distance / (2 * sigma * sigma)) };
        });
        if (pixels.some(({ at }) => mask.values[at] === 0)) continue;
        const total = pixels.reduce((sum, { weight }) => sum + weight, 0);
        const mean = (f: (at: number) => number) =>
          pixels.reduce((sum, { at, weight }) => sum + weight * f(at), 0) / total;
        const [x, y] = [(at: number) => target.values[at] ?? NaN, (at: number) => prediction[at] ?? NaN];
        const [mx, my] = [mean(x), mean(y)];
        const [vx, vy] = [mean((at) => (x(at) - mx) ** 2), mean((at) => (y(at) - my) ** 2)];
        const both = mean((at) => (x(at) - mx) * (y(at) - my));
        const [c1, c2] = [1e-4 * range * range, 9e-4 * range * range];
        values.push(1 - (2 * mx * my + c1) * (2 * both + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2)));
      }
    }
  }
  return meanOf(values);
};

const small = comparison([1, 12, 13], (at) => at === 0 || at === 155);
const holed = comparison([2, 7, 8], (at) => at % 41 === 30);

testAgainst("ssim", ssim(), oracle(11, 1.5, 10), [small]);
testAgainst("ssim of 3×3 windows", ssim({ window: 3, sigma: 1, range: 4 }), oracle(3, 1, 4), [holed]);

onBackend("an image that is far away is judged as exactly as a near one", async () => {
  const given = comparison([1, 12, 13], () => false);
  const farther = (values: readonly number[]) => values.map((depth) => 0.01 * depth + 70);
  const { shape } = given.target;
  const far = {
    ...given,
    target: { shape, values: farther(given.target.values) },
    prediction: { shape, values: farther(given.prediction.values) },
  };
  const rounded = (values: readonly number[]) => values.map(Math.fround);
  const exact = { ...far, target: { shape, values: rounded(far.target.values) } };
  const expected = oracle(11, 1.5, 0.1)(exact, rounded(far.prediction.values));
  const { value } = await measure(ssim({ range: 0.1 }), exact);
  assertAlmostEquals(value, expected, 1e-4 * expected);
});

onBackend("it grows with noise, and is 0 without any", async () => {
  const noisy = (share: number) =>
    withPrediction(
      small,
      small.prediction.values.map((d, at) => share * d + (1 - share) * (small.target.values[at] ?? 0)),
    );
  const values = await Promise.all([0, 0.3, 0.6, 1].map(async (share) => (await measure(ssim(), noisy(share))).value));
  assertAlmostEquals(values[0] ?? NaN, 0, 1e-6);
  values.forEach((value, at) => assert(at === 0 || value > (values[at - 1] ?? NaN)));
});

onBackend(
  "windows with a hole count nothing: where each has one, or none fits, there is no loss and no pull",
  async () => {
    for (const given of [comparison([1, 12, 13], (at) => at === 6 * 13 + 6), comparison([2, 10, 30])]) {
      const { value, gradient } = await measure(ssim(), given);
      assertEquals(value, 0);
      assert(gradient.every((slope) => slope === 0));
    }
  },
);
