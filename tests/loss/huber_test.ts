import { berHu, huber, l1, l2 } from "../../lib/loss/pixel.ts";
import { assertAlmostEquals, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, meanOf, measure, type Oracle, testAgainst, validPairs, withPrediction } from "./oracle.ts";

const given = comparison([2, 5, 6]);
const emptyImage = comparison([2, 5, 6], (at) => at < 30 || at % 3 === 0);

const huberOf = (threshold: number): Oracle => (given, prediction) =>
  meanOf(
    validPairs(given, prediction).flat().map(([g, d]) => {
      const e = Math.abs(d - g);
      return e <= threshold ? 0.5 * e * e : threshold * e - 0.5 * threshold * threshold;
    }),
  );

testAgainst("huber", huber(), huberOf(1), [given, emptyImage]);
testAgainst("huber of 0.3 m", huber(0.3), huberOf(0.3), [given]);

const berHuOf = (share: number): Oracle => (given, prediction) => {
  const errors = (values: readonly number[]) => validPairs(given, values).flat().map(([g, d]) => Math.abs(d - g));
  const threshold = share * Math.max(...errors(given.prediction.values));
  return meanOf(
    errors(prediction).map((e) => e <= threshold ? e : (e * e + threshold * threshold) / (2 * threshold)),
  );
};

testAgainst("berHu", berHu(), berHuOf(0.2), [given, emptyImage]);
testAgainst("berHu of half the largest error", berHu(0.5), berHuOf(0.5), [given]);

onBackend("huber is half of l2 for small errors, and runs beside l1 for large ones", async () => {
  const { values } = given.target;
  const near = withPrediction(given, values.map((depth) => depth + 0.25));
  assertAlmostEquals((await measure(huber(), near)).value, (await measure(l2, near)).value / 2, 1e-6);
  const far = withPrediction(given, values.map((depth) => depth + 5));
  assertAlmostEquals((await measure(huber(), far)).value, (await measure(l1, far)).value - 0.5, 1e-5);
});

onBackend("berHu's threshold is that of valid pixels alone, and scales with the errors", async () => {
  const { value } = await measure(berHu(), given);
  const mask = given.mask.values;
  const inHole = withPrediction(given, given.prediction.values.map((depth, at) => mask[at] === 1 ? depth : 1e5));
  assertEquals((await measure(berHu(), inHole)).value, value);
  const truth = given.target.values;
  const tripled = withPrediction(
    given,
    given.prediction.values.map((depth, at) => 3 * depth - 2 * (truth[at] ?? NaN)),
  );
  assertAlmostEquals((await measure(berHu(), tripled)).value, 3 * value, 1e-4);
});
