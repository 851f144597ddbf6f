import fc from "fast-check";
import { orThrow } from "../../lib/errors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { depthBoundaries, markDistances } from "../../lib/metrics/boundaries.ts";
import { boundarySumsOf, evaluateImage } from "../../lib/metrics/depth_metrics.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { drawn, markedIn, meanOf, nearest } from "./reference.ts";

const rule = ownSize.boundaries;

const marksOf = ({ height, width, metres }: DepthImage, slope = rule.slope): Uint8Array =>
  depthBoundaries({ height, width, depth: metres, valid: Uint8Array.from(metres, (g) => g > 0 ? 1 : 0) }, slope);

const errorsOf = (prediction: DepthImage, truth: DepthImage) => {
  const { metrics } = orThrow(evaluateImage(ownSize, "drawn", prediction, truth));
  assert(metrics !== null);
  return [metrics.dbe_acc, metrics.dbe_comp];
};

const [height, width] = [12, 40];

/** Near to the left of a column, far from it on. */
const step = (at: number, near = 2, far = 4): DepthImage =>
  drawn(height, width, (_, column) => column < at ? near : far);

const shown = (marks: Uint8Array, columns: number): readonly string[] =>
  Array.from(
    { length: marks.length / columns },
    (_, row) =>
      Array.from(marks.subarray(row * columns, (row + 1) * columns), (mark) => mark === 1 ? "#" : ".").join(""),
  );

Deno.test("a step is marked once, on its nearer side, wherever the neighbours are known", () => {
  const map = drawn(5, 8, (_, column) => column < 4 ? 2 : 4);
  assertEquals(shown(marksOf(map), 8), ["........", "...#....", "...#....", "...#....", "........"]);
  const other = drawn(5, 8, (_, column) => column < 4 ? 4 : 2);
  assertEquals(shown(marksOf(other), 8), ["........", "....#...", "....#...", "....#...", "........"]);
  const down = drawn(6, 5, (row) => row < 3 ? 2 : 4);
  assertEquals(shown(marksOf(down), 5), [".....", ".....", ".###.", ".....", ".....", "....."]);
});

Deno.test("a diagonal step is marked along the diagonal", () => {
  const map = drawn(7, 7, (row, column) => row + column < 6 ? 2 : 4);
  assertEquals(shown(marksOf(map), 7), [
    ".......",
    "....#..",
    "...#...",
    "..#....",
    ".#.....",
    ".......",
    ".......",
  ]);
});

Deno.test("steps count by the ratio of their depths: twice the slope is the logarithm of the least that does", () => {
  const ratios = [1.02, 1.09, 1.104, 1.106, 1.2, 3];
  const marked = ratios.map((ratio) => marksOf(step(20, 2, 2 * ratio)).includes(1));
  assertEquals(marked, [false, false, false, true, true, true]);
});

Deno.test("a wall that recedes slowly has no boundary, and a steep ramp one", () => {
  const ramp = (perPixel: number) => drawn(height, width, (_, column) => 2 * Math.exp(perPixel * column));
  assertEquals(marksOf(ramp(0.04)).includes(1), false);
  const steep = drawn(5, 12, (_, column) => 2 * 2 ** (Math.min(Math.max(column - 4, 0), 4) / 4));
  const rows = markedIn(marksOf(steep), 12).map(({ row }) => row);
  assertEquals(rows, [1, 2, 3]);
});

Deno.test("nothing is marked beside a hole or the edge of the image", () => {
  const holed = drawn(height, width, (row, column) => row === 5 && column === 20 ? 0 : column < 20 ? 2 : 4);
  const rows = markedIn(marksOf(holed), width).map(({ row }) => row);
  assertEquals(rows, [1, 2, 3, 7, 8, 9, 10]);
  assertEquals(marksOf(drawn(height, width, (_, column) => column < 20 ? 2 : 0)).includes(1), false);
});

Deno.test("boundaries that are k pixels apart are k pixels apart, up to the reach", () => {
  for (const k of [0, 1, 3, 10]) {
    assertEquals(errorsOf(step(15 + k), step(15)), [k, k]);
    assertEquals(errorsOf(step(15), step(15 + k)), [k, k]);
  }
  assertEquals(errorsOf(step(26), step(15)), [10, 10]);
});

Deno.test("a boundary too many, far from any, does not harm, and one too few counts as the reach", () => {
  const two = (first: number, second: number) =>
    drawn(height, width, (_, column) => column < first ? 2 : column < second ? 4 : 8);
  assertEquals(errorsOf(two(8, 30), step(8)), [0, 0]);
  assertEquals(errorsOf(step(8), two(8, 30)), [0, 5]);
  assertEquals(errorsOf(two(8, 12), step(8)), [2, 0]);
});

Deno.test("a prediction without boundaries is as bad as can be, and a truth without any is not measured", () => {
  const flat = drawn(height, width, () => 3);
  assertEquals(errorsOf(flat, step(20)), [10, 10]);
  assertEquals(errorsOf(step(20), flat), [null, null]);
});

Deno.test("predicted boundaries do not count where the ground truth has holes", () => {
  const truth = drawn(height, width, (_, column) => column < 10 ? 2 : column >= 14 && column < 20 ? 0 : 4);
  const prediction = drawn(height, width, (_, column) => column < 10 ? 2 : column < 17 ? 4 : 8);
  assertEquals(errorsOf(prediction, truth), [0, 0]);
});

