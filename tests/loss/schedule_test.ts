import fc from "fast-check";
import { constant, ramp, stepwise, times } from "../../lib/optim/transformation.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";

Deno.test("the stepwise schedule changes exactly at its boundaries", () => {
  const schedule = stepwise(1e-4, [80_000, 120_000, 160_000], 0.1);
  const cases = [[0, 4], [79_999, 4], [80_000, 5], [119_999, 5], [120_000, 6], [159_999, 6], [160_000, 7], [1e9, 7]];
  for (const [step = 0, exponent = 0] of cases) {
    const relative = schedule(step) / 10 ** -exponent;
    assertAlmostEquals(relative, 1, 1e-12, `step ${step}`);
  }
});

Deno.test("the order of the boundaries does not matter, and one that is named twice counts twice", () => {
  assertEquals(stepwise(8, [30, 10, 20], 0.5)(25), 2);
  assertEquals(stepwise(8, [10, 10], 0.5)(9), 8);
  assertEquals(stepwise(8, [10, 10], 0.5)(10), 2);
  assertEquals(stepwise(8, [], 0.5)(1e9), 8);
});

Deno.test("the ramp is 0 at step 0, linear, 1 at its last step, and never more", () => {
  assertEquals(ramp(4)(0), 0);
  assertEquals([1, 2, 3, 4, 5, 400].map(ramp(4)), [0.25, 0.5, 0.75, 1, 1, 1]);
  assertEquals([0, 1, 2].map(ramp(0)), [1, 1, 1]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat({ max: 1000 }), (steps, step) => {
    const value = ramp(steps)(step);
    assert(value >= 0 && value <= 1);
    assert(step > steps || Math.abs(value * steps - step) < 1e-9);
  }));
});

Deno.test("a constant is the same at every step, and a product multiplies step by step", () => {
  assertEquals([0, 7, 1e9].map(constant(3)), [3, 3, 3]);
  assertEquals([0, 1, 2, 3, 4].map(times(ramp(2), stepwise(8, [3], 0.5))), [0, 4, 8, 4, 4]);
});
