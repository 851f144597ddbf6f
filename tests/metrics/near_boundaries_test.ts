import { nearBoundaries } from "../../lib/metrics/boundaries.ts";
import { assertEquals } from "../std.ts";

/** A step from 2 m to 4 m between columns 3 and 4 of 6 rows of 9. */
const step = (hole: (at: number) => boolean) => ({
  height: 6,
  width: 9,
  metres: Float32Array.from({ length: 54 }, (_, at) => hole(at) ? 0 : at % 9 < 4 ? 2 : 4),
});

/** Columns of the marks in a row, of the marks as text. */
const columnsIn = (marks: Uint8Array, row: number): string => marks.subarray(row * 9, row * 9 + 9).join("");

Deno.test("pixels on a boundary and its eight neighbours are near it, those further away are not", () => {
  const marks = nearBoundaries(step(() => false), 1.5);
  // The nearer side of the step is its boundary; in the first and last row none is known, but there are neighbours.
  for (let row = 0; row < 6; row++) assertEquals(columnsIn(marks, row), "001110000", `row ${row}`);
});

Deno.test("with reach 0 only the boundary itself counts", () => {
  const marks = nearBoundaries(step(() => false), 0);
  assertEquals([0, 1, 4, 5].map((row) => columnsIn(marks, row)), [
    "000000000",
    "000100000",
    "000100000",
    "000000000",
  ]);
});

Deno.test("a hole is never near a boundary, and across holes no boundary is known", () => {
  const marks = nearBoundaries(step((at) => at === 3 * 9 + 2), 1.5);
  assertEquals([marks[2 * 9 + 3], marks[3 * 9 + 2], marks[3 * 9 + 3]], [1, 0, 1]);
  assertEquals(nearBoundaries(step((at) => at % 9 === 3 || at % 9 === 4), 1.5), new Uint8Array(54));
});

Deno.test("a depth without boundaries has nothing near one", () => {
  assertEquals(nearBoundaries({ height: 6, width: 9, metres: new Float32Array(54).fill(2) }, 1.5), new Uint8Array(54));
});
