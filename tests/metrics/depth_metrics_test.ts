import fc from "fast-check";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { countValid, type DepthMetrics, imageMetrics, metricNames } from "../../lib/metrics/depth_metrics.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../../tasks/std.ts";

const mapOf = (metres: readonly number[], height = 1): DepthImage => ({
  height,
  width: metres.length / height,
  metres: Float32Array.from(metres),
});

const measured = (prediction: readonly number[], truth: readonly number[], range?: { near: number; far: number }) => {
  const metrics = imageMetrics(mapOf(prediction), mapOf(truth), range);
  assert(metrics !== null);
  return metrics;
};

const assertMetrics = (found: DepthMetrics, expected: DepthMetrics, tolerance: number): void =>
  metricNames.forEach((name) => assertAlmostEquals(found[name], expected[name], tolerance, name));

const perfect: DepthMetrics = {
  rel: 0,
  sq_rel: 0,
  rms: 0,
  rms_log: 0,
  log10: 0,
  delta1: 1,
  delta2: 1,
  delta3: 1,
};

const wide = { near: 1e-6, far: 1e6 };

Deno.test("each metric is its formula, worked out by hand", () => {
  // Truth 2 and 4, predictions 3 and 3: p/g is 1.5 and 0.75, of which neither is within 1.25.
  const rms_log = Math.sqrt((Math.log(1.5) ** 2 + Math.log(4 / 3) ** 2) / 2);
  const log10 = (Math.log10(1.5) + Math.log10(4 / 3)) / 2;
  const expected = { rel: 0.375, sq_rel: 0.375, rms: 1, rms_log, log10, delta1: 0, delta2: 1, delta3: 1 };
  assertMetrics(measured([3, 3], [2, 4]), expected, 1e-12);
});

Deno.test("what is too far and what is too near is told apart where the formulas do", () => {
  const [far, near] = [measured([4], [2]), measured([2], [4])];
  assertEquals([far.rel, near.rel], [1, 0.5]);
  assertEquals([far.sq_rel, near.sq_rel], [2, 1]);
  assertEquals([far.rms, near.rms], [2, 2]);
  assertAlmostEquals(far.rms_log, Math.LN2, 1e-12);
  assertAlmostEquals(near.rms_log, Math.LN2, 1e-12);
  assertAlmostEquals(near.log10, Math.log10(2), 1e-12);
});

Deno.test("a ratio of exactly 1.25 is outside δ₁, on both sides, and 1.25² outside δ₂", () => {
  const deltas = ({ delta1, delta2, delta3 }: DepthMetrics) => [delta1, delta2, delta3];
  assertEquals(deltas(measured([1.25], [1])), [0, 1, 1]);
  assertEquals(deltas(measured([1], [1.25])), [0, 1, 1]);
  assertEquals(deltas(measured([1.5625], [1])), [0, 0, 1]);
  assertEquals(deltas(measured([1.953125], [1])), [0, 0, 0]);
  assertEquals(deltas(measured([1.2, 1.5, 1.9, 3], [1, 1, 1, 1])), [0.25, 0.5, 0.75]);
});

const depth = fc.double({ min: 0.05, max: 9.9, noNaN: true });
const pairs = fc.array(fc.tuple(depth, depth), { minLength: 1, maxLength: 30 });

/** Every metric in double precision, pixel by pixel, from lists of numbers. */
const reference = (prediction: readonly number[], truth: readonly number[]): DepthMetrics => {
  const both = truth.map((g, at) => [Math.fround(prediction[at] ?? NaN), Math.fround(g)] as const);
  const mean = (of: (p: number, g: number) => number) =>
    both.map(([p, g]) => of(p, g)).reduce((sum, value) => sum + value, 0) / both.length;
  const within = (limit: number) => mean((p, g) => p < g * limit && g < p * limit ? 1 : 0);
  return {
    rel: mean((p, g) => Math.abs(p / g - 1)),
    sq_rel: mean((p, g) => (p - g) * (p - g) / g),
    rms: Math.sqrt(mean((p, g) => (p - g) * (p - g))),
    rms_log: Math.sqrt(mean((p, g) => Math.log(p / g) ** 2)),
    log10: mean((p, g) => Math.abs(Math.log10(p / g))),
    delta1: within(1.25),
    delta2: within(1.5625),
    delta3: within(1.953125),
  };
};

