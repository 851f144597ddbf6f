import { pullOf } from "../../lib/loss/explanation.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { type Loss, noLoss, scaleLoss } from "../../lib/loss/loss.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { centralDifferences, type Comparison, contextOf, openWasm, tensorOf } from "./support.ts";
import { embedding, holed, pixels, reference, whole } from "./two_levels.ts";

await openWasm();

const pullsOf = (loss: Loss, { target, prediction, mask }: Comparison): readonly number[] =>
  scope(() => {
    const at = contextOf(target.shape);
    return Array.from(pullOf(loss, tensorOf(target), tensorOf(prediction), tensorOf(mask), at).dataSync());
  });

const validPixels = ({ mask }: Comparison): number => mask.values.filter((valid) => valid === 1).length;

Deno.test("L1 pulls by 1 towards the truth at every valid pixel, and at no hole", () => {
  for (const given of [whole, holed]) {
    pullsOf(l1, given).forEach((pull, at) => {
      const [truth = NaN, prediction = NaN] = [given.target.values[at], given.prediction.values[at]];
      const expected = given.mask.values[at] === 1 ? Math.sign(truth - prediction) : 0;
      assertAlmostEquals(pull, expected, 1e-5);
    });
  }
});

Deno.test("L2 pulls by twice the error, farther where the prediction is too near", () => {
  pullsOf(l2, holed).forEach((pull, at) => {
    const [truth = NaN, prediction = NaN] = [holed.target.values[at], holed.prediction.values[at]];
    assertAlmostEquals(pull, holed.mask.values[at] === 1 ? 2 * (truth - prediction) : 0, 1e-4);
  });
});

for (const [name, given] of [["a whole depth map", whole], ["a depth map with holes", holed]] as const) {
  Deno.test(`the pull of the hierarchical loss on ${name} is that of the formula by central differences`, () => {
    const weights = [0, 10, 15];
    const { values } = given.prediction;
    const gradient = centralDifferences((moved) => reference(weights, given, moved, values), values);
    const found = pullsOf(hierarchical(embedding, weights), given);
    found.forEach((pull, at) =>
      assertAlmostEquals(pull, -(gradient[at] ?? NaN) * validPixels(given), 1e-4 * (1 + Math.abs(pull)))
    );
    assert(found.some((pull) => Math.abs(pull) > 1), "a pull that is 0 everywhere shows nothing");
  });
}

Deno.test("a loss with a weight pulls as many times as strongly, one of weight 0 at nothing", () => {
  const loss = hierarchical(embedding, [0, 1]);
  const [once, twice] = [pullsOf(loss, holed), pullsOf(scaleLoss(2)(loss), holed)];
  twice.forEach((pull, at) => assertAlmostEquals(pull, 2 * (once[at] ?? NaN), 1e-5 * (1 + Math.abs(pull))));
  for (const nothing of [noLoss, scaleLoss(0)(loss)]) {
    assertEquals(pullsOf(nothing, holed).map(Math.abs), Array(pixels).fill(0));
  }
});
