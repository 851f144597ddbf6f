import { tf } from "../../lib/dependencies/tensorflow.ts";
import { type Embedding, sobel } from "../../lib/embedding/embedding.ts";
import { hierarchical, levelMaps } from "../../lib/loss/hierarchical.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { type Comparison, lossOf, openWasm, scattered, tensorOf } from "./support.ts";
import { embedding, holed, pixels, referenceLevels, whole, withHoles } from "./two_levels.ts";

await openWasm();

/** A map as numbers. */
interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const mapsOf = (generator: Embedding, { target, prediction, mask }: Comparison): readonly Numbers[] =>
  scope(() =>
    levelMaps(generator, tensorOf(target), tensorOf(prediction), tensorOf(mask)).map((map) => ({
      shape: [...map.shape],
      values: Array.from(map.dataSync()),
    }))
  );

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean over channels of |G_k(d*) − G_k(d)| in double precision, holes of the truth filled with the prediction. */
const referenceMaps = ({ target, prediction, mask }: Comparison): readonly (readonly number[])[] => {
  const filled = target.values.map((d, at) => (mask.values[at] === 1 ? d : prediction.values[at]) ?? NaN);
  const [truth, guess] = [referenceLevels(filled), referenceLevels(prediction.values)];
  return truth.map((values, level) => {
    const channels = level === 0 ? 2 : 1;
    const differences = values.map((value, at) => Math.abs(value - (guess[level]?.[at] ?? NaN)));
    return Array.from(
      { length: values.length / channels },
      (_, at) => mean(differences.slice(at * channels, (at + 1) * channels)),
    );
  });
};

for (const [name, given] of [["a whole depth map", whole], ["a depth map with holes", holed]] as const) {
  Deno.test(`the level maps of ${name} are mean |G(d*) - G(d)| over channels, each at its level's size`, () => {
    const maps = mapsOf(embedding, given);
    assertEquals(maps.map((map) => map.shape), [[2, 4, 4, 1], [2, 2, 2, 1]]);
    referenceMaps(given).forEach((expected, level) => {
      const values = maps[level]?.values ?? [];
      assertEquals(values.length, expected.length);
      values.forEach((value, at) => assertAlmostEquals(value, expected[at] ?? NaN, 1e-5 * (1 + value)));
      assert(values.some((value) => value > 0.1), "a map that is 0 everywhere shows nothing");
    });
  });

  Deno.test(`the weighted means of the level maps of ${name} and L1 are the hierarchical loss`, () => {
    const weights = [1, 10, 15] as const;
    const [first, second] = mapsOf(embedding, given).map(({ values }) => mean(values));
    const expected = lossOf(l1, given) + weights[1] * (first ?? NaN) + weights[2] * (second ?? NaN);
    assertAlmostEquals(lossOf(hierarchical(embedding, weights), given), expected, 1e-5 * expected);
  });
}

Deno.test("the map of the Sobel generator is the mean of both absolute differences of responses", () => {
  const columns = 5;
  const values = scattered(3 * columns, 1, 4);
  const truth = { shape: [1, 3, columns] as const, values };
  // A prediction that is 0.5 m too far in one pixel: its response is that of an impulse, half of Sobel's weights around it.
  const prediction = { ...truth, values: values.map((value, at) => at === columns + 2 ? value + 0.5 : value) };
  const mask = { ...truth, values: values.map(() => 1) };
  const [map] = mapsOf(sobel, { target: truth, prediction, mask });
  const expected = [[0, 0.5, 0.5, 0.5, 0], [0, 0.5, 0, 0.5, 0], [0, 0.5, 0.5, 0.5, 0]].flat();
  map?.values.forEach((value, at) => assertAlmostEquals(value, expected[at] ?? NaN, 1e-5));
  assertEquals(map?.shape, [1, 3, columns, 1]);
});

Deno.test("without any valid pixel the level maps are 0", () => {
  const maps = mapsOf(embedding, withHoles(() => true));
  assertEquals(maps.map(({ values }) => values), [Array(pixels).fill(0), Array(8).fill(0)]);
});

Deno.test("level maps leave no tensors behind but the maps", () => {
  const [target, prediction, mask] = [holed.target, holed.prediction, holed.mask].map(tensorOf);
  assert(target !== undefined && prediction !== undefined && mask !== undefined);
  const before = tf.memory().numTensors;
  const maps = scope(() => levelMaps(embedding, target, prediction, mask));
  assertEquals(tf.memory().numTensors, before + 2);
  tf.dispose([...maps, target, prediction, mask]);
});
