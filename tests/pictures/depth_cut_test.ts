import type { DepthImage } from "../../lib/formats/raster.ts";
import { depthCut } from "../../lib/pictures/depth_cut.ts";
import { assert, assertEquals } from "../std.ts";
import { depthOf } from "./support.ts";

/** A wall at 4 m, 12 rows of 90 columns, changed by a function of row and column. */
const wall = (metres: (row: number, column: number) => number): DepthImage =>
  depthOf(Array.from({ length: 12 }, (_, row) => Array.from({ length: 90 }, (_, column) => metres(row, column))));

Deno.test("the cut goes through the strongest edge, which is in its middle", () => {
  const cut = depthCut(wall((_, column) => column < 40 ? 4 : column < 60 ? 2 : 1));
  assertEquals([cut?.edge, cut?.from, cut?.to], [39, 25, 55]);
});

Deno.test("a single pixel that is far off is no edge where there is one of several rows", () => {
  const cut = depthCut(wall((row, column) => row === 6 && column === 20 ? 9 : column < 70 ? 4 : 3));
  assertEquals(cut?.edge, 69);
  assertEquals([cut?.from, cut?.to], [55, 85]);
});

Deno.test("with nothing but a speck, the cut goes through the speck", () => {
  const cut = depthCut(wall((row, column) => row === 6 && column === 20 ? 9 : 4));
  assertEquals(cut?.row, 6);
  assert(cut?.edge === 19 || cut?.edge === 20);
});

Deno.test("at the sides of a picture the cut is as long as elsewhere, and never longer than a row", () => {
  const left = depthCut(wall((_, column) => column < 2 ? 4 : 2));
  const right = depthCut(wall((_, column) => column < 88 ? 4 : 2));
  assertEquals([[left?.from, left?.to], [right?.from, right?.to]], [[0, 30], [60, 90]]);
  assertEquals(depthCut(depthOf([[1, 2, 2]])), { row: 0, edge: 0, from: 0, to: 3 });
});

Deno.test("next to a hole there is no edge, and among holes an edge counts for less", () => {
  const cut = depthCut(wall((row, column) => {
    if (row < 6) return column < 30 ? 4 : column === 30 ? 0 : 1;
    return column < 60 ? 4 : 3.5;
  }));
  assertEquals([cut?.edge, (cut?.row ?? 0) >= 7], [59, true]);
  const sparse = depthCut(wall((row, column) => {
    if (row < 6) return column === 29 || column === 30 ? [4, 2][column - 29] ?? 0 : 0;
    return column < 60 ? 4 : 3;
  }));
  assertEquals(sparse?.edge, 59);
});

Deno.test("a depth that jumps nowhere has no cut", () => {
  assertEquals([wall(() => 2), wall(() => 0), depthOf([[3]]), depthOf([[1, 0, 2]])].map(depthCut), Array(4).fill(null));
});
