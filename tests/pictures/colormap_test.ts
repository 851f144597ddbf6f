import fc from "fast-check";
import {
  colorize,
  type ColorMap,
  depthMap,
  errorMap,
  inferno,
  invalidGrey,
  magma,
  reversed,
  signedMap,
  viridis,
} from "../../lib/pictures/colormap.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { assertRefused, at, count, depthOf, lab } from "./support.ts";

const units = Array.from({ length: 256 }, (_, index) => (index + 0.5) / 256);
const maps: readonly (readonly [string, ColorMap])[] = [
  ["viridis", viridis],
  ["magma", magma],
  ["inferno", inferno],
];

// The first, the middle and the last row of Matplotlib's tables (_cm_listed.py), times 255.
Deno.test("the maps have the colours that Matplotlib publishes", () => {
  assertEquals(viridis(0), [68, 1, 84]);
  assertEquals(viridis(1), [253, 231, 37]);
  assertEquals(magma(0), [0, 0, 4]);
  assertEquals(magma(1), [252, 253, 191]);
  assertEquals(inferno(0), [0, 0, 4]);
  assertEquals(inferno(1), [252, 255, 164]);
  assertEquals(viridis(0.5), [33, 145, 140]);
});

Deno.test("what is not a number has no colour", () => assertRefused(() => viridis(NaN), "colour of NaN: not a number"));

// The first and the last of ColorBrewer's eleven colours of RdBu.
Deno.test("the signed map is red below 0, nearly white at 0 and blue above", () => {
  for (const [unit, published] of [[0, [103, 0, 31]], [1, [5, 48, 97]]] as const) {
    signedMap(unit).forEach((channel, index) => assertAlmostEquals(channel, published[index] ?? NaN, 2));
  }
  assert(signedMap(0.5).every((channel) => channel > 235), `${signedMap(0.5)}`);
  const lightness = units.map((unit) => lab(signedMap(unit))[0]);
  lightness.forEach((value, index) => {
    const towards = lightness[index < 128 ? index + 1 : index - 1] ?? 0;
    assert(towards >= value - 0.5, `the map does not get lighter towards 0 at ${index}`);
  });
});

Deno.test("near is bright, far is dark, and no error is black", () => {
  assertEquals(depthMap(0), [253, 231, 37]);
  assertEquals(depthMap(1), [68, 1, 84]);
  assertEquals(errorMap(0), [0, 0, 4]);
});

for (const [name, map] of maps) {
  // Viridis itself is strictly monotone; its published 8-bit table has four steps back of at most 0.032.
  Deno.test(`the lightness of ${name} rises, from one entry to the next but for 8-bit rounding`, () => {
    const lightness = units.map((unit) => lab(map(unit))[0]);
    const rise = (from: number, to: number) => (lightness[to] ?? NaN) - (lightness[from] ?? NaN);
    for (let index = 0; index + 2 < 256; index++) {
      assert(rise(index, index + 1) > -0.04, `entry ${index}`);
      assert(rise(index, index + 2) > 0.1, `entry ${index}`);
    }
    assert(rise(0, 255) > 70);
  });

  Deno.test(`every colour of ${name} can be told from the grey of invalid pixels`, () => {
    const [light, a, b] = lab(invalidGrey);
    for (const unit of units) {
      const [l, x, y] = lab(map(unit));
      const distance = Math.hypot(l - light, x - a, y - b);
      assert(distance > 20, `${unit}: distance ${distance}`);
    }
  });
}

Deno.test("the depth map steps evenly in lightness: it is perceptually uniform", () => {
  const quarters = [0, 0.25, 0.5, 0.75, 1].map((u) => lab(depthMap(u))[0]);
  const steps = quarters.slice(1).map((light, index) => (quarters[index] ?? NaN) - light);
  assert(Math.max(...steps) - Math.min(...steps) < 3, steps.join(", "));
});

Deno.test("values outside [0, 1] get the colour of the nearer end", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const clamped = Math.min(1, Math.max(0, value));
    assertEquals(viridis(value), viridis(clamped));
  }));
});

Deno.test("a map reversed twice is itself", () => {
  for (const unit of units) {
    assertEquals(reversed(reversed(viridis))(unit), viridis(unit));
    assertEquals(reversed(viridis)(unit), viridis(1 - unit));
  }
});

Deno.test("pixels without a measurement are grey, all others are not", () => {
  const invalid = [0, -1, NaN, Infinity, -Infinity];
  const colour = colorize(depthOf([invalid, [1, 2, 3, 4, 5]]), [1, 5]);
  invalid.forEach((_, column) => assertEquals(at(colour, 0, column), invalidGrey));
  assertEquals(count(colour, invalidGrey), invalid.length);
});

Deno.test("depths outside the range are clamped to its ends", () => {
  const colour = colorize(depthOf([[0.5, 2, 4, 9]]), [2, 4], viridis);
  assertEquals(at(colour, 0, 0), viridis(0));
  assertEquals(at(colour, 0, 1), viridis(0));
  assertEquals(at(colour, 0, 2), viridis(1));
  assertEquals(at(colour, 0, 3), viridis(1));
});

Deno.test("a depth a quarter into the range gets the colour at a quarter", () => {
  const colour = colorize(depthOf([[2.5]]), [2, 4], viridis);
  assertEquals(at(colour, 0, 0), viridis(0.25));
});

Deno.test("an empty range is painted in the middle of the map and its two sides at the ends", () => {
  const colour = colorize(depthOf([[1, 2, 3]]), [2, 2], viridis);
  assertEquals([0, 1, 2].map((column) => at(colour, 0, column)), [
    viridis(0),
    viridis(0.5),
    viridis(1),
  ]);
});

Deno.test("any depths whatever give a picture of the same size", () => {
  fc.assert(fc.property(
    fc.array(fc.float(), { minLength: 1, maxLength: 20 }),
    (values) => {
      const colour = colorize(depthOf([values]), [1, 2]);
      assertEquals([colour.height, colour.width], [1, values.length]);
      assertEquals(
        count(colour, invalidGrey),
        values.filter((value) => !(value > 0 && value < Infinity)).length,
      );
    },
  ));
});

Deno.test("a range that is not finite or descends is refused", () => {
  for (const range of [[2, 1], [NaN, 1], [0, Infinity]] as const) {
    assertRefused(() => colorize(depthOf([[1]]), range), "range of a colour map");
  }
});
