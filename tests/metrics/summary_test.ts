import fc from "fast-check";
import { orThrow } from "../../lib/errors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { evaluateImage, type ImageResult, pixelMetricNames } from "../../lib/metrics/depth_metrics.ts";
import { ownSize, type Protocol } from "../../lib/metrics/protocols.ts";
import { type MetricSum, metricSum, summarize, sumOfImage } from "../../lib/metrics/summary.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { drawn, mapOf, meanOf, metricsOfPixels, pixelsOf } from "./reference.ts";

const pooled: Protocol = { ...ownSize, average: "pixels" };
const protocols = [ownSize, pooled];

const resultOf = (prediction: DepthImage, truth: DepthImage): ImageResult =>
  orThrow(evaluateImage(ownSize, "image", prediction, truth));

const summed = (parts: readonly MetricSum[]): MetricSum => parts.reduce(metricSum.concat, metricSum.empty);
const sumOf = (results: readonly ImageResult[]): MetricSum => summed(results.map(sumOfImage));

const [height, width] = [5, 6];
const metres = fc.double({ min: 0.1, max: 9.9, noNaN: true });
const mapOfAll = (depths: fc.Arbitrary<number>) =>
  fc.array(depths, { minLength: height * width, maxLength: height * width }).map((values): DepthImage => ({
    height,
    width,
    metres: Float32Array.from(values),
  }));

/** Pairs of a prediction and its ground truth, which may be measured everywhere, at many pixels, or nowhere. */
const pair = fc.oneof(
  fc.tuple(mapOfAll(metres), mapOfAll(metres)),
  fc.tuple(mapOfAll(metres), mapOfAll(fc.oneof(metres, fc.constant(0)))),
  fc.tuple(mapOfAll(metres), mapOfAll(fc.constant(0))),
);
const pairs = fc.array(pair, { maxLength: 8 });

/** The numbers of a sum, nested or not, by path. */
const numbersIn = (value: unknown, path = ""): readonly (readonly [string, number])[] =>
  typeof value === "number"
    ? [[path, value]]
    : Object.entries(value ?? {}).flatMap(([name, each]) => numbersIn(each, `${path}.${name}`));

const assertSameSums = (found: MetricSum, expected: MetricSum): void => {
  const [left, right] = [found, expected].map((sum) => numbersIn(sum));
  assertEquals([left?.length, right?.length], [30, 30]);
  right?.forEach(([path, value], at) => {
    assertEquals(left?.[at]?.[0], path);
    assertAlmostEquals(left?.[at]?.[1] ?? NaN, value, 1e-12 * (1 + Math.abs(value)), path);
  });
  const counts = (
    { images, withoutTruth, withBoundary, pixels, boundaries }: MetricSum,
  ) => [images, withoutTruth, withBoundary, pixels.count, pixels.delta1, boundaries.truth, boundaries.near];
  assertEquals(counts(found), counts(expected));
};

Deno.test("sums of metrics form a monoid", () => {
  fc.assert(fc.property(pairs, pairs, pairs, (...sets) => {
    const [a, b, c] = sets.map((set) => sumOf(set.map(([p, g]) => resultOf(p, g))));
    assert(a !== undefined && b !== undefined && c !== undefined);
    assertSameSums(metricSum.concat(a, metricSum.concat(b, c)), metricSum.concat(metricSum.concat(a, b), c));
    assertEquals(metricSum.concat(metricSum.empty, a), a);
    assertEquals(metricSum.concat(a, metricSum.empty), a);
  }));
});

