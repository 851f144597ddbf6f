import fc from "fast-check";
import { randomRotation, rotate } from "../../lib/data/augment.ts";
import type { Intrinsics, Sample } from "../../lib/data/dataset.ts";
import { foldIn, type Key, keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals } from "../std.ts";
import { assertBilinear, assertNearest } from "./bilinear.ts";
import type { Point } from "./coordinate_pattern.ts";
import { sampleOf } from "./support.ts";

const manyKeys: readonly Key[] = Array.from({ length: 60 }, (_, at) => foldIn(keyOf(8), at));
const side = fc.integer({ min: 1, max: 9 });
const angle = fc.double({ min: -180, max: 180, noNaN: true });
const cameras = fc.option(fc.record<Intrinsics>({
  fx: fc.double({ min: 5, max: 9, noNaN: true }),
  fy: fc.double({ min: 5, max: 9, noNaN: true }),
  cx: fc.double({ min: -1, max: 9, noNaN: true }),
  cy: fc.double({ min: -1, max: 9, noNaN: true }),
}));

const noiseOf = (height: number, width: number, seed: number): Sample =>
  sampleOf(
    height,
    width,
    (row, column, channel) => (seed + 97 * row + 31 * column + 113 * channel) % 256,
    (row, column) => (seed + row + 2 * column) % 4 === 0 ? 0 : 1 + row + column / 16,
  );

/** Where a position comes from when the picture turns counter-clockwise: it goes clockwise, through the camera's rays. */
const sourceOf = ({ image, intrinsics }: Sample, degrees: number) => ([x, y]: Point): Point => {
  const { fx, fy, cx, cy } = intrinsics ?? { fx: 1, fy: 1, cx: image.width / 2, cy: image.height / 2 };
  const [right, up] = [(x - cx) / fx, (cy - y) / fy];
  const [length, direction] = [Math.hypot(right, up), Math.atan2(up, right) - degrees * Math.PI / 180];
  return [cx + fx * length * Math.cos(direction), cy - fy * length * Math.sin(direction)];
};

Deno.test("a rotated picture is interpolated bilinearly, and depth takes the pixel in which a position lies", () => {
  fc.assert(fc.property(side, side, fc.nat(), angle, cameras, (height, width, seed, degrees, intrinsics) => {
    const sample = { ...noiseOf(height, width, seed), intrinsics };
    const rotated = rotate(degrees)(sample);
    assertBilinear(rotated.image, sample.image, sourceOf(sample, degrees));
    assertNearest(rotated.depth, sample.depth, sourceOf(sample, degrees));
    assertEquals([rotated.intrinsics, rotated.name, rotated.scene], [intrinsics, sample.name, sample.scene]);
  }));
});

Deno.test("a quarter turn about the middle of a square goes counter-clockwise and keeps every level and depth", () => {
  const sample = { ...noiseOf(7, 7, 5), intrinsics: null };
  const rotated = rotate(90)(sample);
  for (let row = 0; row < 7; row++) {
    for (let column = 0; column < 7; column++) {
      // What is at the right edge, in this row from the top, comes to the top edge, in this column from the left.
      const [from, to] = [row * 7 + (6 - column), column * 7 + row];
      assertEquals(rotated.depth.metres[to], sample.depth.metres[from]);
      assertEquals(rotated.image.pixels.slice(to * 3, to * 3 + 3), sample.image.pixels.slice(from * 3, from * 3 + 3));
    }
  }
});

Deno.test("no angle at all changes nothing", () => {
  const sample = noiseOf(5, 8, 2);
  assertEquals(rotate(0)(sample), sample);
  for (const key of manyKeys) assertEquals(randomRotation(0)(key, sample), sample);
});

Deno.test("what turns in from beyond the edges has no depth, and its colours are those of the edges", () => {
  const white = sampleOf(20, 30, () => 255, () => 2);
  const { image, depth } = rotate(30)({ ...white, intrinsics: null });
  assertEquals(new Set(image.pixels), new Set([255]));
  assertEquals(new Set(depth.metres), new Set([0, 2]));
  assertEquals([depth.metres[0], depth.metres[10 * 30 + 15]], [0, 2]);
});

/** The angle by which a sample was rotated, told by the number of the pixel that came to the right end of its middle row. */
const angleOf = ({ depth: { height, width, metres } }: Sample): number => {
  const number = (metres[(height - 1) / 2 * width + width - 11] ?? NaN) - 1;
  const [x, y] = [number % width - (width - 1) / 2, Math.floor(number / width) - (height - 1) / 2];
  return Math.atan2(y, x) * 180 / Math.PI;
};

Deno.test("random angles fill ± the greatest one, and the same key gives the same", () => {
  const numbered = { ...sampleOf(101, 101, () => 0, (row, column) => 1 + row * 101 + column), intrinsics: null };
  const rotated = manyKeys.map((key) => randomRotation(12)(key, numbered));
  const angles = rotated.map(angleOf);
  assert(angles.every((each) => Math.abs(each) < 13), `angles ${angles}`);
  assert(Math.min(...angles) < -9 && Math.max(...angles) > 9, `angles ${angles}`);
  assert(Math.abs(angles.reduce((sum, each) => sum + each, 0) / angles.length) < 3, `angles ${angles}`);
  manyKeys.forEach((key, at) => assertEquals(randomRotation(12)(key, numbered), rotated[at]));
});
