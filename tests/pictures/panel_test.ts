import fc from "fast-check";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { cell, colorBar, enlargement } from "../../lib/pictures/cell.ts";
import { colorize, depthMap, errorMap, invalidGrey, type Rgb, white } from "../../lib/pictures/colormap.ts";
import { filled } from "../../lib/pictures/layout.ts";
import { absoluteError, contactSheet, depthPicture, samplePanel } from "../../lib/pictures/panel.ts";
import { label } from "../../lib/pictures/text.ts";
import { assert, assertEquals } from "../std.ts";
import { assertRefused, contains, count, depthOf } from "./support.ts";

const margin = 16;

const constant = (height: number, width: number, metres: number): DepthImage => ({
  height,
  width,
  metres: new Float32Array(height * width).fill(metres),
});

const slope = (height: number, width: number): DepthImage => ({
  height,
  width,
  metres: Float32Array.from(
    { length: height * width },
    (_, pixel) => 1 + pixel / (height * width),
  ),
});

const panelOf = (truth: DepthImage, prediction: DepthImage, title?: string) =>
  samplePanel({
    image: filled(truth.height, truth.width, [10, 20, 30]),
    truth,
    prediction,
    ...(title === undefined ? {} : { title }),
  });

Deno.test("small pictures are enlarged to 240 pixels or more, large ones are kept", () => {
  assertEquals(enlargement(64, 80), 3);
  assertEquals(enlargement(64, 70), 4);
  assertEquals(enlargement(240, 320), 1);
  assertEquals(enlargement(1, 1), 240);
  assertEquals(enlargement(4000, 2), 1);
  assertEquals(enlargement(0, 0), 240);
});

Deno.test("a cell holds its caption and its enlarged picture", () => {
  const one = cell(filled(10, 80, [1, 2, 3]), "input", null);
  assertEquals(one.width, 240);
  assertEquals(count(one, [1, 2, 3]), 240 * 30);
  assert(contains(one, label("input")));
});

Deno.test("a panel shows all four pictures large, with captions and mean error", () => {
  const truth = slope(64, 80);
  const prediction = { ...truth, metres: truth.metres.map((m) => m + 0.25) };
  const panel = panelOf(truth, prediction, "room_12");
  assert(panel.width >= 4 * 240 && panel.height >= 192 + 2 * margin);
  assertEquals(panel.pixels.length, panel.height * panel.width * 3);
  assertEquals(count(panel, [10, 20, 30]), 64 * 80 * 9);
  const captions = [
    "room_12",
    "input",
    "ground truth",
    "prediction",
    "error, mean 0.25 m",
  ];
  for (const text of captions) assert(contains(panel, label(text)), text);
});

Deno.test("the prediction is drawn in the scale of the truth", () => {
  // The 2nd and 98th percentiles of the truth are 1.06 and 2.94 m, just below three quarters of the way 2.4675 m.
  const panel = panelOf(depthOf([[1, 2], [2, 3]]), constant(2, 2, 2.4675));
  const inPrediction = 4 * 120 * 120;
  const inBars = 2 * 14 * 2;
  const found = count(panel, depthMap(0.75));
  assert(found >= inPrediction && found <= inPrediction + inBars, `${found}`);
});

Deno.test("the error has its own map and scale, from 0 to its 98th percentile", () => {
  const truth = slope(64, 80);
  const prediction = { ...truth, metres: truth.metres.map((m) => m + 0.25) };
  const panel = panelOf(truth, prediction);
  assert(contains(panel, colorBar([0, 0.25], errorMap, 192)));
  assert(count(panel, errorMap(1)) >= 240 * 192 * 0.9);
});

Deno.test("pixels without truth are grey in the truth and in the error, but not in the prediction", () => {
  const truth = slope(8, 10);
  truth.metres.fill(0, 0, 20);
  const panel = panelOf(truth, slope(8, 10));
  assertEquals(count(panel, invalidGrey), 2 * 20 * 24 * 24);
});

