import fc from "fast-check";
import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import {
  delay,
  evaluateTerms,
  named,
  type Objective,
  objectiveMonoid,
  scale,
  sum,
  totalOf,
  warmup,
} from "../../lib/loss/objective.ts";
import type { Loss } from "../../lib/loss/loss.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "../std.ts";
import { type Comparison, contextOf, lossOf, openWasm, tensorOf } from "./support.ts";

await openWasm();

const shape = [1, 2, 2] as const;
const given: Comparison = {
  target: { shape, values: [1, 2, 3, 0] },
  prediction: { shape, values: [1.5, 4, 3, 9] },
  mask: { shape, values: [1, 1, 1, 0] },
};

const constantLoss = (value: number): Loss => () => tf.scalar(value);

/** The weighted terms at a step, and their total, as numbers. */
const evaluated = (objective: Objective, step: number): readonly [Readonly<Record<string, number>>, number] =>
  scope(() => {
    const { target, prediction, mask } = given;
    const at = contextOf(target.shape);
    const terms = evaluateTerms(objective, step, tensorOf(target), tensorOf(prediction), tensorOf(mask), at);
    const values = Object.entries(terms).map(([name, value]) => [name, value.dataSync()[0] ?? NaN]);
    return [Object.fromEntries(values), totalOf(terms).dataSync()[0] ?? NaN];
  });

const weightsAt = (objective: Objective, step: number): readonly number[] =>
  objective.map(({ weight }) => weight(step));

const losses = [l1, l2, constantLoss(3)];
const objectives: fc.Arbitrary<Objective> = fc.array(
  fc.record({
    name: fc.constantFrom("depth", "scene", "custom", "toString"),
    factor: fc.integer({ min: 0, max: 8 }),
    steps: fc.integer({ min: 0, max: 5 }),
    loss: fc.constantFrom(...losses),
  }),
  { maxLength: 4 },
).map((terms) =>
  sum(...terms.map(({ name, factor, steps, loss }) => pipe(named(name, loss), scale(factor), warmup(steps))))
);

Deno.test("objectives form a monoid: the grouping of a sum does not matter, and the empty one adds nothing", () => {
  const { concat, empty } = objectiveMonoid;
  fc.assert(fc.property(objectives, objectives, objectives, (a, b, c) => {
    assertEquals(concat(a, concat(b, c)), concat(concat(a, b), c));
    assertEquals(concat(empty, a), a);
    assertEquals(concat(a, empty), a);
    assertEquals(concat(a, concat(b, c)), sum(a, b, c));
  }));
});

Deno.test("the total of a sum of objectives is the sum of their totals, at every step", () => {
  fc.assert(
    fc.property(objectives, objectives, fc.nat({ max: 7 }), (a, b, step) => {
      const [together, first, second] = [sum(a, b), a, b].map((objective) => evaluated(objective, step)[1]);
      assertAlmostEquals(together ?? NaN, (first ?? NaN) + (second ?? NaN), 1e-4);
    }),
    { numRuns: 40 },
  );
});

Deno.test("the terms' weights are those of the schedules at the step, times the loss", () => {
  const objective = sum(named("first", l1), pipe(named("second", l2), scale(0.5), warmup(10)));
  const [one, two] = [lossOf(l1, given), lossOf(l2, given)];
  assertAlmostEquals(one, 2.5 / 3, 1e-6);
  assertAlmostEquals(two, 4.25 / 3, 1e-6);
  for (const [step, ramp] of [[0, 0], [1, 0.1], [4, 0.4], [10, 1], [11, 1]] as const) {
    const [terms, total] = evaluated(objective, step);
    assertEquals(Object.keys(terms), ["first", "second"]);
    assertAlmostEquals(terms.first ?? NaN, one, 1e-6);
    assertAlmostEquals(terms.second ?? NaN, two * 0.5 * ramp, 1e-6);
    assertAlmostEquals(total, one + two * 0.5 * ramp, 1e-6);
  }
});

Deno.test("terms of one name are added, and names that every object has are names like others", () => {
  const objective = sum(
    named("toString", constantLoss(2)),
    named("other", constantLoss(5)),
    pipe(named("toString", constantLoss(3)), scale(10)),
  );
  assertEquals(evaluated(objective, 0), [{ toString: 32, other: 5 }, 37]);
});

Deno.test("an objective without terms is 0", () => assertEquals(evaluated([], 3), [{}, 0]));

Deno.test("a named loss has weight 1 at every step", () => {
  for (const step of [0, 1, 1e6]) assertEquals(weightsAt(named("depth", l1), step), [1]);
  assertEquals(named("depth", l1).map(({ name, loss }) => [name, loss]), [["depth", l1]]);
});

Deno.test("scaling twice is scaling by the product, and reaches every term", () => {
  fc.assert(
    fc.property(objectives, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.nat({ max: 7 }), (
      objective,
      a,
      b,
      step,
    ) => {
      const before = weightsAt(objective, step);
      const after = weightsAt(pipe(objective, scale(a), scale(b)), step);
      after.forEach((weight, at) => assertAlmostEquals(weight, a * b * (before[at] ?? NaN), 1e-9));
      assertEquals(after.length, before.length);
    }),
  );
});

Deno.test("warm-up takes every weight linearly from 0 at step 0 to its own at the last step, and keeps it there", () => {
  const objective = pipe(sum(named("a", l1), pipe(named("b", l2), scale(4))), warmup(100));
  const found = [0, 1, 25, 99, 100, 101, 1e6].map((step) => weightsAt(objective, step));
  const expected = [0, 0.01, 0.25, 0.99, 1, 1, 1].map((ramp) => [ramp, 4 * ramp]);
  found.flat().forEach((weight, at) => assertAlmostEquals(weight, expected.flat()[at] ?? NaN, 1e-12));
  assertEquals(found[0], [0, 0]);
  assertEquals(found[4], [1, 4]);
  assertEquals(weightsAt(pipe(named("a", l1), warmup(0)), 0), [1]);
});

Deno.test("a delayed term is left out at first, and its warm-up begins after the delay", () => {
  const delayed = sum(named("first", l1), pipe(named("second", l2), warmup(10), delay(5)));
  const two = lossOf(l2, given);
  for (const [step, ramp] of [[0, 0], [4, 0], [5, 0], [6, 0.1], [15, 1], [99, 1]] as const) {
    assertAlmostEquals(evaluated(delayed, step)[0].second ?? NaN, two * ramp, 1e-6);
  }
});

Deno.test("a term of weight 0 is not computed where others count, but gradients exist where it is alone", () => {
  const refuses: Loss = () => {
    throw new Error("computed");
  };
  const objective = sum(named("first", l1), pipe(named("second", refuses), delay(3)));
  assertEquals(evaluated(objective, 2)[0].second, 0);
  assertThrows(() => evaluated(objective, 3));
  assertThrows(() => evaluated(pipe(named("second", refuses), delay(3)), 0));
});
