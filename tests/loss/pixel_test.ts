import fc from "fast-check";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { addLosses, type Loss, noLoss, scaleLoss } from "../../lib/loss/loss.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { maskedMean } from "../../lib/nn/operations.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { type Comparison, gradientOf, lossOf, openWasm, scattered } from "./support.ts";

await openWasm();

const shape = [2, 2, 3] as const;
const pixels = 12;

const comparison = (target: readonly number[], prediction: readonly number[], mask: readonly number[]): Comparison => ({
  target: { shape, values: target.map((value, at) => value * (mask[at] ?? 0)) },
  prediction: { shape, values: prediction },
  mask: { shape, values: mask },
});

const depths = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: pixels, maxLength: pixels });
const masks = fc.array(fc.constantFrom(0, 1), { minLength: pixels, maxLength: pixels });

/** The mean of `penalty` over valid pixels in double precision. */
const meanOverValid = (penalty: (difference: number) => number, { target, prediction, mask }: Comparison): number => {
  const valid = target.values.flatMap((g, at) => mask.values[at] === 1 ? [(prediction.values[at] ?? NaN) - g] : []);
  return valid.length === 0 ? 0 : valid.map(penalty).reduce((sum, value) => sum + value, 0) / valid.length;
};

const penalties: readonly (readonly [name: string, loss: Loss, penalty: (x: number) => number])[] = [
  ["l1", l1, Math.abs],
  ["l2", l2, (x) => x * x],
];

for (const [name, loss, penalty] of penalties) {
  Deno.test(`${name} is the mean over the valid pixels of the whole batch`, () => {
    fc.assert(
      fc.property(depths, depths, masks, (target, prediction, mask) => {
        const given = comparison(target, prediction, mask);
        const expected = meanOverValid(penalty, given);
        assertAlmostEquals(lossOf(loss, given), expected, 1e-5 * (1 + expected));
      }),
      { numRuns: 50 },
    );
  });

  Deno.test(`${name} without any valid pixel is 0 and pulls at nothing`, () => {
    const given = comparison(Array(pixels).fill(2), Array(pixels).fill(5), Array(pixels).fill(0));
    assertEquals(lossOf(loss, given), 0);
    assertEquals(gradientOf(loss, given), Array(pixels).fill(0));
  });

  Deno.test(`${name} does not pull at holes, nor at pixels that are right already`, () => {
    const target = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6];
    const prediction = [1, 3, 3, 2, 5, 6, 1, 9, 3, 4, 5, 6];
    const mask = [1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1];
    const gradient = gradientOf(loss, comparison(target, prediction, mask));
    const pulled = gradient.flatMap((value, at) => value === 0 ? [] : [at]);
    assertEquals(pulled, [1, 3]);
  });
}

Deno.test("the gradient of l1 is the sign of prediction − truth over the count of valid pixels", () => {
  const given = comparison([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5, 2, 1, 4, 3, 6, 5], [
    ...[1, 1, 1, 0, 0, 0],
    ...[1, 1, 1, 1, 1, 0],
  ]);
  const expected = [1, -1, 1, 0, 0, 0, 1, -1, 1, -1, 1, 0].map((sign) => sign / 8);
  gradientOf(l1, given).forEach((value, at) => assertAlmostEquals(value, expected[at] ?? NaN, 1e-7));
});

Deno.test("the gradient of l2 is twice prediction − truth over the count of valid pixels", () => {
  const given = comparison([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], [3, 1, 3.5, 4, 9, 5, 1, 1, 1, 1, 1, 1], [
    ...[1, 1, 1, 1, 0, 0],
    ...[1, 0, 0, 0, 0, 0],
  ]);
  const expected = [2, -1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((difference) => 2 * difference / 5);
  gradientOf(l2, given).forEach((value, at) => assertAlmostEquals(value, expected[at] ?? NaN, 1e-6));
});

Deno.test("the mean over valid pixels of a constant is that constant, however many pixels are valid", () => {
  fc.assert(
    fc.property(masks.filter((mask) => mask.includes(1)), depths, (mask, depth) => {
      const constant: Loss = (_, prediction, valid) => maskedMean(prediction.mul(0).add(3), valid);
      assertAlmostEquals(lossOf(constant, comparison(depth, depth, mask)), 3, 1e-6);
    }),
    { numRuns: 30 },
  );
});

Deno.test("the means of large batches keep their digits", () => {
  const [large, size] = [[4, 228, 304] as const, 4 * 228 * 304];
  const [prediction, target] = [scattered(size, 1, 9).map(Math.fround), Array(size).fill(0.5)];
  const given: Comparison = {
    target: { shape: large, values: target },
    prediction: { shape: large, values: prediction },
    mask: { shape: large, values: Array(size).fill(1) },
  };
  for (const [name, loss, penalty] of penalties) {
    const expected = meanOverValid(penalty, given);
    assertAlmostEquals(lossOf(loss, given) / expected, 1, 1e-5, name);
  }
  const identity = hierarchical((depth) => [depth], [0, 1]);
  assertAlmostEquals(lossOf(identity, given) / meanOverValid(Math.abs, given), 1, 1e-5);
});

Deno.test("losses add and scale as numbers do, and noLoss adds nothing", () => {
  const given = comparison([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], Array(pixels).fill(3), Array(pixels).fill(1));
  const [first, second] = [lossOf(l1, given), lossOf(l2, given)];
  assert(first > 0 && second > 0 && first !== second);
  assertAlmostEquals(lossOf(addLosses(l1, scaleLoss(0.25)(l2)), given), first + 0.25 * second, 1e-5);
  assertEquals(lossOf(addLosses(noLoss, l1), given), first);
  assertEquals(lossOf(addLosses(l1, noLoss), given), first);
});
