import { type Embedding, firstLevels, frozen, sobel } from "../../lib/embedding/embedding.ts";
import { reconstructionStages } from "../../lib/embedding/reconstruction.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { type Comparison, gradientOf, lossOf, openWasm, scattered } from "./support.ts";

await openWasm();

const shape = [1, 9, 12] as const;
const pixels = 108;

const scene = sceneStages([4, 6]);
const reconstruction = reconstructionStages([4, 6]);

/** Generators of the paper, with random weights: not linear, and each value depends on many pixels. */
const generators: readonly (readonly [name: string, embedding: Embedding])[] = [
  ["HEG-S", frozen(scene, scene.init(keyOf(1)))],
  ["HEG-R", frozen(reconstruction, reconstruction.init(keyOf(2)))],
];

const isHole = (at: number): boolean => at % 7 === 3 || (at >= 50 && at < 60);
const mask = Array.from({ length: pixels }, (_, at) => isHole(at) ? 0 : 1);

/** A comparison whose ground truth holds `inHoles` where there was no measurement. */
const comparison = (inHoles: number): Comparison => ({
  target: { shape, values: scattered(pixels, 0.5, 5).map((depth, at) => isHole(at) ? inHoles : depth) },
  prediction: { shape, values: scattered(pixels, 0.5, 5, 500) },
  mask: { shape, values: mask },
});

for (const [name, embedding] of generators) {
  const loss = hierarchical(embedding, [1, 10, 15]);

  Deno.test(`through ${name} a hole pulls at nothing, and every measured pixel is pulled at`, () => {
    const gradient = gradientOf(loss, comparison(0));
    gradient.forEach((value, at) =>
      assert(isHole(at) ? value === 0 : value !== 0, `pixel ${at} has gradient ${value}`)
    );
  });

  Deno.test(`through ${name} what the ground truth holds in its holes changes nothing`, () => {
    const [value, gradient] = [lossOf(loss, comparison(0)), gradientOf(loss, comparison(0))];
    for (const inHoles of [37, -2, 1e4]) {
      assertEquals(lossOf(loss, comparison(inHoles)), value);
      assertEquals(gradientOf(loss, comparison(inHoles)), gradient);
    }
  });

  Deno.test(`through ${name} a prediction that is right wherever depth was measured has no loss and no pull`, () => {
    const given = comparison(0);
    const prediction = { shape, values: given.target.values.map((depth, at) => isHole(at) ? 2.5 : depth) };
    assertEquals(lossOf(loss, { ...given, prediction }), 0);
    assertEquals(gradientOf(loss, { ...given, prediction }), Array(pixels).fill(0));
  });

  Deno.test(`the first level of ${name} alone gives the loss that a weight of 0 for the second does`, () => {
    const both = lossOf(hierarchical(embedding, [1, 10, 0]), comparison(0));
    assertAlmostEquals(lossOf(hierarchical(firstLevels(1)(embedding), [1, 10]), comparison(0)), both, 1e-5 * both);
  });
}

/** Mean |difference of the Sobel responses| along both axes, with a border of zeros, in double precision. */
const sobelDistance = (difference: readonly number[]): number => {
  const [, height, width] = shape;
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : difference[row * width + column] ?? NaN;
  let sum = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const along = (r: number, c: number) => at(row + r, column + c);
      const x = along(-1, -1) + 2 * along(0, -1) + along(1, -1) - along(-1, 1) - 2 * along(0, 1) - along(1, 1);
      const y = along(-1, -1) + 2 * along(-1, 0) + along(-1, 1) - along(1, -1) - 2 * along(1, 0) - along(1, 1);
      sum += Math.abs(x) + Math.abs(y);
    }
  }
  return sum / (2 * height * width);
};

Deno.test("hierarchical(sobel, [0, 1]) is the depth gradient loss, holes counted as no difference", () => {
  const given = comparison(0);
  const difference = given.target.values.map((g, at) => isHole(at) ? 0 : g - (given.prediction.values[at] ?? NaN));
  assertAlmostEquals(lossOf(hierarchical(sobel, [0, 1]), given), sobelDistance(difference), 1e-5);
});

Deno.test("the depth gradient loss sees no constant offset but at the border of zeros", () => {
  const given = comparison(0);
  const everywhere = { shape, values: Array(pixels).fill(1) };
  const target = { shape, values: scattered(pixels, 0.5, 5) };
  const prediction = { shape, values: target.values.map((depth) => depth + 0.5) };
  const found = lossOf(hierarchical(sobel, [0, 1]), { ...given, target, prediction, mask: everywhere });
  assertAlmostEquals(found, sobelDistance(Array(pixels).fill(0.5)), 1e-5);
});
