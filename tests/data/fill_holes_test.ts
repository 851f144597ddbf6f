import fc from "fast-check";
import { fillHolesWithNearest } from "../../lib/data/tensors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { assert, assertEquals } from "../std.ts";

const side = fc.integer({ min: 1, max: 7 });

const depthMaps: fc.Arbitrary<DepthImage> = fc.tuple(side, side).chain(([height, width]) =>
  fc.array(fc.constantFrom(0, 0, 0, 0.5, 1, 2.25, 7, 9.5), { minLength: height * width, maxLength: height * width })
    .map((metres) => ({ height, width, metres: Float32Array.from(metres) }))
);

const steps = (from: number, to: number, width: number): number =>
  Math.abs(Math.floor(from / width) - Math.floor(to / width)) + Math.abs(from % width - to % width);

Deno.test("every hole takes a measurement that is nearest to it, and measurements stay as they are", () => {
  fc.assert(
    fc.property(depthMaps, (depth) => {
      const measured = Array.from(depth.metres.keys()).filter((at) => (depth.metres[at] ?? 0) > 0);
      fc.pre(measured.length > 0);
      const filled = fillHolesWithNearest(depth);
      assertEquals([filled.height, filled.width], [depth.height, depth.width]);
      filled.metres.forEach((metres, at) => {
        const distances = measured.map((from) => steps(from, at, depth.width));
        const nearest = measured.filter((_, which) => distances[which] === Math.min(...distances));
        assert(nearest.some((from) => depth.metres[from] === metres), `pixel ${at} holds ${metres}`);
      });
    }),
    { numRuns: 200 },
  );
});

Deno.test("a map that is all measured stays as it is", () => {
  const depth = { height: 2, width: 2, metres: Float32Array.of(1, 2, 3, 4) };
  assertEquals(fillHolesWithNearest(depth), depth);
});

Deno.test("a map without any measurement stays without, and ends", () => {
  const depth = { height: 3, width: 4, metres: new Float32Array(12) };
  assertEquals(fillHolesWithNearest(depth), depth);
});

Deno.test("one measurement fills the whole map, and the map that was given keeps its holes", () => {
  const metres = new Float32Array(20);
  metres[7] = 2.5;
  const depth = { height: 4, width: 5, metres };
  assertEquals([...fillHolesWithNearest(depth).metres], Array(20).fill(2.5));
  assertEquals(metres.filter((value) => value === 0).length, 19);
});

Deno.test("holes at the edges take nothing from the other side of the picture", () => {
  const depth = { height: 2, width: 3, metres: Float32Array.of(1, 1, 1, 0, 2, 9) };
  assertEquals([...fillHolesWithNearest(depth).metres].includes(9), true);
  assert([1, 2].includes(fillHolesWithNearest(depth).metres[3] ?? NaN));
  const rows = { height: 3, width: 2, metres: Float32Array.of(5, 0, 0, 7, 0, 0) };
  assert([5, 7].includes(fillHolesWithNearest(rows).metres[1] ?? NaN));
  assertEquals(fillHolesWithNearest(rows).metres[5], 7);
});
