import fc from "fast-check";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import {
  type DepthMetrics,
  evaluateImage,
  metricNames,
  type PixelMetricName,
  pixelMetricNames,
} from "../../lib/metrics/depth_metrics.ts";
import { type DepthRange, ownSize, type Protocol } from "../../lib/metrics/protocols.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { mapOf, metricsOfPixels, pixelsOf } from "./reference.ts";

const wide: Protocol = { ...ownSize, clip: { near: 1e-6, far: 1e6 } };

const resultOf = (prediction: readonly number[], truth: readonly number[], protocol: Protocol = ownSize) =>
  evaluateImage(protocol, "image 7", mapOf([prediction]), mapOf([truth]));

const measured = (prediction: readonly number[], truth: readonly number[], protocol?: Protocol): DepthMetrics => {
  const { metrics } = orThrow(resultOf(prediction, truth, protocol));
  assert(metrics !== null);
  return metrics;
};

const clippedTo = (clip: DepthRange): Protocol => ({ ...ownSize, clip });

type PixelMetrics = Readonly<Record<PixelMetricName, number>>;

const assertMetrics = (found: PixelMetrics, expected: PixelMetrics, tolerance = 1e-12): void =>
  pixelMetricNames.forEach((name) =>
    assertAlmostEquals(found[name], expected[name], tolerance * (1 + expected[name]), name)
  );

const perfect: PixelMetrics = {
  rel: 0,
  sq_rel: 0,
  rms: 0,
  rms_log: 0,
  log10: 0,
  silog: 0,
  delta1: 1,
  delta2: 1,
  delta3: 1,
};

Deno.test("each metric is its formula, worked out by hand", () => {
  // Truth 2 and 4, predictions 3 and 3: p/g is 1.5 and 0.75, of which neither is within 1.25.
  const rms_log = Math.sqrt((Math.log(1.5) ** 2 + Math.log(4 / 3) ** 2) / 2);
  const log10 = (Math.log10(1.5) + Math.log10(4 / 3)) / 2;
  // Two numbers deviate from their mean by half their difference, here half of ln 1.5 − ln 0.75.
  const silog = Math.LN2 / 2;
  const expected = { rel: 0.375, sq_rel: 0.375, rms: 1, rms_log, log10, silog, delta1: 0, delta2: 1, delta3: 1 };
  assertMetrics(measured([3, 3], [2, 4]), expected);
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
const separate = (both: readonly (readonly [number, number])[]) =>
  [both.map(([p]) => p), both.map(([, g]) => g)] as const;

Deno.test("the metrics of any image are the means of their formulas over its pixels", () => {
  fc.assert(fc.property(pairs, (both) => {
    const [prediction, truth] = separate(both);
    const expected = metricsOfPixels(pixelsOf(mapOf([prediction]), mapOf([truth])));
    assertMetrics(measured(prediction, truth), expected, 1e-7);
    assertMetrics({ ...measured(prediction, truth), silog: 0 }, { ...expected, silog: 0 });
  }));
});

Deno.test("a perfect prediction has no error and every ratio within the limits", () => {
  fc.assert(fc.property(fc.array(depth, { minLength: 1, maxLength: 30 }), (truth) => {
    assertEquals(measured(truth, truth), { ...perfect, dbe_acc: null, dbe_comp: null });
  }));
});

Deno.test("another unit of length changes only what has a unit", () => {
  fc.assert(fc.property(pairs, fc.constantFrom(0.25, 2, 64), (both, factor) => {
    const [prediction, truth] = separate(both);
    const before = measured(prediction, truth, wide);
    const after = measured(prediction.map((p) => p * factor), truth.map((g) => g * factor), wide);
    assertMetrics(after, { ...before, sq_rel: before.sq_rel * factor, rms: before.rms * factor }, 1e-7);
  }));
});

Deno.test("a common factor of all predictions does not change silog, and is all of it that rms_log adds", () => {
  fc.assert(fc.property(pairs, fc.constantFrom(0.125, 0.5, 2, 32), (both, factor) => {
    const [prediction, truth] = separate(both);
    const [before, after] = [prediction, prediction.map((p) => p * factor)].map((each) => measured(each, truth, wide));
    assertAlmostEquals(after?.silog ?? NaN, before?.silog ?? NaN, 1e-6);
    const { rms_log, silog } = measured(truth.map((g) => g * factor), truth, wide);
    assertAlmostEquals(silog, 0, 1e-6);
    assertAlmostEquals(rms_log, Math.abs(Math.log(factor)), 1e-6);
  }));
});

Deno.test("what is predicted where nothing was measured never matters", () => {
  fc.assert(fc.property(pairs, fc.array(fc.double(), { minLength: 1, maxLength: 10 }), (both, strays) => {
    const [prediction, truth] = separate(both);
    const holes = strays.map((_, at) => at % 2 === 0 ? 0 : NaN);
    assertEquals(measured([...strays, ...prediction], [...holes, ...truth]), measured(prediction, truth));
  }));
});

Deno.test("predictions are clipped, and the truth is not", () => {
  const range = clippedTo({ near: 1, far: 4 });
  assertEquals(measured([0.1, 9, 2], [2, 8, 2], range), measured([1, 4, 2], [2, 8, 2], wide));
  assertMetrics(measured([-3, 0], [1, 1], range), perfect);
  assertEquals(measured([4], [8], range).rms, 4);
});

Deno.test("predictions end at 10 m, and one of 0 has finite logarithms", () => {
  assertMetrics(measured([50], [10]), perfect);
  assertEquals(measured([50], [5]).rms, 5);
  const { rms_log, log10 } = measured([0], [1]);
  assertAlmostEquals(log10, 3, 1e-12);
  assertAlmostEquals(rms_log, 3 * Math.LN10, 1e-9);
});

Deno.test("a prediction that is no finite number is a failure that names the image", () => {
  for (const stray of [NaN, Infinity, -Infinity]) {
    const result = resultOf([1, stray, 1], [1, 1, 1]);
    assert(E.isLeft(result));
    assertEquals([result.left.kind, result.left.where], ["numeric", "image 7"]);
    assert(result.left.found.includes(String(stray)), result.left.found);
  }
});

Deno.test("the metrics of finite predictions are finite, however absurd", () => {
  const absurd = fc.float({ noNaN: true, noDefaultInfinity: true });
  const measurement = fc.float({ min: Math.fround(1e-6), max: Math.fround(1e5), noNaN: true });
  fc.assert(fc.property(fc.array(fc.tuple(absurd, measurement), { minLength: 1 }), (both) => {
    const [prediction, truth] = separate(both);
    const found = measured(prediction, truth);
    for (const name of pixelMetricNames) assert(Number.isFinite(found[name]), name);
  }));
});

Deno.test("an image without any measurement has no metrics", () => {
  for (const [prediction, truth] of [[[1, 2, 3], [0, 0, 0]], [[NaN], [NaN]], [[1], [-1]], [[1], [Infinity]]] as const) {
    const { metrics, pixels } = orThrow(resultOf(prediction, truth));
    assertEquals([metrics, pixels.count], [null, 0]);
  }
});

Deno.test("each metric has one name, in the order of the literature", () => {
  assertEquals(
    metricNames.join(" "),
    "rel sq_rel rms rms_log log10 silog delta1 delta2 delta3 dbe_acc dbe_comp",
  );
});
