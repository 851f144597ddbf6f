import fc from "fast-check";
import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { evaluateImage, type ImageResult, pixelMetricNames } from "../../lib/metrics/depth_metrics.ts";
import { type Crop, cropWindow, describeCrop, eigenCrop, gargCrop } from "../../lib/metrics/geometry.ts";
import {
  checkProtocol,
  cityscapes80m,
  cliffnetProtocol,
  describeProtocol,
  isProtocolName,
  nyuEigen,
  nyuPooled,
  ownSize,
  type Protocol,
  protocolNames,
  protocols,
  protocolTable,
} from "../../lib/metrics/protocols.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { countedPixels, drawn, mapOf, metricsOfPixels, pixelsOf, type Rule } from "./reference.ts";

const resultOf = (protocol: Protocol, prediction: DepthImage, truth: DepthImage): ImageResult =>
  orThrow(evaluateImage(protocol, "frame", prediction, truth));

const problemOf = (protocol: Protocol, prediction: DepthImage, truth: DepthImage): string => {
  const result = evaluateImage(protocol, "frame 3.png", prediction, truth);
  assert(E.isLeft(result));
  return describe(result.left);
};

/** How many pixels of a 480×640 map count whose depth is everywhere the same. */
const countAt = (protocol: Protocol, metres: number, height = 480, width = 640): number => {
  const map = { height, width, metres: new Float32Array(height * width).fill(metres) };
  return resultOf(protocol, map, map).pixels.count;
};

Deno.test("each protocol counts the pixels of its crop at its size", () => {
  assertEquals(countAt(ownSize, 2), 480 * 640);
  assertEquals(countAt(cliffnetProtocol, 2), 228 * 304);
  assertEquals(countAt(nyuEigen, 2), 426 * 560);
  assertEquals(countAt(nyuPooled, 2), 426 * 560);
  assertEquals(countAt(cityscapes80m, 2, 256, 512), 256 * 512);
});

Deno.test("each protocol counts the ground truth of its range, without its ends", () => {
  const counted = (protocol: Protocol) =>
    [0, 0.0005, 0.01, 9.99, 10, 79, 80, 200].filter((metres) => countAt(protocol, metres) > 0);
  assertEquals(counted(ownSize), [0.0005, 0.01, 9.99, 10, 79, 80, 200]);
  assertEquals(counted(cliffnetProtocol), [0.0005, 0.01, 9.99, 10, 79, 80, 200]);
  assertEquals(counted(nyuEigen), [0.01, 9.99]);
  assertEquals(counted(nyuPooled), [0.01, 9.99]);
  assertEquals(counted(cityscapes80m), [0.01, 9.99, 10, 79]);
});

Deno.test("each protocol clips predictions to its own ends", () => {
  const [truth, prediction] = [drawn(480, 640, () => 5), drawn(480, 640, () => 200)];
  const rms = (protocol: Protocol) => resultOf(protocol, prediction, truth).metrics?.rms;
  assertEquals([ownSize, cliffnetProtocol, nyuEigen, nyuPooled, cityscapes80m].map(rms), [5, 5, 5, 5, 75]);
});

Deno.test("the crop of Eigen is rows 45 to 470 and columns 41 to 600, and of no other size", () => {
  const corners = [[44, 41], [45, 40], [470, 601], [471, 600], [45, 41], [470, 600]] as const;
  const counts = corners.map(([row, column]) => {
    const truth = drawn(480, 640, (r, c) => r === row && c === column ? 2 : 0);
    return resultOf(nyuEigen, truth, truth).pixels.count;
  });
  assertEquals(counts, [0, 0, 0, 0, 1, 1]);
  const small = drawn(240, 320, () => 2);
  const problem = problemOf(nyuEigen, small, small);
  for (const part of ["frame 3.png", "240×320", "480×640"]) assertStringIncludes(problem, part);
});

Deno.test("the crop of Garg is that of KITTI's 375×1242 pixels, and in proportion of any other", () => {
  assertEquals(orThrow(cropWindow(gargCrop, "kitti", 375, 1242)), { rows: [153, 371], columns: [44, 1197] });
  assertEquals(orThrow(cropWindow(gargCrop, "half", 188, 621)), { rows: [76, 186], columns: [22, 598] });
});

Deno.test("the paper's size has 228 pixels along the shorter side, and depth by the nearest pixel", () => {
  assertEquals(countAt(cliffnetProtocol, 1, 640, 480), 304 * 228);
  assertEquals(countAt(cliffnetProtocol, 1, 1024, 2048), 228 * 456);
  // Averaged, these depths would be about 4.5 m, of which nothing is near enough to count.
  const comb = drawn(456, 608, (_, column) => column % 2 === 0 ? 1 : 8);
  const none = { ...cliffnetProtocol, truth: { min: 2, max: 7 } };
  assertEquals(resultOf(none, comb, comb).pixels.count, 0);
});

