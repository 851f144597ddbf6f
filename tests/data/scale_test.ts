import fc from "fast-check";
import { randomScale, zoom } from "../../lib/data/augment.ts";
import type { Sample } from "../../lib/data/dataset.ts";
import { foldIn, type Key, keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { assertBilinear, assertNearest } from "./bilinear.ts";
import type { Point } from "./coordinate_pattern.ts";
import { sampleOf } from "./support.ts";

const manyKeys: readonly Key[] = Array.from({ length: 80 }, (_, at) => foldIn(keyOf(4), at));
const side = fc.integer({ min: 1, max: 9 });
const scales = fc.double({ min: 1, max: 3, noNaN: true });
const part = fc.double({ min: 0, max: 1, noNaN: true });

const noiseOf = (height: number, width: number, seed: number): Sample =>
  sampleOf(
    height,
    width,
    (row, column, channel) => (seed + 97 * row + 31 * column + 113 * channel) % 256,
    (row, column) => (seed + row + 2 * column) % 4 === 0 ? 0 : 1 + row + column / 16,
  );

Deno.test("a zoomed picture is its window, interpolated bilinearly, with the nearest depth divided by the scale", () => {
  fc.assert(fc.property(side, side, fc.nat(), scales, part, part, (height, width, seed, scale, across, down) => {
    const sample = noiseOf(height, width, seed);
    const [left, top] = [across * (width - width / scale), down * (height - height / scale)];
    const zoomed = zoom(scale, left, top)(sample);
    const source = ([x, y]: Point): Point => [left + x / scale, top + y / scale];
    assertBilinear(zoomed.image, sample.image, source);
    const nearer = { ...sample.depth, metres: sample.depth.metres.map((metres) => metres / scale) };
    assertNearest(zoomed.depth, nearer, source);
    assertEquals([zoomed.name, zoomed.scene], [sample.name, sample.scene]);
  }));
});

Deno.test("the point that a pixel shows keeps its X and Y, and its Z is divided by the scale", () => {
  const sample = noiseOf(8, 9, 1);
  const pointOf = ({ intrinsics }: Sample, [x, y]: Point, z: number): readonly number[] => {
    const { fx, fy, cx, cy } = intrinsics ?? { fx: NaN, fy: NaN, cx: NaN, cy: NaN };
    return [(x - cx) * z / fx, (y - cy) * z / fy, z];
  };
  fc.assert(fc.property(scales, part, part, part, part, (scale, across, down, x, y) => {
    const [left, top] = [across * 9 * (1 - 1 / scale), down * 8 * (1 - 1 / scale)];
    const [position, from]: [Point, Point] = [[9 * x, 8 * y], [left + 9 * x / scale, top + 8 * y / scale]];
    const [X = NaN, Y = NaN, Z = NaN] = pointOf(sample, from, 5);
    const found = pointOf(zoom(scale, left, top)(sample), position, 5 / scale);
    [X, Y, Z / scale].forEach((each, at) => assert(Math.abs(each - (found[at] ?? NaN)) < 1e-9));
  }));
});

Deno.test("scale 1 changes nothing, and scales below 1 are refused", () => {
  const sample = noiseOf(5, 8, 2);
  assertEquals(zoom(1, 0, 0)(sample), sample);
  for (const key of manyKeys) assertEquals(randomScale(1)(key, sample), sample);
  assertStringIncludes(String(assertThrows(() => randomScale(0.9))), "0.9");
  assertStringIncludes(String(assertThrows(() => randomScale(NaN))), "NaN");
});

Deno.test("random scales fill 1 … the greatest, their windows the picture, and the same key gives the same", () => {
  const [height, width, camera] = [12, 20, { fx: 10, fy: 11, cx: 10, cy: 6 }];
  const sample = { ...sampleOf(height, width, () => 0, () => 1), intrinsics: camera };
  const zoomed = manyKeys.map((key) => randomScale(1.5)(key, sample));
  const drawn = zoomed.map(({ depth, intrinsics }) => {
    const scale = 1 / (depth.metres[0] ?? NaN);
    const window = (at: number, moved: number, size: number) => (at - moved / scale) / (size * (1 - 1 / scale));
    return { scale, left: window(10, intrinsics?.cx ?? NaN, width), top: window(6, intrinsics?.cy ?? NaN, height) };
  });
  const spread = (values: readonly number[], least: number, most: number) => {
    const rest = 1e-3 + (most - least) / 10;
    assert(values.every((value) => value >= least - 1e-3 && value <= most + 1e-3), `${values}`);
    assert(Math.min(...values) < least + rest && Math.max(...values) > most - rest, `${values}`);
  };
  spread(drawn.map(({ scale }) => scale), 1, 1.5);
  const clear = drawn.filter(({ scale }) => scale > 1.1);
  spread(clear.map(({ left }) => left), 0, 1);
  spread(clear.map(({ top }) => top), 0, 1);
  manyKeys.forEach((key, at) => assertEquals(randomScale(1.5)(key, sample), zoomed[at]));
});

Deno.test("a scaled map without holes has none, as every window lies within the picture", () => {
  const sample = sampleOf(9, 13, () => 0, () => 6);
  for (const key of manyKeys) assert(randomScale(2)(key, sample).depth.metres.every((metres) => metres > 0));
});
