import { type Rgb, white } from "../../lib/pictures/colormap.ts";
import { axisWidth, columnAxis, signedBars, stepLine, type Strip, stripPlot } from "../../lib/pictures/strip.ts";
import { label } from "../../lib/pictures/text.ts";
import { assert, assertEquals } from "../std.ts";
import { at, contains, count, rowOf } from "./support.ts";

const [red, blue]: readonly [Rgb, Rgb] = [[200, 0, 0], [0, 0, 200]];
/** From −2 to 2 in 81 rows: 20 rows a unit, 0 in row 40. */
const strip: Strip = { length: 4, step: 10, height: 81, range: [-2, 2] };
/** Where the plot begins in the picture. */
const [top, left] = [1, axisWidth + 1];

Deno.test("bars reach from 0 to their values, each in the colour of its sign", () => {
  const plot = stripPlot(strip, "", signedBars(strip, [1, -0.5, 0, NaN], [red, blue]));
  assertEquals([count(plot, blue), count(plot, red)], [21 * 9, 11 * 9]);
  assertEquals([at(plot, top + 20, left), at(plot, top + 40, left + 8)], [blue, blue]);
  assertEquals([at(plot, top + 19, left), at(plot, top + 50, left + 10)], [white, red]);
});

Deno.test("values beyond the range end at its side", () => {
  const plot = stripPlot(strip, "", signedBars(strip, [99, -99, 0, 0], [red, blue]));
  assertEquals([count(plot, blue), count(plot, red)], [41 * 9, 41 * 9]);
});

Deno.test("a line is a step at each value, connected to its neighbour, with a gap where nothing was measured", () => {
  const plot = stripPlot(strip, "m", stepLine(strip, [1, -1, NaN, 0.5], red));
  for (const [row, column] of [[20, 5], [60, 15], [30, 35], [40, 10], [21, 9]] as const) {
    assertEquals(at(plot, top + row, left + column), red, `row ${row}, column ${column}`);
  }
  for (let row = 0; row < 81; row++) {
    assert(at(plot, top + row, left + 24).join() !== red.join());
    if (row < 30 || row > 31) assert(at(plot, top + row, left + 29).join() !== red.join());
  }
});

Deno.test("a plot names round values with their unit beside their rows", () => {
  const plot = stripPlot({ ...strip, range: [-1.25, 1.25] }, "m", []);
  assertEquals([plot.height, plot.width], [83, axisWidth + 2 + 40]);
  for (const value of [-1, 0, 1]) {
    const text = label(`${String(value).padStart(2)} m`);
    assertEquals((rowOf(plot, text) ?? NaN) + 9, top + 40 - 32 * value, `${value}`);
  }
});

Deno.test("texts of ticks do not cover each other", () => {
  const plot = stripPlot(strip, "", []);
  for (const text of ["-2", " 0", " 1"]) assert(contains(plot, label(text)), text);
  for (const text of ["-1", " 2"]) assert(!contains(plot, label(text)), text);
});

Deno.test("the axis of columns names whole columns in the middle of their place", () => {
  const axis = columnAxis({ length: 21, step: 20 }, 30);
  assertEquals(axis.width, axisWidth + 2 + 21 * 20);
  for (const text of ["30", "40", "50"]) assert(contains(axis, label(text)), text);
  assert(at(axis, 0, axisWidth + 1 + 10 * 20 + 10).join() !== white.join());
  assert(!contains(columnAxis({ length: 2, step: 300 }, 4), label("4.5")));
  assertEquals(count(columnAxis({ length: 1, step: 20 }, 4), white), 22 * (axisWidth + 2 + 20));
});
