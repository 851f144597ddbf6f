import fc from "fast-check";
import { pairedDifference, spreadOf } from "../../lib/metrics/statistics.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";

/** Hours of more sleep of ten patients with two drugs (Student 1908), and what every textbook says of them. */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

const bySeed = (values: readonly number[]): ReadonlyMap<number, number> =>
  new Map(values.map((value, seed) => [seed, value]));

Deno.test("the paired difference of Student's own data has its published interval", () => {
  const spread = pairedDifference(bySeed(first), bySeed(second));
  assert(spread !== null && spread.interval !== null);
  assertEquals(spread.count, 10);
  assertAlmostEquals(spread.mean, -1.58, 1e-12);
  assertAlmostEquals(spread.deviation ?? NaN, 1.229995, 1e-6);
  assertAlmostEquals(spread.interval[0], -2.4598858, 1e-7);
  assertAlmostEquals(spread.interval[1], -0.7001142, 1e-7);
});

Deno.test("a single value has a mean and nothing else, and none has nothing", () => {
  assertEquals(spreadOf([0.25]), { count: 1, mean: 0.25, deviation: null, interval: null });
  assertEquals(spreadOf([]), null);
});

Deno.test("only seeds that both rows have are compared", () => {
  const [values, baseline] = [new Map([[1, 5], [2, 7], [9, 100]]), new Map([[2, 6], [1, 3], [4, -50]])];
  assertEquals(pairedDifference(values, baseline)?.mean, 1.5);
  assertEquals(pairedDifference(new Map([[1, 5]]), new Map([[2, 5]])), null);
});

Deno.test("what both rows have in common at a seed does not change their difference", () => {
  const number = fc.integer({ min: -1000, max: 1000 });
  fc.assert(fc.property(fc.array(fc.tuple(number, number, number), { minLength: 2, maxLength: 8 }), (drawn) => {
    const plain = pairedDifference(bySeed(drawn.map(([a]) => a)), bySeed(drawn.map(([, b]) => b)));
    const shifted = pairedDifference(bySeed(drawn.map(([a, , c]) => a + c)), bySeed(drawn.map(([, b, c]) => b + c)));
    assertEquals(shifted, plain);
    assert(plain !== null && plain.interval !== null && plain.interval[0] <= plain.mean);
    assertAlmostEquals(plain.interval[0] + plain.interval[1], 2 * plain.mean, 1e-9 * (1 + Math.abs(plain.mean)));
  }));
});
