import fc from "fast-check";
import { associate, type Timed } from "../../lib/data/tum.ts";
import { assertEquals } from "../std.ts";

const at = (...times: readonly number[]): readonly Timed[] => times.map((microseconds) => ({ microseconds }));

const timesOf = (first: readonly Timed[], second: readonly Timed[], within = 20_000): readonly (readonly number[])[] =>
  associate(first, second, within).map(([one, other]) => [one.microseconds, other.microseconds]);

Deno.test("the closest pair is taken first, so that a nearer partner wins over an earlier one", () => {
  assertEquals(timesOf(at(0, 10_000), at(9_000)), [[10_000, 9_000]]);
  assertEquals(timesOf(at(0, 10_000), at(9_000, 12_000)), [[0, 12_000], [10_000, 9_000]]);
});

Deno.test("what is just closer than the limit is a pair, the limit itself is not", () => {
  assertEquals(timesOf(at(0), at(19_999)), [[0, 19_999]]);
  assertEquals(timesOf(at(0), at(20_000)), []);
  assertEquals(timesOf(at(20_000), at(0)), []);
});

Deno.test("of equally close partners the earlier is taken", () => {
  assertEquals(timesOf(at(5_000), at(9_000, 1_000)), [[5_000, 1_000]]);
});

Deno.test("pairs come in the order of time, whatever the order of the lists", () => {
  assertEquals(timesOf(at(200_000, 100_000), at(101_000, 199_000)), [[100_000, 101_000], [200_000, 199_000]]);
});

/** The published procedure, by its definition: go through all pairs by difference, and take those still free. */
const byDefinition = (first: readonly number[], second: readonly number[], within: number) => {
  const all = first.flatMap((a) => second.map((b) => [Math.abs(a - b), a, b] as const)).filter(([d]) => d < within);
  all.sort(([d, a, b], [e, f, g]) => d - e || a - f || b - g);
  const free = [new Set(first), new Set(second)] as const;
  const pairs: [number, number][] = [];
  for (const [, a, b] of all) {
    if (!free[0].has(a) || !free[1].has(b)) continue;
    free[0].delete(a);
    free[1].delete(b);
    pairs.push([a, b]);
  }
  return pairs.sort(([a], [b]) => a - b);
};

Deno.test("pairs are those of the published procedure, each frame in one at most", () => {
  const times = fc.uniqueArray(fc.nat({ max: 400 }), { maxLength: 25 });
  fc.assert(fc.property(times, times, fc.integer({ min: 1, max: 60 }), (first, second, within) => {
    assertEquals(timesOf(at(...first), at(...second), within), byDefinition(first, second, within));
  }));
});