const metres = fc.double({ min: 0.5, max: 9, noNaN: true });
const [rows, columns] = [9, 11];
const randomMap = fc.array(metres, { minLength: rows * columns, maxLength: rows * columns });
const holes = fc.uniqueArray(fc.nat(rows * columns - 1), { maxLength: 3 });
const mapFrom = (values: readonly number[], without: readonly number[] = []): DepthImage => ({
  height: rows,
  width: columns,
  metres: Float32Array.from(values, (value, at) => without.includes(at) ? 0 : value),
});

/** The rule in words, pixel by pixel, with angles. */
const plainMarks = ({ metres }: DepthImage, slope: number): readonly boolean[] => {
  const at = (row: number, column: number): number =>
    row < 0 || row >= rows || column < 0 || column >= columns ? 0 : metres[row * columns + column] ?? NaN;
  const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((across) => [down, across] as const));
  const gradient = (row: number, column: number): readonly [number, number] => {
    if (around.some(([down, across]) => !(at(row + down, column + across) > 0))) return [0, 0];
    const weighted = (weight: (down: number, across: number) => number) =>
      around.reduce((sum, [down, across]) => sum + weight(down, across) * Math.log(at(row + down, column + across)), 0);
    return [
      weighted((down, across) => across * (2 - Math.abs(down)) / 8),
      weighted((down, across) => down * (2 - Math.abs(across)) / 8),
    ];
  };
  const size = (row: number, column: number): number => Math.sqrt(gradient(row, column).reduce((s, x) => s + x * x, 0));
  return Array.from(metres, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const [x, y] = gradient(row, column);
    const turn = Math.round(Math.atan2(y, x) / (Math.PI / 4)) * (Math.PI / 4);
    const [down, across] = [Math.round(Math.sin(turn)), Math.round(Math.cos(turn))];
    const here = size(row, column);
    const steps = down !== 0 && across !== 0 ? [[down, across], [down, 0], [0, across]] : [[down, across]];
    return here >= slope &&
      steps.every(([y = NaN, x = NaN]) => here >= size(row + y, column + x) && here > size(row - y, column - x));
  });
};

Deno.test("boundaries are where the rule says, on any map with holes", () => {
  fc.assert(
    fc.property(randomMap, holes, fc.constantFrom(0.05, 0.4), (values, without, slope) => {
      const map = mapFrom(values, without);
      assertEquals(Array.from(marksOf(map, slope), (mark) => mark === 1), plainMarks(map, slope));
    }),
    { numRuns: 60 },
  );
});

const mirrored = <A extends Float32Array | Uint8Array>(values: A): readonly number[] =>
  Array.from(values, (_, at) => values[at - at % columns + columns - 1 - at % columns] ?? NaN);

Deno.test("the boundaries of the mirrored map are the mirrored boundaries", () => {
  fc.assert(
    fc.property(randomMap, holes, (values, without) => {
      const map = mapFrom(values, without);
      const marks = marksOf(map);
      assertEquals(Array.from(marksOf({ ...map, metres: Float32Array.from(mirrored(map.metres)) })), mirrored(marks));
    }),
    { numRuns: 60 },
  );
});

Deno.test("the unit of depth does not change its boundaries", () => {
  for (const unit of [1e-3, 0.5, 1000]) assertEquals(marksOf(step(20, 2 * unit, 4 * unit)), marksOf(step(20)));
});

Deno.test("the distance from each mark to the nearest of others is exact within the reach", () => {
  const marks = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1), { minLength: 99, maxLength: 99 });
  fc.assert(fc.property(marks, marks, fc.constantFrom(1, 2, 3.5, 10), (first, second, reach) => {
    const [from, to] = [Uint8Array.from(first), Uint8Array.from(second)];
    const expected = markedIn(from, columns).map((mark) => nearest(mark, markedIn(to, columns)));
    const found = markDistances(from, to, columns, reach);
    assertEquals(found.length, expected.length);
    expected.forEach((distance, at) =>
      assertAlmostEquals(found[at] ?? NaN, distance <= reach ? distance : Infinity, 1e-12)
    );
  }));
});

Deno.test("the sums are of the distances between all pairs of boundary pixels, each to its nearest", () => {
  const reach = 3;
  fc.assert(
    fc.property(randomMap, randomMap, holes, (predicted, measured, without) => {
      const truth = mapFrom(measured, without);
      const prediction = mapFrom(predicted, without);
      const comparison = { ...truth, truth: truth.metres, prediction: Float64Array.from(prediction.metres), scale: 1 };
      const sums = boundarySumsOf(comparison, { slope: 0.4, reach });
      const [p, g] = [prediction, truth].map((map) => markedIn(marksOf(map, 0.4), columns));
      if (p === undefined || g === undefined || g.length === 0) return assertEquals(Object.values(sums), [0, 0, 0, 0]);
      const close = p.map((pixel) => nearest(pixel, g)).filter((distance) => distance <= reach);
      const missed = g.map((pixel) => Math.min(nearest(pixel, p), reach));
      assertEquals([sums.truth, sums.near], [g.length, close.length]);
      assertAlmostEquals(sums.missed / sums.truth, meanOf(missed), 1e-9);
      if (close.length > 0) assertAlmostEquals(sums.displaced / sums.near, meanOf(close), 1e-9);
    }),
    { numRuns: 60 },
  );
});
