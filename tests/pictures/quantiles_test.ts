import fc from "fast-check";
import { quantiles } from "../../lib/pictures/quantiles.ts";
import { assertAlmostEquals, assertEquals } from "../std.ts";

const all = (): boolean => true;

/** By sorting a copy, and interpolating as NumPy does. */
const sortedQuantiles = (values: Float32Array, fractions: readonly number[]): readonly number[] => {
  const sorted = values.toSorted();
  return fractions.map((fraction) => {
    const position = fraction * (sorted.length - 1);
    const [below, above] = [sorted.at(Math.floor(position)) ?? NaN, sorted.at(Math.ceil(position)) ?? NaN];
    return below + (above - below) * (position - Math.floor(position));
  });
};

const fractions = [0, 0.02, 0.5, 0.731, 0.98, 1];

Deno.test("quantiles are those of evenly spaced values", () => {
  const values = Float32Array.from({ length: 101 }, (_, index) => 100 - index);
  for (const percent of [0, 2, 2.5, 50, 98, 100]) {
    assertAlmostEquals(quantiles(values, all, [percent / 100])?.[0] ?? NaN, percent, 1e-9);
  }
  assertEquals(quantiles(Float32Array.of(7), all, [0.3, 0]), [7, 7]);
});

Deno.test("counted quantiles are the sorted ones to the last bit, whatever the values", () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
  const close = fc.constantFrom(1, 1 + 2 ** -23, 1 - 2 ** -24, 2, -1, 0, -0, 2 ** -149, -(2 ** -149));
  fc.assert(fc.property(fc.array(fc.oneof(finite, close), { minLength: 1, maxLength: 60 }), (list) => {
    const values = Float32Array.from(list);
    // Of −0 and 0, which are one number, either may be meant: a 0 added makes them the same.
    const [counted, sorted] = [quantiles(values, all, fractions), sortedQuantiles(values, fractions)];
    assertEquals(counted?.map((value) => value + 0), sorted.map((value) => value + 0));
  }));
});

Deno.test("quantiles of a hundred thousand smooth depths are the sorted ones", () => {
  const values = Float32Array.from({ length: 100_000 }, (_, at) => 3 + 2 * Math.sin(at / 1000) + (at % 7) / 1000);
  assertEquals(quantiles(values, all, fractions), sortedQuantiles(values, fractions));
});

Deno.test("only valid values count, and without any there are no quantiles", () => {
  const values = Float32Array.of(NaN, 5, Infinity, -3, 1, -Infinity, 0);
  assertEquals(quantiles(values, (value) => value > 0 && value < Infinity, [0, 1]), [1, 5]);
  assertEquals(quantiles(values, (value) => value > 100 && value < Infinity, [0.5]), null);
  assertEquals(quantiles(new Float32Array(0), all, [0.5]), null);
});

Deno.test("a part of an array has the quantiles of its own values", () => {
  const values = Float32Array.of(100, 1, 2, 3, -100);
  assertEquals(quantiles(values.subarray(1, 4), all, [0, 0.5, 1]), [1, 2, 3]);
});
