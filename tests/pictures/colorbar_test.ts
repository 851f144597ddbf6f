import fc from "fast-check";
import { colorBar, leastBarHeight } from "../../lib/pictures/cell.ts";
import { depthMap, errorMap, invalidGrey } from "../../lib/pictures/colormap.ts";
import { label } from "../../lib/pictures/text.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { assertRefused, at, contains, count, rowOf } from "./support.ts";

Deno.test("a colour bar has the far colour on top, the near colour at the bottom, and no grey", () => {
  const bar = colorBar([1, 5], depthMap, 200);
  assertEquals(bar.height, 200);
  assertEquals(at(bar, 1, 5), depthMap(1));
  assertEquals(at(bar, 198, 5), depthMap(0));
  assertEquals(count(bar, invalidGrey), 0);
});

Deno.test("a colour bar names round depths in metres", () => {
  const bar = colorBar([0.7, 3.3], depthMap, 150);
  for (const text of ["1 m", "2 m", "3 m"]) {
    assert(contains(bar, label(text)), text);
  }
});

Deno.test("a colour bar names another unit, or none, and values below 0", () => {
  const none = colorBar([-2, 2], depthMap, 150, "");
  for (const text of ["-2", " 2", " 0"]) assert(contains(none, label(text)), text);
  assert(!contains(none, label(" 2 ")) || none.width < colorBar([-2, 2], depthMap, 150).width);
  assert(contains(colorBar([0, 2], depthMap, 150, "1/m"), label("2.0 1/m")));
});

Deno.test("the text of a tick is centred where the bar has the colour of its value", () => {
  const bar = colorBar([0.6, 5.4], depthMap, 243);
  for (const metres of [1, 2, 3, 4, 5]) {
    const text = label(`${metres} m`);
    const centre = (rowOf(bar, text) ?? NaN) + text.height / 2;
    // One metre is 50 rows; the bar without its frame begins in row 1.
    assertAlmostEquals(centre, 1 + (5.4 - metres) * 50, 1.5);
    assertEquals(at(bar, Math.round(1 + (5.4 - metres) * 50), 5), depthMap((metres - 0.6) / 4.8));
  }
});

Deno.test("the mark of a tick stands where the bar has the colour of its value", () => {
  const bar = colorBar([0, 10], depthMap, 203);
  const rows = Array.from({ length: 203 }, (_, row) => row)
    .filter((row) => at(bar, row, 17)[0] < 100);
  assertEquals(rows.length, 6);
  [10, 8, 6, 4, 2, 0].forEach((metres, index) => assertEquals(at(bar, rows[index] ?? NaN, 5), depthMap(metres / 10)));
});

Deno.test("any ascending range and height gives a colour bar of that height", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.integer({ min: leastBarHeight, max: 400 }),
      (near, width, height) => {
        const range = [near, near + width * Math.max(near, 1e-6)] as const;
        assertEquals(colorBar(range, errorMap, height).height, height);
      },
    ),
    { numRuns: 50 },
  );
  assertRefused(() => colorBar([0, 1], depthMap, leastBarHeight - 1), "height of a colour bar");
});
