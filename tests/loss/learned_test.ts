import { tf } from "../../lib/dependencies/tensorflow.ts";
import { learned, learnedPartsOf, learnedWeights } from "../../lib/loss/learned.ts";
import type { Loss } from "../../lib/loss/loss.ts";
import {
  delay,
  evaluateTerms,
  learnedWeightsOf,
  named,
  type Objective,
  sum,
  totalOf,
} from "../../lib/loss/objective.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, disposeTree, leaves, mapTree } from "../../lib/tensor/tree.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, measure } from "./oracle.ts";
import { centralDifferences, contextOf, tensorOf } from "./support.ts";

const given = comparison([2, 5, 6]);

/** What an objective learns, with these values in the order of its leaves. */
const paramsWith = (objective: Objective, values: readonly number[]): Branch =>
  scope(() => {
    const params = learnedPartsOf(objective).init(keyOf(0)).params;
    const order = leaves(params).map(({ path }) => path);
    return mapTree(params, (_, path) => tf.scalar(values[order.indexOf(path)] ?? NaN));
  });

const numberOf = async (tensor: tf.Tensor): Promise<number> => {
  const [number = NaN] = await tensor.data();
  tensor.dispose();
  return number;
};

/** The value of an objective at a step and its gradient by what it learns, by path. */
const measured = async (objective: Objective, values: readonly number[], step = 0) => {
  const { value, gradients } = scope(() => {
    const [target, prediction, mask] = [tensorOf(given.target), tensorOf(given.prediction), tensorOf(given.mask)];
    const at = contextOf(given.target.shape);
    return valueAndGradient(paramsWith(objective, values), (params) => [
      totalOf(evaluateTerms(objective, step, target, prediction, mask, { ...at, params })),
      {},
    ]);
  });
  const slopes = await Promise.all(
    leaves(gradients).map(async ({ path, tensor }) => [path, await numberOf(tensor)] as const),
  );
  return { value: await numberOf(value), slopes: Object.fromEntries(slopes) };
};

onBackend("learned weights are Kendall's exp(−s) L + s / 2, with its gradient by s", async () => {
  const s = [0.7, -0.4];
  const sizes = [(await measure(l1, given)).value, (await measure(l2, given)).value];
  const formula = (s: readonly number[]): number =>
    sizes.reduce((total, size, at) => total + Math.exp(-(s[at] ?? NaN)) * size + (s[at] ?? NaN) / 2, 0);
  const { value, slopes } = await measured(learnedWeights({ l1, squares: l2 }), s);
  assertAlmostEquals(value, formula(s), 1e-4);
  const expected = centralDifferences(formula, s);
  ["l1/s", "squares/s"].forEach((path, at) => assertAlmostEquals(slopes[path] ?? NaN, expected[at] ?? NaN, 1e-4));
});

onBackend("its minimum is at s = ln 2L, and the weights that are logged are exp(−s)", async () => {
  const objective = learnedWeights({ l1, squares: l2 });
  const sizes = [(await measure(l1, given)).value, (await measure(l2, given)).value];
  const { slopes } = await measured(objective, sizes.map((size) => Math.log(2 * size)));
  Object.values(slopes).forEach((slope) => assertAlmostEquals(slope, 0, 1e-4));
  const params = paramsWith(objective, [0, Math.log(4)]);
  const weights = scope(() => learnedWeightsOf(objective, params));
  const numbers = await Promise.all(Object.values(weights).map(numberOf));
  assertEquals(Object.keys(weights), ["l1", "squares"]);
  [1, 0.25].forEach((weight, at) => assertAlmostEquals(numbers[at] ?? NaN, weight, 1e-6));
  disposeTree(params);
});

/** |d − d*| times a gain that is learned. */
const gained = learned<{ readonly gain: tf.Scalar }>("gained", {
  form: { gain: [] },
  init: () => ({ gain: tf.scalar(3) }),
  loss: ({ gain }): Loss => (target, prediction, mask) => tf.mul(l1(target, prediction, mask), gain),
});

onBackend("a loss with parameters of its own learns them, beside losses that learn nothing", async () => {
  const { value: size } = await measure(l1, given);
  const { value, slopes } = await measured(sum(named("l1", l1), gained), [3]);
  assertAlmostEquals(value, 4 * size, 1e-4);
  assertAlmostEquals(slopes["gained/gain"] ?? NaN, size, 1e-5);
});

onBackend("what a term learns stays as it is while the term is left out", async () => {
  const objective = sum(named("l1", l1), delay(10)(gained));
  const { value: size } = await measure(l1, given);
  const { value, slopes } = await measured(objective, [3], 9);
  assertAlmostEquals(value, size, 1e-5);
  assertEquals(slopes, { "gained/gain": 0 });
  assert((await measured(objective, [3], 10)).value > value);
});

Deno.test("two terms that learn need two names", () => {
  assertStringIncludes(String(assertThrows(() => learnedPartsOf(sum(gained, gained)))), '"gained"');
  assertEquals(learnedPartsOf(sum(named("gained", l1), gained)).form.params, { gained: { gain: [] } });
});