Deno.test("a picture that is long beyond measure is refused before it is resized", () => {
  const strip = drawn(1, 10_000, () => 1);
  assertStringIncludes(problemOf(cliffnetProtocol, strip, strip), "frame 3.png");
});

Deno.test("a prediction of another size is resized bilinearly to the ground truth's, between pixel centres", () => {
  const truth = drawn(1, 4, () => 2);
  // Centres at ¼, ¾, 1¼, 1¾ of two pixels whose own are at ½ and 1½.
  const { metrics } = resultOf(ownSize, mapOf([[1, 3]]), truth);
  const expected = metricsOfPixels([1, 1.5, 2.5, 3].map((p, column) => ({ row: 0, column, p, g: 2 })));
  for (const name of pixelMetricNames) assertAlmostEquals(metrics?.[name] ?? NaN, expected[name], 1e-9, name);
  const plane = (height: number, width: number) =>
    drawn(height, width, (row, column) => 1 + (row + 0.5) / height + 2 * (column + 0.5) / width);
  const inner: Protocol = {
    ...ownSize,
    crop: { kind: "fractions", rows: [0.25, 0.75], columns: [0.25, 0.75] },
  };
  assertAlmostEquals(resultOf(inner, plane(8, 6), plane(20, 16)).metrics?.rms ?? NaN, 0, 1e-6);
});

const [height, width] = [6, 8];
const metres = fc.double({ min: 0.01, max: 15, noNaN: true });
const maps = (of: fc.Arbitrary<number>) =>
  fc.array(of, { minLength: height * width, maxLength: height * width }).map((values): DepthImage => ({
    height,
    width,
    metres: Float32Array.from(values),
  }));
const span = (size: number) =>
  fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);

const rules: fc.Arbitrary<Rule> = fc.record({
  rows: span(height),
  columns: span(width),
  min: fc.constantFrom(0, 1e-3, 2),
  max: fc.constantFrom(Infinity, 10, 12),
  near: fc.constantFrom(1e-3, 1),
  far: fc.constantFrom(8, 10),
  scaled: fc.boolean(),
});

const cropOf = ({ rows, columns }: Rule): Crop => ({ kind: "pixels", height, width, rows, columns });

const protocolOf = (rule: Rule): Protocol => ({
  ...ownSize,
  crop: cropOf(rule),
  truth: { min: rule.min, max: rule.max },
  clip: { near: rule.near, far: rule.far },
  medianScaling: rule.scaled,
});

Deno.test("any protocol's metrics are those of the pixels that it says", () => {
  const truths = maps(fc.oneof(metres, metres, fc.constantFrom(0, NaN, -1)));
  fc.assert(
    fc.property(rules, maps(metres), truths, (rule, prediction, truth) => {
      const { metrics, pixels } = resultOf(protocolOf(rule), prediction, truth);
      const counted = countedPixels(pixelsOf(prediction, truth), rule);
      assertEquals(pixels.count, counted.length);
      if (metrics === null) return assertEquals(counted, []);
      const expected = metricsOfPixels(counted);
      pixelMetricNames.forEach((name) =>
        assertAlmostEquals(metrics[name], expected[name], 1e-7 * (1 + expected[name]), name)
      );
    }),
    { numRuns: 300 },
  );
});

const scaling: Protocol = { ...ownSize, medianScaling: true, clip: { near: 1e-6, far: 1e6 } };

Deno.test("with median scaling no common factor of the predictions changes anything but the scale", () => {
  fc.assert(
    fc.property(maps(metres), maps(metres), fc.constantFrom(0.25, 2, 64), (prediction, truth, factor) => {
      const before = resultOf(scaling, prediction, truth);
      const larger = { ...prediction, metres: prediction.metres.map((depth) => depth * factor) };
      const after = resultOf(scaling, larger, truth);
      assertEquals(after.metrics, before.metrics);
      assertAlmostEquals(after.scale, before.scale / factor, 1e-9 * before.scale);
    }),
  );
});

Deno.test("median scaling takes the medians of what counts, before clipping", () => {
  const truth = mapOf([[2, 4, 6, 0, 9, 9, 9]]);
  const prediction = mapOf([[10, 20, 60, 5000, 1, 1, 1]]);
  const cropped: Protocol = {
    ...ownSize,
    medianScaling: true,
    crop: { kind: "pixels", height: 1, width: 7, rows: [0, 1], columns: [0, 4] },
  };
  const { scale, metrics } = resultOf(cropped, prediction, truth);
  assertEquals(scale, 4 / 20);
  // 2, 4 and 12, which is clipped to 10.
  assertAlmostEquals(metrics?.rel ?? NaN, 4 / 6 / 3, 1e-12);
  const even = resultOf(scaling, mapOf([[1, 2, 3, 6]]), mapOf([[2, 4, 8, 9]]));
  assertAlmostEquals(even.scale, 6 / 2.5, 1e-12);
});

