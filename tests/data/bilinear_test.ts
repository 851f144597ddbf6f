import fc from "fast-check";
import { resizeBilinearly } from "../../lib/data/bilinear.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";

const depthOf = (height: number, width: number, metres: readonly number[]): DepthImage => ({
  height,
  width,
  metres: Float32Array.from(metres),
});

const anySize = fc.tuple(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 1, max: 200 }),
);

const waves = (height: number, width: number): DepthImage =>
  depthOf(height, width, Array.from({ length: height * width }, (_, at) => 5 + 4 * Math.sin(at * 1.7)));

/** The value between two neighbours at a position along an axis, in 64 bits. */
const alongAxis = (values: readonly number[], to: number): readonly number[] =>
  Array.from({ length: to }, (_, at) => {
    const position = Math.min(Math.max((at + 0.5) * values.length / to - 0.5, 0), values.length - 1);
    const [below, above] = [values.at(Math.floor(position)) ?? NaN, values.at(Math.ceil(position)) ?? NaN];
    return below + (above - below) * (position - Math.floor(position));
  });

Deno.test("between two depths lie those in between, and beyond their centres the outer ones", () => {
  const { metres } = resizeBilinearly(1, 8)(depthOf(1, 2, [1, 5]));
  assertEquals([...metres], [1, 1, 1.5, 2.5, 3.5, 4.5, 5, 5]);
  assertEquals([...resizeBilinearly(4, 1)(depthOf(2, 1, [1, 5])).metres], [1, 2, 4, 5]);
});

Deno.test("a map of the wanted size is the very same", () => {
  const depth = depthOf(2, 2, [1, 2, 3, 4]);
  assert(resizeBilinearly(2, 2)(depth) === depth);
});

Deno.test("rows and columns are interpolated, whatever the sizes", () => {
  fc.assert(
    fc.property(anySize, ([height, width, toHeight, toWidth]) => {
      const depth = waves(height, width);
      const resized = resizeBilinearly(toHeight, toWidth)(depth);
      assertEquals([resized.height, resized.width, resized.metres.length], [toHeight, toWidth, toHeight * toWidth]);
      const rows = Array.from(
        { length: height },
        (_, row) => alongAxis([...depth.metres.subarray(row * width, (row + 1) * width)], toWidth),
      );
      const column = Math.floor(toWidth / 2);
      const expected = alongAxis(rows.map((row) => row.at(column) ?? NaN), toHeight);
      expected.forEach((metres, row) =>
        assertAlmostEquals(resized.metres.at(row * toWidth + column) ?? NaN, metres, 2e-4)
      );
    }),
    { numRuns: 60 },
  );
});

onWasm("a map is that of the device to the last bit", async () => {
  const sizes = fc.sample(anySize, { numRuns: 40, seed: 5 });
  for (const [height, width, toHeight, toWidth] of [...sizes, [228, 304, 480, 640], [64, 80, 999, 1001]] as const) {
    const depth = waves(height, width);
    const made = tf.tidy(() =>
      tf.image.resizeBilinear(tf.tensor4d(depth.metres, [1, height, width, 1]), [toHeight, toWidth], false, true)
    );
    const expected = new Float32Array(await made.data());
    made.dispose();
    assertEquals(resizeBilinearly(toHeight, toWidth)(depth).metres, expected);
  }
});
