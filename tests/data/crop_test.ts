import fc from "fast-check";
import { type Split, splitOf } from "../../lib/data/dataset.ts";
import { centreCrop } from "../../lib/data/resize.ts";
import { preparedSplit } from "../../lib/data/split.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "./support.ts";

const level = (row: number, column: number, channel: number): number => (31 * row + 17 * column + 5 * channel) % 256;
const metres = (row: number, column: number): number => row + column / 16;
const made = (height: number, width: number) => sampleOf(height, width, level, metres);

const rest = fc.nat({ max: 5 });
const side = fc.integer({ min: 1, max: 6 });

Deno.test("a centre crop is the middle of image and depth, and the principal point moves with it", () => {
  fc.assert(fc.property(side, side, rest, rest, (height, width, above, beside) => {
    const [top, left] = [Math.floor(above / 2), Math.floor(beside / 2)];
    const found = orThrow(centreCrop(height, width)(made(height + above, width + beside)));
    const expected = sampleOf(
      height,
      width,
      (row, column, channel) => level(row + top, column + left, channel),
      (row, column) => metres(row + top, column + left),
    );
    assertEquals(found, { ...expected, intrinsics: { fx: 100, fy: 101, cx: 1.25 - left, cy: 2.5 - top } });
  }));
});

Deno.test("the published crop of NYU Depth V2 cuts 12 rows and 16 columns off each side", () => {
  const number = (row: number, column: number): number => row * 640 + column;
  const { depth } = orThrow(centreCrop(456, 608)(sampleOf(480, 640, () => 0, number)));
  assertEquals([depth.height, depth.width], [456, 608]);
  assertEquals([depth.metres[0], depth.metres.at(-1)], [number(12, 16), number(467, 623)]);
});

Deno.test("a crop leaves the sample that it was made from as it was, and unknown cameras unknown", () => {
  const sample = made(5, 7);
  const { intrinsics } = orThrow(centreCrop(2, 3)({ ...sample, intrinsics: null }));
  assertEquals(intrinsics, null);
  orThrow(centreCrop(2, 3)(sample)).image.pixels.fill(0);
  orThrow(centreCrop(2, 3)(sample)).depth.metres.fill(0);
  assertEquals(sample, made(5, 7));
});

Deno.test("a sample that is smaller than the crop is refused by its name, never filled up", () => {
  for (const [height, width] of [[6, 7], [5, 8], [9, 9]] as const) {
    const found = centreCrop(height, width)(made(5, 7));
    if (found._tag === "Right") throw new Error("the crop was not refused");
    assertEquals([found.left.kind, found.left.where], ["data", "made for a test"]);
    assertStringIncludes(describe(found.left), "7 wide and 5 high");
    assertStringIncludes(describe(found.left), `${width} wide and ${height} high`);
  }
});

Deno.test("a split that is prepared by a crop fails for the samples that are too small, and only for them", async () => {
  const sizes = [[4, 4], [2, 4], [3, 3]] as const;
  const split: Split = {
    ...splitOf([]),
    size: sizes.length,
    read: (index) => {
      const [height, width] = sizes[index] ?? [1, 1];
      return TE.right(made(height, width));
    },
  };
  const cropped = preparedSplit(split, centreCrop(3, 3));
  assertEquals(cropped.size, 3);
  assertEquals(orThrow(await cropped.read(0)()), orThrow(centreCrop(3, 3)(made(4, 4))));
  assertEquals(orThrow(await cropped.read(2)()), made(3, 3));
  assertEquals((await cropped.read(1)())._tag, "Left");
});