Deno.test("a panel without valid truth says so and takes the scale from the prediction", () => {
  const prediction = slope(8, 10);
  const panel = panelOf(constant(8, 10, 0), prediction);
  assert(contains(panel, label("ground truth: none valid")));
  assert(contains(panel, label("error: no valid pixel")));
  assertEquals(count(panel, invalidGrey), 2 * 80 * 24 * 24);
});

Deno.test("neither truth nor prediction valid still gives a panel, with the scale 0 to 10 m", () => {
  const panel = panelOf(constant(8, 10, NaN), constant(8, 10, Infinity));
  assertEquals(count(panel, invalidGrey), 3 * 80 * 24 * 24);
  assert(contains(panel, label("10 m")));
});

Deno.test("a single valid pixel gives a panel with its depth in the middle of the scale", () => {
  const truth = constant(8, 10, 0);
  truth.metres[33] = 2;
  const panel = panelOf(truth, constant(8, 10, 2));
  assertEquals(count(panel, invalidGrey), 2 * 79 * 24 * 24);
  assert(count(panel, depthMap(0.5)) >= 81 * 24 * 24);
});

Deno.test("any depths whatever give a panel", () => {
  const metres = fc.float32Array({ minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(metres, metres, (a, b) => {
      const panel = panelOf(
        { height: 3, width: 4, metres: new Float32Array(a) },
        { height: 3, width: 4, metres: new Float32Array(b) },
      );
      assert(panel.width >= 4 * 240);
    }),
    { numRuns: 15 },
  );
});

Deno.test("a title that is too long does not widen the panel", () => {
  const depth = slope(8, 10);
  assertEquals(
    panelOf(depth, depth, "x".repeat(5000)).width,
    panelOf(depth, depth).width,
  );
});

Deno.test("the error is |prediction - truth| where both are known", () => {
  const truth = depthOf([[1, 2, 0, 4, NaN]]);
  const prediction = depthOf([[1.5, 1, 3, NaN, 2]]);
  assertEquals(
    [...absoluteError(truth, prediction).metres],
    [0.5, 1, NaN, NaN, NaN],
  );
});

Deno.test("a prediction of another size is refused", () => {
  assertRefused(
    () => absoluteError(constant(2, 3, 1), constant(3, 2, 1)),
    "3x2 predicted",
  );
});

Deno.test("a contact sheet has all panels with a line between neighbours", () => {
  const red: Rgb = [255, 0, 0];
  const sheet = contactSheet([filled(3, 6, red), filled(5, 4, red)], white);
  assertEquals([sheet.height, sheet.width], [3 + 2 + 5, 6]);
  assertEquals(count(sheet, red), 3 * 6 + 5 * 4);
  assertEquals(count(sheet, white), 5 * 2);
  assertEquals(contactSheet([]).pixels.length, 0);
});

Deno.test("a depth picture has the colours of the depth and names the scale", () => {
  const depth = slope(80, 240);
  const picture = depthPicture(depth, [1, 3]);
  assert(contains(picture, colorize(depth, [1, 3])));
  const small = { scale: 1, foreground: [24, 24, 24], background: white } as const;
  for (const text of ["1.0 m", "2.0 m", "3.0 m"]) {
    assert(contains(picture, label(text, small)), text);
  }
});

Deno.test("a depth picture without valid depth says so", () => {
  const picture = depthPicture(constant(80, 240, 0));
  assertEquals(count(picture, invalidGrey), 80 * 240);
  assert(contains(picture, label("depth: none valid")));
});

Deno.test("a depth picture with the near and far end equal is drawn, a descending range is refused", () => {
  assert(depthPicture(constant(8, 10, 2), [2, 2]).width >= 240);
  assertRefused(() => depthPicture(constant(8, 10, 2), [3, 2]), "range of depth");
});