Deno.test("shards that are measured apart, written as JSON and joined in any order give what the whole set gives", () => {
  const shards = fc.array(fc.tuple(pair, fc.nat(3), fc.nat()), { maxLength: 10 });
  fc.assert(fc.property(shards, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (all, order) => {
    const results = all.map(([[p, g], shard, place]) => ({ result: resultOf(p, g), shard, place }));
    const whole = sumOf(results.map(({ result }) => result));
    const parts = order.map((shard) => {
      const own = results.filter((each) => each.shard === shard).sort((a, b) => a.place - b.place);
      const text = JSON.stringify(sumOf(own.map(({ result }) => result)));
      const part: MetricSum = JSON.parse(text);
      return part;
    });
    assertSameSums(summed(parts), whole);
    for (const protocol of protocols) {
      const [joined, once] = [summarize(protocol, summed(parts)), summarize(protocol, whole)];
      assertEquals(joined === null, once === null);
      for (const [name, value] of Object.entries(once ?? {})) {
        const found = Object.entries(joined ?? {}).find(([other]) => other === name)?.[1] ?? null;
        if (value === null) assertEquals(found, null);
        // A root of a difference of sums: their last digits weigh more.
        else assertAlmostEquals(found ?? NaN, value, name === "silog" ? 1e-6 : 1e-11, name);
      }
    }
  }));
});

Deno.test("averages are over images that have ground truth, or over all of their pixels, as the protocol says", () => {
  fc.assert(fc.property(pairs, (all) => {
    const sum = sumOf(all.map(([p, g]) => resultOf(p, g)));
    const pixels = all.map(([p, g]) => pixelsOf(p, g).filter(({ g }) => g > 0)).filter(({ length }) => length > 0);
    assertEquals([sum.images, sum.withoutTruth], [pixels.length, all.length - pixels.length]);
    assertEquals(sum.pixels.count, pixels.flat().length);
    const [images, together] = protocols.map((protocol) => summarize(protocol, sum));
    if (pixels.length === 0) return assertEquals([images, together], [null, null]);
    const ofImages = pixels.map(metricsOfPixels);
    const ofAll = metricsOfPixels(pixels.flat());
    for (const name of pixelMetricNames) {
      assertAlmostEquals(images?.[name] ?? NaN, meanOf(ofImages.map((each) => each[name])), 1e-7, name);
      assertAlmostEquals(together?.[name] ?? NaN, ofAll[name], 1e-7, name);
    }
  }));
});

Deno.test("rms is averaged over images after its root, and pooled before it", () => {
  const sum = sumOf([1, 3].map((error) => resultOf(mapOf([[2 + error]]), mapOf([[2]]))));
  assertAlmostEquals(summarize(ownSize, sum)?.rms ?? NaN, 2, 1e-9);
  assertAlmostEquals(summarize(pooled, sum)?.rms ?? NaN, Math.sqrt(5), 1e-9);
});

Deno.test("an image counts once or by its pixels, however many it has", () => {
  const large = resultOf(drawn(10, 10, () => 3), drawn(10, 10, () => 2));
  const small = resultOf(mapOf([[2]]), mapOf([[2]]));
  const sum = sumOf([large, small]);
  assertAlmostEquals(summarize(ownSize, sum)?.rel ?? NaN, 0.25, 1e-12);
  assertAlmostEquals(summarize(pooled, sum)?.rel ?? NaN, 50 / 101, 1e-12);
});

Deno.test("boundary errors are averaged over the images whose ground truth has a boundary", () => {
  const step = (at: number, rows = 12) => drawn(rows, 40, (_, column) => column < at ? 2 : 4);
  const flat = drawn(12, 40, () => 2);
  const boundaryErrors = (protocol: Protocol, sum: MetricSum) => {
    const metrics = summarize(protocol, sum);
    return [metrics?.dbe_acc, metrics?.dbe_comp];
  };
  // 10 rows of boundary that are 1 pixel apart, 20 rows that are 4 apart, and an image that has none.
  const sum = sumOf([resultOf(step(15), step(16)), resultOf(step(20, 22), step(24, 22)), resultOf(step(20), flat)]);
  assertEquals([sum.images, sum.withBoundary], [3, 2]);
  assertEquals(boundaryErrors(ownSize, sum), [2.5, 2.5]);
  assertEquals(boundaryErrors(pooled, sum), [3, 3]);
  assertEquals(protocols.map((protocol) => boundaryErrors(protocol, sumOf([resultOf(flat, flat)]))), [
    [null, null],
    [null, null],
  ]);
});

Deno.test("without any image there are no averages, rather than good ones", () => {
  assertEquals(protocols.map((protocol) => summarize(protocol, metricSum.empty)), [null, null]);
});
