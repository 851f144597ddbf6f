import fc from "fast-check";
import { colourJitter, inOrder, mirror, randomMirror } from "../../lib/data/augment.ts";
import type { Sample } from "../../lib/data/sample.ts";
import { fold, type Key, keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertNotEquals } from "../../tasks/std.ts";
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
const keys: fc.Arbitrary<Key> = fc.nat().map(keyOf);
const manyKeys: readonly Key[] = Array.from({ length: 60 }, (_, at) => fold(keyOf(3), at));

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

Deno.test("jitter of strength 0 changes nothing, and other strengths change neither depth nor what is known", () => {
  fc.assert(fc.property(samples, keys, (sample, key) => {
    assertEquals(colourJitter(0)(key, sample), sample);
    const { image, ...others } = colourJitter(0.8)(key, sample);
    const { image: _, ...expected } = sample;
    assertEquals(others, expected);
    assertEquals([image.height, image.width], [sample.image.height, sample.image.width]);
  }));
});

Deno.test("the same key gives the same jitter, and another key another one", () => {
  const sample = sampleOf(2, 2, (row, column, channel) => 60 + 20 * row + 30 * column + 10 * channel, () => 1);
  const jitter = colourJitter(0.4);
  const distinct = new Set(manyKeys.map((key) => jitter(key, sample).image.pixels.join()));
  for (const key of manyKeys) assertEquals(jitter(key, sample), jitter(key, sample));
  assert(distinct.size > 50, `${distinct.size} of 60`);
});

const strength = 0.4;

/** What jitter makes of the same picture under many keys. */
const jittered = (level: (row: number, column: number, channel: number) => number): readonly (readonly number[])[] => {
  const sample = sampleOf(1, 2, level, () => 1);
  return manyKeys.map((key) => [...colourJitter(strength)(key, sample).image.pixels]);
};

/** That factors lie within bounds and use most of them. */
const assertSpread = (factors: readonly number[], least: number, most: number, rounding: number): void => {
  factors.forEach((factor) => assert(factor > least - rounding && factor < most + rounding, `factor ${factor}`));
  const reached = Math.max(...factors) - Math.min(...factors);
  assert(reached > 0.7 * (most - least), `factors spread over ${reached} only`);
};

Deno.test("brightness is multiplied by 1 ± the strength: a grey picture stays grey and gets only that", () => {
  const found = jittered(() => 120);
  found.forEach((pixels) => assertEquals(new Set(pixels).size, 1));
  assertSpread(found.map(([level = NaN]) => level / 120), 0.6, 1.4, 0.01);
});

Deno.test("contrast is multiplied by 1 ± the strength: two greys keep their share of the mean but for that", () => {
  const found = jittered((_, column) => column === 0 ? 100 : 140);
  const contrasts = found.map(([dark = NaN, , , bright = NaN]) => (bright - dark) / (bright + dark) / (40 / 240));
  assertSpread(contrasts, 0.6, 1.4, 0.06);
});

Deno.test("saturation is multiplied by 1 ± the strength: colours move to or from the grey of their luma", () => {
  // Saturation keeps luma, and contrast and brightness scale both alike; ten levels even out the rounding.
  const dark = [80, 60, 50];
  const level = (_: number, column: number, channel: number): number =>
    (dark[channel] ?? 0) + (column % 2) * 45 + Math.floor(column / 2);
  const sample = sampleOf(1, 20, level, () => 1);
  const measure = ({ image: { pixels } }: Sample): number => {
    let [chroma, lumaDifference] = [0, 0];
    for (let at = 0; at < pixels.length; at += 3) {
      const [r = NaN, g = NaN, b = NaN] = pixels.subarray(at, at + 3);
      chroma += r - b;
      lumaDifference += (0.299 * r + 0.587 * g + 0.114 * b) * ((at / 3) % 2 === 0 ? -1 : 1);
    }
    return chroma / lumaDifference;
  };
  const factors = manyKeys.map((key) => measure(colourJitter(strength)(key, sample)) / measure(sample));
  assertSpread(factors, 0.6, 1.4, 0.08);
});

Deno.test("bright and dark levels end at 255 and 0 rather than going around", () => {
  for (const [level = NaN] of jittered(() => 250)) assert(level >= 0.6 * 250 - 1);
  assert(jittered(() => 250).some(([level]) => level === 255));
  for (const [dark = NaN, , , bright = NaN] of jittered((_, column) => column === 0 ? 0 : 255)) {
    assert(dark < bright - 60, `dark ${dark}, bright ${bright}`);
  }
});

Deno.test("augmentations act in their order, each with a key of its own", () => {
  const sample = sampleOf(1, 2, (_, column) => column, (_, column) => column);
  const twice = manyKeys.map((key) => inOrder([randomMirror, randomMirror])(key, sample).depth.metres[0]);
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
  assertEquals(inOrder([brighter, doubled])(key, sample).image.pixels[5], 22);
  assertEquals(inOrder([doubled, brighter])(key, sample).image.pixels[5], 21);
  assertEquals(inOrder([])(key, sample), sample);
  assertNotEquals(mirror(sample), sample);
});
