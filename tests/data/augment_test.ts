import fc from "fast-check";
import { composeAugmentations, mirror, randomMirror } from "../../lib/data/augment.ts";
import type { Sample } from "../../lib/data/dataset.ts";
import { foldIn, type Key, keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertNotEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

const samples: fc.Arbitrary<Sample> = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.nat())
  .map(([height, width, seed]) =>
    sampleOf(
      height,
      width,
      (row, column, channel) => (seed + 31 * row + 17 * column + 5 * channel) % 256,
      (row, column) => (seed % 7) + row + column / 8,
    )
  );
const manyKeys: readonly Key[] = Array.from({ length: 60 }, (_, at) => foldIn(keyOf(3), at));

Deno.test("the mirror of the mirror is the sample", () => {
  fc.assert(fc.property(samples, (sample) => assertEquals(mirror(mirror(sample)), sample)));
});

Deno.test("the mirror exchanges left and right in image, depth and camera alike", () => {
  const sample = sampleOf(
    2,
    5,
    (row, column, channel) => 100 * row + 10 * column + channel,
    (row, column) => row + column / 8,
  );
  const mirrored = mirror(sample);
  const expected = sampleOf(
    2,
    5,
    (row, column, channel) => 100 * row + 10 * (4 - column) + channel,
    (row, column) => row + (4 - column) / 8,
  );
  assertEquals(mirrored.image, expected.image);
  assertEquals(mirrored.depth, expected.depth);
  assertEquals(mirrored.intrinsics, { fx: 100, fy: 101, cx: 3.75, cy: 2.5 });
  assertEquals([mirrored.name, mirrored.scene], [sample.name, sample.scene]);
});

Deno.test("the random mirror takes about half of the samples, and the same ones for the same keys", () => {
  const sample = sampleOf(1, 2, (_, column) => column, (_, column) => column);
  const taken = manyKeys.filter((key) => randomMirror(key, sample).depth.metres[0] === 1);
  assert(taken.length > 15 && taken.length < 45, `${taken.length} of 60`);
  for (const key of manyKeys) assertEquals(randomMirror(key, sample), randomMirror(key, sample));
});

Deno.test("augmentations act in their order, each with a key of its own", () => {
  const sample = sampleOf(1, 2, (_, column) => column, (_, column) => column);
  const twice = manyKeys.map((key) => composeAugmentations([randomMirror, randomMirror])(key, sample).depth.metres[0]);
  assertEquals(new Set(twice).size, 2);
  const brighter = (_: Key, each: Sample): Sample => ({
    ...each,
    image: { ...each.image, pixels: each.image.pixels.map((v) => 10 * v + 1) },
  });
  const doubled = (_: Key, each: Sample): Sample => ({
    ...each,
    image: { ...each.image, pixels: each.image.pixels.map((v) => 2 * v) },
  });
  const [key = keyOf(0)] = manyKeys;
  assertEquals(composeAugmentations([brighter, doubled])(key, sample).image.pixels[5], 22);
  assertEquals(composeAugmentations([doubled, brighter])(key, sample).image.pixels[5], 21);
  assertEquals(composeAugmentations([])(key, sample), sample);
  assertNotEquals(mirror(sample), sample);
});
