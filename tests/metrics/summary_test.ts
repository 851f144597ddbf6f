import fc from "fast-check";
import { type DepthMetrics, imageMetrics, metricNames } from "../../lib/metrics/depth_metrics.ts";
import {
  averageOverImages,
  metricsHeading,
  metricsLine,
  type MetricSum,
  metricSum,
  ofImage,
} from "../../lib/metrics/summary.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../tasks/std.ts";

/** Metrics of eight numbers in the order of their names. */
const metricsOf = (values: readonly number[]): DepthMetrics => {
  const [rel = 0, sq_rel = 0, rms = 0, rms_log = 0, log10 = 0, delta1 = 0, delta2 = 0, delta3 = 0] = values;
  return { rel, sq_rel, rms, rms_log, log10, delta1, delta2, delta3 };
};

/** One image's metrics in quarters, so that sums are exact; null where nothing was measured. */
const images = fc.array(
  fc.tuple(
    fc.option(
      fc.array(fc.integer({ min: 0, max: 40 }).map((n) => n / 4), { minLength: 8, maxLength: 8 }).map(metricsOf),
    ),
    fc.integer({ min: 1, max: 1000 }),
  ),
  { maxLength: 8 },
);

const summed = (parts: readonly MetricSum[]): MetricSum => parts.reduce(metricSum.concat, metricSum.empty);

const sumOf = (each: readonly (readonly [DepthMetrics | null, number])[]): MetricSum =>
  summed(each.map(([metrics, pixels]) => ofImage(metrics, metrics === null ? 0 : pixels)));

Deno.test("sums of metrics form a monoid", () => {
  fc.assert(fc.property(images, images, images, (first, second, third) => {
    const [a, b, c] = [sumOf(first), sumOf(second), sumOf(third)];
    assertEquals(metricSum.concat(a, metricSum.concat(b, c)), metricSum.concat(metricSum.concat(a, b), c));
    assertEquals(metricSum.concat(metricSum.empty, a), a);
    assertEquals(metricSum.concat(a, metricSum.empty), a);
  }));
});

Deno.test("shards that are evaluated apart and joined give what the whole set gives", () => {
  fc.assert(fc.property(images, fc.nat({ max: 8 }), fc.nat({ max: 8 }), (all, first, second) => {
    const [from, to] = [Math.min(first, second), Math.max(first, second)];
    const shards = [all.slice(0, from), all.slice(from, to), all.slice(to)];
    assertEquals(summed(shards.map(sumOf)), sumOf(all));
  }));
});

Deno.test("the average is over images, each counted once however many pixels it has", () => {
  const [small, large] = [metricsOf([1, 2, 3, 4, 5, 6, 7, 8]), metricsOf([3, 4, 5, 6, 7, 8, 9, 10])];
  const sum = sumOf([[small, 10], [large, 100_000], [null, 0]]);
  assertEquals([sum.images, sum.pixels], [2, 100_010]);
  assertEquals(averageOverImages(sum), metricsOf([2, 3, 4, 5, 6, 7, 8, 9]));
});

Deno.test("rms is averaged over images after its root, not before", () => {
  const imageOf = (metres: number) => ({ height: 1, width: 1, metres: Float32Array.of(metres) });
  const sum = summed([1, 3].map((error) => ofImage(imageMetrics(imageOf(2 + error), imageOf(2)), 1)));
  assertAlmostEquals(averageOverImages(sum).rms, 2, 1e-6);
});

Deno.test("without any image the averages are no numbers, rather than good ones", () => {
  for (const name of metricNames) assert(Number.isNaN(averageOverImages(metricSum.empty)[name]), name);
});

Deno.test("an image that is not a number is seen in the average", () => {
  const sum = sumOf([[metricsOf([NaN, 0, 0, 0, 0, 1, 1, 1]), 4], [metricsOf([0, 0, 0, 0, 0, 1, 1, 1]), 4]]);
  assert(Number.isNaN(averageOverImages(sum).rel));
});

Deno.test("a line of the table has every metric with four digits below its name", () => {
  const heading = metricsHeading("set");
  const line = metricsLine("CLIFFNet", metricsOf([0.12345, 1.5, 10.25, 0, 0.051, 0.86549, 0.975, 1]));
  assertEquals(line.length, heading.length);
  assertEquals(heading.trim().split(/\s+/), ["set", ...metricNames]);
  assertEquals(line.split(/\s+/), [
    "CLIFFNet",
    ..."0.1235 1.5000 10.2500 0.0000 0.0510 0.8655 0.9750 1.0000".split(" "),
  ]);
});