Deno.test("the metrics of any image are the means of their formulas over its pixels", () => {
  fc.assert(fc.property(pairs, (both) => {
    const [prediction, truth] = [both.map(([p]) => p), both.map(([, g]) => g)];
    const [found, expected] = [measured(prediction, truth), reference(prediction, truth)];
    metricNames.forEach((name) => assertAlmostEquals(found[name], expected[name], 1e-9 * (1 + expected[name]), name));
  }));
});

Deno.test("a perfect prediction has no error and every ratio within the limits", () => {
  fc.assert(fc.property(fc.array(depth, { minLength: 1, maxLength: 30 }), (truth) => {
    assertEquals(measured(truth, truth), perfect);
  }));
});

Deno.test("another unit of length changes only what has a unit", () => {
  fc.assert(fc.property(pairs, fc.constantFrom(0.25, 2, 64), (both, factor) => {
    const [prediction, truth] = [both.map(([p]) => p), both.map(([, g]) => g)];
    const before = measured(prediction, truth, wide);
    const after = measured(prediction.map((p) => p * factor), truth.map((g) => g * factor), wide);
    const expected = { ...before, sq_rel: before.sq_rel * factor, rms: before.rms * factor };
    metricNames.forEach((name) => assertAlmostEquals(after[name], expected[name], 1e-9 * (1 + expected[name]), name));
  }));
});

Deno.test("what is predicted where nothing was measured never matters", () => {
  fc.assert(fc.property(pairs, fc.array(fc.double(), { minLength: 1, maxLength: 10 }), (both, strays) => {
    const [prediction, truth] = [both.map(([p]) => p), both.map(([, g]) => g)];
    const holes = strays.map((_, at) => at % 2 === 0 ? 0 : NaN);
    assertEquals(measured([...strays, ...prediction], [...holes, ...truth]), measured(prediction, truth));
  }));
});

Deno.test("predictions are clipped to the range, and the truth is not", () => {
  const range = { near: 1, far: 4 };
  assertEquals(measured([0.1, 9, 2], [2, 8, 2], range), measured([1, 4, 2], [2, 8, 2], wide));
  assertEquals(measured([-3, 0], [1, 1], range), perfect);
  assertEquals(measured([Infinity], [4], range), perfect);
  assertEquals(measured([4], [8], range).rms, 4);
});

Deno.test("the paper's range ends at 10 m, and a prediction of 0 has finite logarithms", () => {
  assertEquals(measured([50], [10]), perfect);
  assertEquals(measured([50], [5]).rms, 5);
  const { rms_log, log10 } = measured([0], [1]);
  assertAlmostEquals(log10, 3, 1e-12);
  assertAlmostEquals(rms_log, 3 * Math.LN10, 1e-9);
});

Deno.test("a prediction that is not a number never looks good", () => {
  const found = measured([NaN, 1, 1, 1], [1, 1, 1, 1]);
  for (const name of ["rel", "sq_rel", "rms", "rms_log", "log10"] as const) assert(Number.isNaN(found[name]), name);
  for (const name of ["delta1", "delta2", "delta3"] as const) {
    assert(Number.isNaN(found[name]) || found[name] <= 0.75, name);
  }
});

Deno.test("an image without any measurement has no metrics", () => {
  assertEquals(imageMetrics(mapOf([1, 2, 3]), mapOf([0, 0, 0])), null);
  assertEquals(imageMetrics(mapOf([1]), mapOf([NaN])), null);
});

Deno.test("the valid pixels are those above 0", () => {
  assertEquals(countValid(mapOf([0, 1, 0.001, 0, NaN, 3])), 3);
  assertEquals(countValid(mapOf([0, 0])), 0);
});

Deno.test("images of different sizes cannot be compared, even of as many pixels", () => {
  assertThrows(() => imageMetrics(mapOf([1, 2, 3, 4]), mapOf([1, 2, 3, 4], 2)));
});
