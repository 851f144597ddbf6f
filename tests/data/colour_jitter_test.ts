import fc from "fast-check";
import { colourJitter } from "../../lib/data/augment.ts";
import type { Sample } from "../../lib/data/dataset.ts";
import { foldIn, type Key, keyOf, permutation, uniforms } from "../../lib/tensor/key.ts";
import { assert, assertEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

const side = fc.integer({ min: 1, max: 9 });
const samples: fc.Arbitrary<Sample> = fc.tuple(side, side).chain(([height, width]) =>
  fc.uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 }).map((levels) =>
    sampleOf(height, width, (row, column, channel) => levels[(row * width + column) * 3 + channel] ?? 0, () => 1)
  )
);
const keys: fc.Arbitrary<Key> = fc.nat().map(keyOf);
const manyKeys: readonly Key[] = Array.from({ length: 60 }, (_, at) => foldIn(keyOf(3), at));

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

/** Brightness, contrast and saturation, a pixel at a time and in single precision after each of them. */
const plainChanges: readonly ((pixels: readonly number[], factor: number) => readonly number[])[] = [
  (pixels, factor) => pixels.map((value) => value * factor),
  (pixels, factor) => {
    const lumas = pixels.flatMap((_, at) => at % 3 === 0 ? [lumaOf(pixels, at)] : []);
    const mean = lumas.reduce((sum, luma) => sum + luma, 0) / lumas.length;
    return pixels.map((value) => mean + (value - mean) * factor);
  },
  (pixels, factor) =>
    pixels.map((value, at) => lumaOf(pixels, at - at % 3) + (value - lumaOf(pixels, at - at % 3)) * factor),
];

const lumaOf = (pixels: readonly number[], at: number): number => {
  const [red = NaN, green = NaN, blue = NaN] = pixels.slice(at, at + 3);
  return 0.299 * red + 0.587 * green + 0.114 * blue;
};

const plainJitter = (strength: number, key: Key, pixels: Uint8Array): readonly number[] => {
  const factors = uniforms(foldIn(key, "factors"), 3).map((u) => 1 + strength * (2 * u - 1));
  return [...permutation(foldIn(key, "order"), 3)].reduce<readonly number[]>(
    (changed, which) =>
      (plainChanges[which]?.(changed, factors[which] ?? NaN) ?? []).map((value) =>
        Math.fround(Math.min(Math.max(value, 0), 255))
      ),
    [...pixels],
  ).map(Math.round);
};

Deno.test("jitter gives the very levels of the plain formulas, in the order and with the factors that the key draws", () => {
  const strengths = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(fc.property(samples, keys, strengths, (sample, key, strength) => {
    const found = colourJitter(strength)(key, sample).image.pixels;
    assertEquals([...found], plainJitter(strength, key, sample.image.pixels));
  }));
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
