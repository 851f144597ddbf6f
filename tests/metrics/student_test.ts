import fc from "fast-check";
import { studentQuantile } from "../../lib/metrics/statistics.ts";
import { assert, assertAlmostEquals, assertThrows } from "../std.ts";

/** From the usual tables: the t within whose ± a share lies. */
const known: readonly (readonly [share: number, freedom: number, t: number])[] = [
  [0.95, 1, 12.706204736432095],
  [0.95, 2, 4.302652729911275],
  [0.95, 3, 3.182446305284263],
  [0.95, 4, 2.7764451051977987],
  [0.95, 5, 2.5705818366147395],
  [0.95, 9, 2.2621571627409915],
  [0.95, 30, 2.0422724563012373],
  [0.95, 100, 1.9839715184496334],
  [0.99, 2, 9.92484320091807],
  [0.9, 7, 1.894578605061305],
];

Deno.test("the quantiles of Student's distribution are those of the tables", () => {
  known.forEach(([share, freedom, t]) => assertAlmostEquals(studentQuantile(share, freedom), t, 1e-9 * t));
});

Deno.test("of one and two degrees of freedom they are the closed forms", () => {
  fc.assert(fc.property(fc.double({ min: 0.01, max: 0.999, noNaN: true }), (share) => {
    const cauchy = Math.tan(Math.PI / 2 * share);
    assertAlmostEquals(studentQuantile(share, 1), cauchy, 1e-9 * cauchy);
    const second = share * Math.sqrt(2 / (1 - share ** 2));
    assertAlmostEquals(studentQuantile(share, 2), second, 1e-9 * second);
  }));
});

Deno.test("they fall with the degrees of freedom towards those of the normal distribution", () => {
  const degrees = Array.from({ length: 60 }, (_, at) => at + 1);
  degrees.slice(1).forEach((freedom) => assert(studentQuantile(0.95, freedom) < studentQuantile(0.95, freedom - 1)));
  assertAlmostEquals(studentQuantile(0.95, 1_000_000), 1.959963984540054, 1e-5);
});

Deno.test("what is no share or no degree of freedom throws", () => {
  [[0, 1], [1, 1], [NaN, 1], [0.95, 0], [0.95, 1.5], [0.95, -1]].forEach(([share = 0, freedom = 0]) =>
    assertThrows(() => studentQuantile(share, freedom))
  );
});
