import type { DepthImage, ValueMap } from "../../lib/formats/raster.ts";
import type { Explanation, TermExplanation } from "../../lib/loss/explanation.ts";
import { colorBar } from "../../lib/pictures/cell.ts";
import { errorMap, invalidGrey, signedMap } from "../../lib/pictures/colormap.ts";
import { explanationPage, levelCell, pullCell } from "../../lib/pictures/explanation_page.ts";
import { filled } from "../../lib/pictures/layout.ts";
import { label } from "../../lib/pictures/text.ts";
import { assert, assertEquals } from "../std.ts";
import { contains, count } from "./support.ts";

const [height, width] = [24, 40];

const mapOf = (rows: number, columns: number, value: (at: number) => number): ValueMap => ({
  height: rows,
  width: columns,
  values: Float32Array.from({ length: rows * columns }, (_, at) => value(at)),
});

const depthFrom = (metres: (at: number) => number): DepthImage => ({
  height,
  width,
  metres: mapOf(height, width, metres).values,
});

/** Farther on the right; ten pixels of the first row are holes. */
const truth = depthFrom((at) => at < 10 ? 0 : at % width < 20 ? 1 : 3);

const level = (number: number, rows: number, columns: number, value: number, weight: number) => ({
  level: number,
  channels: 8 * number,
  difference: mapOf(rows, columns, (at) => at < rows * columns / 2 ? 0 : value),
  mean: value / 2,
  weight,
});

const term = (name: string, trained: boolean, value: number, pull: (at: number) => number): TermExplanation => ({
  name,
  trained,
  value,
  pull: mapOf(height, width, pull),
  strength: 0.5,
  boundaryStrength: 0.75,
});

const explanation: Explanation = {
  truth,
  prediction: depthFrom(() => 2),
  generators: [
    { name: "HEG-S", unit: "", levels: [level(1, height, width, 0.5, 0.3), level(2, 12, 20, 0.25, 0)] },
    { name: "Sobel", unit: "m", levels: [level(1, height, width, 4, 1)] },
  ],
  terms: [
    term("L1", true, 0.625, (at) => at % width < 20 ? -1 : 1),
    term("HEG-S", false, 0.125, (at) => at % width < 20 ? 0.5 : -0.25),
  ],
};

const page = explanationPage({ title: "room 12", image: filled(height, width, [10, 20, 30]), explanation });

Deno.test("a page names what it shows: images, levels with weights, losses, and the place of the cut", () => {
  const texts = [
    "input",
    "ground truth",
    "prediction",
    "error, mean 1 m",
    "HEG-S: |G(truth) - G(prediction)|, level by level",
    "level 1: 40x24, 8 ch",
    "mean 0.25 x 0.3 = 0.075",
    "level 2: 20x12, 16 ch",
    "mean 0.125, weight 0",
    "mean 2 m x 1 = 2",
    "loss 0.625",
    "mean 0.5, x1.5 at edges",
    "0.125, not in the loss",
    "Along row 1, columns 8 to 31, across the strongest depth edge (lines above)",
    "pull of L1",
    "pull of HEG-S (not in the loss of this run)",
  ];
  for (const text of texts) assert(contains(page, label(text)), text);
  assert(contains(page, label("room 12", { scale: 3, foreground: [24, 24, 24], background: [255, 255, 255] })));
});

Deno.test("every map has a colour bar of its own range, in metres where the generator is", () => {
  const drawn = height * 6;
  assert(contains(page, colorBar([0, 0.5], errorMap, drawn, "")));
  assert(contains(page, colorBar([0, 0.25], errorMap, drawn, "")));
  assert(contains(page, colorBar([0, 4], errorMap, drawn, "m")));
  assert(contains(page, colorBar([-1, 1], signedMap, drawn, "")));
  assert(contains(page, colorBar([-0.5, 0.5], signedMap, drawn, "")));
});

Deno.test("a level is as large as the image, with each of its values as a block", () => {
  const size = { height: height * 6, width: width * 6 };
  const [generator] = explanation.generators;
  const [fine, coarse] = generator?.levels ?? [];
  assert(generator !== undefined && fine !== undefined && coarse !== undefined);
  for (const one of [fine, coarse]) {
    const picture = levelCell(generator, one, size);
    // Half of the map has the largest value, and the bar one row of its colour.
    assertEquals(Math.floor(count(picture, errorMap(1)) / 100), Math.floor(size.height * size.width / 2 / 100));
  }
});

Deno.test("pulls are blue where they go farther, red where they go nearer, and grey where the truth has a hole", () => {
  const [l1] = explanation.terms;
  assert(l1 !== undefined);
  const picture = pullCell(l1, truth, { height, width: 240 });
  assertEquals(count(picture, invalidGrey), 10 * 6);
  const [half, bar] = [height * 240 / 2, 14 * 2];
  const [nearer, farther] = [count(picture, signedMap(0)), count(picture, signedMap(1))];
  assert(nearer >= half - 60 && nearer <= half - 60 + bar, `${nearer}`);
  assert(farther >= half && farther <= half + bar, `${farther}`);
});

Deno.test("without an edge the page has no cut, without valid depth it says so, and without pull it is drawn", () => {
  const flat = { ...explanation, truth: depthFrom(() => 2) };
  const one = explanationPage({ title: "", image: filled(height, width, [1, 2, 3]), explanation: flat });
  assert(one.height < page.height && !contains(one, label("pull of L1")));
  const nothing = explanationPage({
    title: "x".repeat(500),
    image: filled(height, width, [1, 2, 3]),
    explanation: { ...explanation, truth: depthFrom(() => 0), terms: [term("L1", true, 0, () => 0)] },
  });
  assert(contains(nothing, label("error, none valid")));
  assertEquals(nothing.width, page.width);
});
