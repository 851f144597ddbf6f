import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { evaluateTerms, named, scale, sum, totalOf } from "../../lib/loss/objective.ts";
import type { Loss } from "../../lib/loss/loss.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { maskedMean } from "../../lib/nn/operations.ts";
import { assertAlmostEquals, assertEquals } from "../std.ts";
import { centralDifferences, type Comparison, gradientOf, lossOf, openWasm } from "./support.ts";

await openWasm();

/** A loss as a user writes it: the relative squared error. */
const relativeSquare: Loss = (target, prediction, mask) => {
  const difference: tf.Tensor4D = tf.sub(prediction, target);
  return maskedMean(tf.div(tf.square(difference), tf.maximum(target, 0.1)), mask);
};

const shape = [1, 2, 3] as const;
const given: Comparison = {
  target: { shape, values: [1, 2, 4, 0, 5, 8] },
  prediction: { shape, values: [2, 2.5, 3, 7, 5, 6] },
  mask: { shape, values: [1, 1, 1, 0, 1, 1] },
};

const reference = (prediction: readonly number[]): number =>
  given.target.values.reduce((total, g, at) => total + (g > 0 ? ((prediction[at] ?? NaN) - g) ** 2 / g : 0), 0) / 5;

Deno.test("a loss of a few lines is trained with as the built-in ones are", () => {
  const expected = (1 + 0.125 + 0.25 + 0 + 0.5) / 5;
  assertAlmostEquals(reference(given.prediction.values), expected, 1e-12);
  assertAlmostEquals(lossOf(relativeSquare, given), expected, 1e-6);
  const slopes = centralDifferences(reference, given.prediction.values);
  gradientOf(relativeSquare, given).forEach((slope, at) => assertAlmostEquals(slope, slopes[at] ?? NaN, 1e-6));
});

Deno.test("a loss of one's own joins an objective beside others, and its gradient with theirs", () => {
  const objective = sum(named("depth", l1), pipe(named("relative", relativeSquare), scale(2)));
  const joined: Loss = (...given) => totalOf(evaluateTerms(objective, 0, ...given));
  const [whole, first, second] = [joined, l1, relativeSquare].map((loss) => gradientOf(loss, given));
  whole?.forEach((slope, at) => assertAlmostEquals(slope, (first?.[at] ?? NaN) + 2 * (second?.[at] ?? NaN), 1e-6));
  assertEquals(whole?.[3], 0);
});
