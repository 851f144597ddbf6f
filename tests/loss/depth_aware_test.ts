import { depthAware } from "../../lib/loss/pixel.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, meanOf, measure, type Oracle, testAgainst, validPairs, withPrediction } from "./oracle.ts";
import type { Comparison } from "./support.ts";

const given = comparison([2, 5, 6]);
const emptyImage = comparison([2, 5, 6], (at) => at < 30 || at % 3 === 0);
const low = withPrediction(given, given.prediction.values.map((depth) => 0.2 * depth - 0.5));

const oracle: Oracle = (given, prediction) => {
  const pairs = validPairs(given, prediction).flat();
  const farthest = Math.max(...pairs.map(([g]) => g));
  return meanOf(pairs.map(([g, d]) => {
    const [a, b] = [Math.log(1 + g), Math.log(1 + Math.max(d, 0))].sort((one, other) => one - other);
    return (g / farthest + 1 - (a ?? NaN) / (b ?? NaN)) * Math.abs(g - d);
  }));
};

testAgainst("depth-aware", depthAware, oracle, [given, emptyImage, low]);

/** Two pixels, of 1 m and 4 m, of which one is wrong. */
const pair = (first: number, second: number): Comparison => ({
  target: { shape: [1, 1, 2], values: [1, 4] },
  prediction: { shape: [1, 1, 2], values: [first, second] },
  mask: { shape: [1, 1, 2], values: [1, 1] },
});

onBackend("the same error counts more where it is farther, if it is a small one", async () => {
  const [near, far] = [await measure(depthAware, pair(1.01, 4)), await measure(depthAware, pair(1, 4.01))];
  assert(far.value > 3 * near.value);
  assertAlmostEquals(near.value, 0.5 * 0.01 * (0.25 + 1 - Math.log(2) / Math.log(2.01)), 1e-6);
});

onBackend(
  "near pixels count while they are wrong: an error of their own size does more than its attention",
  async () => {
    const { value } = await measure(depthAware, pair(3, 4));
    assertAlmostEquals(value, 0.5 * 2 * (0.25 + 0.5), 1e-5);
  },
);

onBackend("a prediction below 0 is pulled up with the weight 1 + attention", async () => {
  const { gradient } = await measure(depthAware, pair(-2, 4));
  assertAlmostEquals(gradient[0] ?? NaN, -0.5 * 1.25, 1e-6);
});