Deno.test("predictions whose median is not above 0 cannot be scaled, and the image is named", () => {
  assertStringIncludes(problemOf(scaling, mapOf([[-1, 0, 3]]), mapOf([[1, 1, 1]])), "frame 3.png");
  assertEquals(resultOf(scaling, mapOf([[-1, 0]]), mapOf([[0, 0]])).metrics, null);
});

Deno.test("a protocol is described with every number in it", () => {
  const custom: Protocol = {
    name: "mine",
    resizing: { kind: "short-side", pixels: 123 },
    crop: eigenCrop,
    truth: { min: 0.25, max: 33 },
    flipTest: true,
    medianScaling: true,
    clip: { near: 0.125, far: 44 },
    average: "pixels",
    boundaries: { slope: 0.07, reach: 9 },
  };
  const said = describeProtocol(custom);
  const numbers = ["mine", "123", "45:471", "41:601", "480×640", "0.25 m", "33 m", "0.125…44 m", "0.07", "9 pixels"];
  for (const part of [...numbers, "mirrored", "median ground truth", "all images together"]) {
    assertStringIncludes(said, part);
  }
  const garg = describeProtocol({ ...custom, crop: gargCrop });
  for (const share of ["0.40810811", "0.99189189", "0.03594771", "0.96405229"]) assertStringIncludes(garg, share);
});

Deno.test("no two of the named protocols are described alike but for their names", () => {
  assertEquals(Object.keys(protocols), ["own-size", "cliffnet", "nyu-eigen", "nyu-pooled", "cityscapes-80m"]);
  const said = Object.entries(protocols).map(([name, protocol]) => {
    assertEquals(protocol.name, name);
    assert(E.isRight(checkProtocol(protocol)));
    return describeProtocol(protocol).split("\n").slice(1).join("\n");
  });
  assertEquals(new Set(said).size, said.length);
});

Deno.test("what is on an object by nature is no name of a protocol", () => {
  assertEquals(protocolNames.every(isProtocolName), true);
  assertEquals(["", "toString", "Own-Size", "own-size "].filter(isProtocolName), []);
});

Deno.test("the table has a row for each protocol, and one for any that is new", () => {
  const rows = (text: string) =>
    text.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const size = "the image's own size";
  const eigen = "rows 45:471 and columns 41:601 of 480×640 pixels";
  assertEquals(rows(protocolTable()).filter((_, at) => at !== 1), [
    ["protocol", "compared at", "crop", "ground truth", "clipped to", "averaged over"],
    ["`own-size`", size, "none", "all", "the data's range, else 0.001…10 m", "images"],
    ["`cliffnet`", "short side 228", "none", "all", "0.001…10 m", "images"],
    ["`nyu-eigen`", "480×640", eigen, "0.001…10 m", "0.001…10 m", "images"],
    ["`nyu-pooled`", "480×640", eigen, "0.001…10 m", "0.001…10 m", "pixels"],
    ["`cityscapes-80m`", size, "none", "0.001…80 m", "0.001…80 m", "images"],
  ]);
  const mine: Protocol = { ...ownSize, name: "mine", crop: gargCrop, truth: { min: 0.5, max: 33 }, clipsToData: false };
  const [, , mineRow] = rows(protocolTable([mine]));
  assertEquals(mineRow, ["`mine`", size, describeCrop(gargCrop), "0.5…33 m", "0.001…10 m", "images"]);
});

const senseless: readonly (readonly [field: string, change: Partial<Protocol>])[] = [
  ["clip", { clip: { near: 0, far: 10 } }],
  ["clip", { clip: { near: 2, far: 1 } }],
  ["clip", { clip: { near: 1, far: Infinity } }],
  ["clip", { clip: { near: NaN, far: 10 } }],
  ["truth", { truth: { min: 5, max: 5 } }],
  ["boundaries.slope", { boundaries: { slope: 0, reach: 10 } }],
  ["boundaries.reach", { boundaries: { slope: 0.1, reach: Infinity } }],
  ["resizing.pixels", { resizing: { kind: "short-side", pixels: 0.5 } }],
];

Deno.test("a protocol whose numbers make no sense is refused by the name of the field", () => {
  const map = mapOf([[1, 2]]);
  for (const [field, change] of senseless) {
    const problem = problemOf({ ...ownSize, name: "mine", ...change }, map, map);
    assertStringIncludes(problem, `protocol mine, field ${field}`);
  }
});
