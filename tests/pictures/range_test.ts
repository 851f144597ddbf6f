import fc from "fast-check";
import { depthRange, errorRange, readable, signedRange } from "../../lib/pictures/colormap.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { assertRefused, depthOf } from "./support.ts";

const anyDepth = fc.array(
  fc.oneof(fc.float(), fc.constantFrom(0, NaN, Infinity, -1, 2, 3)),
  { minLength: 1, maxLength: 30 },
);

Deno.test("a depth scale runs from the 2nd to the 98th percentile of the valid pixels", () => {
  const ramp = Array.from({ length: 101 }, (_, index) => 1 + index);
  const mixed = [0, NaN, ...ramp.reverse(), Infinity, -5, 0];
  const [near, far] = depthRange(depthOf([mixed])) ?? [NaN, NaN];
  assertAlmostEquals(near, 3, 1e-9);
  assertAlmostEquals(far, 99, 1e-9);
});

Deno.test("one outlier in a hundred pixels does not widen the scale", () => {
  const depths = [...Array.from({ length: 99 }, (_, i) => 1 + i / 98), 1e6];
  const [, far] = depthRange(depthOf([depths])) ?? [NaN, NaN];
  assert(far < 2.01);
});

Deno.test("a single valid pixel gets a scale around it", () => {
  const [near, far] = depthRange(depthOf([[0, 4, 0]])) ?? [NaN, NaN];
  assertAlmostEquals(near, 3.6, 1e-9);
  assertAlmostEquals(far, 4.4, 1e-9);
});

Deno.test("without a valid pixel there is no scale", () => {
  assertEquals(depthRange(depthOf([[0, NaN, -1, Infinity]])), null);
  assertEquals(errorRange(depthOf([[NaN, Infinity]])), null);
});

Deno.test("an error scale begins at 0 and reaches 1 m where there is no error", () => {
  assertEquals(errorRange(depthOf([[0, 0, NaN]])), [0, 1]);
  assertEquals(errorRange(depthOf([[0.5, 0.5, NaN]])), [0, 0.5]);
});

Deno.test("whatever the depths, a scale is finite, ascending and wide enough for ticks", () => {
  fc.assert(fc.property(anyDepth, (values) => {
    const range = depthRange(depthOf([values]));
    const valid = depthOf([values]).metres.some((v) => v > 0 && v < Infinity);
    assertEquals(range !== null, valid);
    if (range === null) return;
    const [near, far] = range;
    assert(Number.isFinite(far) && near >= 0 && near < far, `${near} ${far}`);
    assert(far - near >= 0.9e-3 * far);
  }));
});

Deno.test("a range that no scale can have is refused", () => {
  for (const range of [[2, 1], [-1, 1], [0, Infinity], [NaN, 2]] as const) {
    assertRefused(() => readable(range), "range of depth");
  }
  assertEquals(readable([1, 2]), [1, 2]);
});

Deno.test("a signed scale has 0 in its middle and spans the 98th percentile of the magnitudes", () => {
  const ramp = Float32Array.from({ length: 101 }, (_, index) => index % 2 === 0 ? index : -index);
  const [low = NaN, high = NaN] = signedRange(ramp) ?? [];
  assertAlmostEquals(high, 98, 1e-4);
  assertEquals(low, -high);
});

Deno.test("a signed scale leaves out what is not finite, and is never empty", () => {
  assertEquals(signedRange(Float32Array.of(NaN, -3, -3, Infinity)), [-3, 3]);
  assertEquals(signedRange(Float32Array.of(0, 0)), [-1, 1]);
  assertEquals(signedRange(new Float32Array(200).fill(0.5, 0, 1)), [-0.5, 0.5]);
  assertEquals(signedRange(Float32Array.of(NaN)), null);
});
