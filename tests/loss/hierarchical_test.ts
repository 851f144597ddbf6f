import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "../../tasks/std.ts";
import { centralDifferences, type Comparison, gradientOf, lossOf, openWasm, scattered } from "./support.ts";

await openWasm();

const shape = [2, 4, 4] as const;
const pixels = 32;

/** The weights of a 2×2 convolution of stride 2. */
const taps = [0.7, -0.4, 0.3, 0.9];

/** Two levels, neither of them linear: [d², d³/3] of every pixel, and the square of a weighted sum of 2×2 pixels. */
const embedding: Embedding = (depth) => {
  const cube = tf.div(tf.mul(depth, tf.square(depth)), 3);
  const first = asFeatures(2, tf.concat([tf.square(depth), cube], 3));
  const mixed = tf.conv2d<tf.Tensor4D>(depth, tf.tensor4d(taps, [2, 2, 1, 1]), 2, "valid");
  return [first, asFeatures(1, tf.square(mixed))];
};

/** The same levels in double precision, from loops. */
const referenceLevels = (depth: readonly number[]): readonly (readonly number[])[] => {
  const first = depth.flatMap((d) => [d * d, d ** 3 / 3]);
  const second: number[] = [];
  for (let image = 0; image < 2; image++) {
    for (let row = 0; row < 4; row += 2) {
      for (let column = 0; column < 4; column += 2) {
        const at = image * 16 + row * 4 + column;
        const mixed = [at, at + 1, at + 4, at + 5].reduce(
          (sum, from, tap) => sum + (taps[tap] ?? NaN) * (depth[from] ?? NaN),
          0,
        );
        second.push(mixed * mixed);
      }
    }
  }
  return [first, second];
};

const meanDistance = (first: readonly number[], second: readonly number[]): number =>
  first.reduce((sum, value, at) => sum + Math.abs(value - (second[at] ?? NaN)), 0) / first.length;

/** The paper's formula; `holes` holds what stands in holes on both sides. */
const reference = (
  weights: readonly number[],
  { target, mask }: Comparison,
  prediction: readonly number[],
  holes: readonly number[],
): number => {
  const filled = (depth: readonly number[]) => depth.map((d, at) => (mask.values[at] === 1 ? d : holes[at]) ?? NaN);
  const [truth, guess] = [filled(target.values), filled(prediction)];
  const count = mask.values.filter((valid) => valid === 1).length;
  const pixelTerm = truth.reduce((sum, g, at) => sum + Math.abs(g - (guess[at] ?? NaN)), 0) / Math.max(count, 1);
  const [truthLevels, guessLevels] = [referenceLevels(truth), referenceLevels(guess)];
  const [w0 = 0, ...others] = weights;
  return others.reduce(
    (sum, weight, level) => sum + weight * meanDistance(truthLevels[level] ?? [], guessLevels[level] ?? []),
    w0 * pixelTerm,
  );
};

const withHoles = (isHole: (at: number) => boolean): Comparison => {
  const mask = Array.from({ length: pixels }, (_, at) => isHole(at) ? 0 : 1);
  const target = scattered(pixels, 0.5, 3).map((depth, at) => isHole(at) ? 0 : depth);
  return {
    target: { shape, values: target },
    prediction: { shape, values: scattered(pixels, 0.5, 3, 1000) },
    mask: { shape, values: mask },
  };
};

const whole = withHoles(() => false);
const holed = withHoles((at) => at % 5 === 0 || (at > 20 && at < 25));

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
