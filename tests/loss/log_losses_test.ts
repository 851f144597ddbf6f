import type { Loss } from "../../lib/loss/loss.ts";
import { eigen, logDepth, logL1, siLog } from "../../lib/loss/scale_invariant.ts";
import { maskedMean } from "../../lib/nn/operations.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, meanOf, measure, type Oracle, testAgainst, validPairs, withPrediction } from "./oracle.ts";

const holed = comparison([2, 5, 6]);
const emptyImage = comparison([3, 4, 5], (at) => at % 4 === 1 || (at >= 20 && at < 40), 300);
/** Predictions around 0 and below, as a network makes them at first. */
const low = withPrediction(holed, holed.prediction.values.map((depth) => 0.2 * depth - 0.5));
const givens = [holed, emptyImage, low];

/** ln d, along its tangent below 0.1 m. */
const lnOf = (depth: number): number => depth < 0.1 ? Math.log(0.1) + (depth - 0.1) / 0.1 : Math.log(depth);

const ratios: (...parameters: Parameters<Oracle>) => readonly (readonly number[])[] = (given, prediction) =>
  validPairs(given, prediction).map((pairs) => pairs.map(([g, d]) => lnOf(d) - lnOf(g)));

testAgainst("log", logL1, (given, prediction) => meanOf(ratios(given, prediction).flat().map(Math.abs)), givens);

const scaleInvariant = (g: readonly number[], lambda: number): number => {
  const total = g.reduce((sum, each) => sum + each, 0);
  const squares = g.reduce((sum, each) => sum + each ** 2, 0);
  return squares / g.length - lambda / g.length ** 2 * total ** 2;
};

const eigenOf = (lambda: number): Oracle => (given, prediction) =>
  meanOf(ratios(given, prediction).filter((g) => g.length > 0).map((g) => scaleInvariant(g, lambda)));

for (const lambda of [0.5, 0, 1]) testAgainst(`eigen of λ = ${lambda}`, eigen(lambda), eigenOf(lambda), givens);

const siLogOf = (lambda: number, factor: number): Oracle => (given, prediction) =>
  factor * Math.sqrt(scaleInvariant(ratios(given, prediction).flat(), lambda));

testAgainst("siLog", siLog(), siLogOf(0.85, 10), givens);
testAgainst("siLog of λ = 1 and factor 3", siLog(1, 3), siLogOf(1, 3), givens);

const scaled = (factor: number) => withPrediction(holed, holed.prediction.values.map((depth) => factor * depth));

for (const [name, loss] of [["eigen", eigen(1)], ["siLog", siLog(1)]] as const) {
  onBackend(`${name} of λ = 1 does not see the scale of a prediction`, async () => {
    const { value } = await measure(loss, holed);
    assert(value > 0.01);
    for (const factor of [0.6, 2, 30]) {
      assertAlmostEquals((await measure(loss, scaled(factor))).value, value, 1e-5 * (1 + value));
    }
  });
}

onBackend("with λ below 1 the scale is seen", async () => {
  for (const loss of [eigen(), siLog(), logL1]) {
    assert((await measure(loss, scaled(3))).value > (await measure(loss, holed)).value + 0.05);
  }
});

onBackend("predictions of 0 and below are pulled up as hard as those of 0.1 m", async () => {
  const mean: Loss = (_, prediction, mask) => maskedMean(logDepth(prediction, mask), mask);
  const count = holed.mask.values.filter((valid) => valid === 1).length;
  for (const depth of [0.1, 0.05, 0, -3, -1e4]) {
    const { value, gradient } = await measure(mean, withPrediction(holed, holed.target.values.map(() => depth)));
    assertAlmostEquals(value / lnOf(depth), 1, 1e-5);
    gradient.forEach((slope, at) => assertAlmostEquals(slope, holed.mask.values[at] === 1 ? 10 / count : 0, 1e-5));
  }
});
