import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { centralDifferences, gradientOf, lossOf, openWasm } from "./support.ts";
import { embedding, holed, pixels, reference, shape, whole, withHoles } from "./two_levels.ts";

await openWasm();

for (const [name, given] of [["a whole depth map", whole], ["a depth map with holes", holed]] as const) {
  Deno.test(`the hierarchical loss of ${name} is the formula of the paper`, () => {
    for (const weights of [[1, 10, 15], [0, 2, 0], [0, 0, 3], [4], [1, 1]]) {
      const expected = reference(weights, given, given.prediction.values, given.prediction.values);
      assertAlmostEquals(lossOf(hierarchical(embedding, weights), given), expected, 1e-5 * (1 + expected));
    }
  });

  Deno.test(`its gradient for ${name} is that of the formula by central differences`, () => {
    const weights = [1, 10, 15];
    const { values } = given.prediction;
    const expected = centralDifferences((moved) => reference(weights, given, moved, values), values);
    const found = gradientOf(hierarchical(embedding, weights), given);
    found.forEach((value, at) => assertAlmostEquals(value, expected[at] ?? NaN, 1e-4 * (1 + Math.abs(value))));
    assert(found.some((value) => Math.abs(value) > 0.1), "a gradient that is 0 everywhere shows nothing");
  });
}

Deno.test("the truth is compared with the prediction, not with itself, at every level", () => {
  const perfect = { ...holed, prediction: { shape, values: holed.target.values.map((g) => g === 0 ? 1.7 : g) } };
  assertEquals(lossOf(hierarchical(embedding, [1, 10, 15]), perfect), 0);
  assertEquals(gradientOf(hierarchical(embedding, [1, 10, 15]), perfect), Array(pixels).fill(0));
  for (const weights of [[1], [0, 1], [0, 0, 1]]) assert(lossOf(hierarchical(embedding, weights), holed) > 0.01);
});

Deno.test("without any valid pixel the hierarchical loss is 0 and pulls at nothing", () => {
  const nothing = withHoles(() => true);
  assertEquals(lossOf(hierarchical(embedding, [1, 10, 15]), nothing), 0);
  assertEquals(gradientOf(hierarchical(embedding, [1, 10, 15]), nothing), Array(pixels).fill(0));
});

Deno.test("with the depth's own weight alone it is l1, whatever the embedding", () => {
  assertAlmostEquals(lossOf(hierarchical(embedding, [3]), holed), 3 * lossOf(l1, holed), 1e-5);
});

Deno.test("more weights than the embedding has levels are an error that tells both numbers", () => {
  const error = assertThrows(() => lossOf(hierarchical(embedding, [1, 10, 15, 20]), whole));
  assert(error instanceof Error);
  assertStringIncludes(error.message, "3 level weights");
  assertStringIncludes(error.message, "2 levels");
});
