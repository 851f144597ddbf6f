import fc from "fast-check";
import { orThrow } from "../../lib/errors.ts";
import { evaluateImage } from "../../lib/metrics/depth_metrics.ts";
import { clippedTo, ownSize, type Protocol, protocols } from "../../lib/metrics/protocols.ts";
import { assertEquals } from "../std.ts";
import { mapOf } from "./reference.ts";

const protocol: Protocol = { ...ownSize, clip: { near: 0.5, far: 8.1 } };

const countsOf = (prediction: readonly number[], truth: readonly number[], by = protocol) => {
  const { pixels: { count, clipped, beyond } } = orThrow(evaluateImage(by, "a", mapOf([prediction]), mapOf([truth])));
  return { count, clipped, beyond };
};

Deno.test("clipped predictions and ground truth out of range are counted where ground truth counts", () => {
  assertEquals(countsOf([0.1, 1, 9, 20], [1, 1, 1, 0]), { count: 3, clipped: 2, beyond: 0 });
  assertEquals(countsOf([1, 1, 1, 1], [0.1, 1, 9, 20]), { count: 4, clipped: 0, beyond: 3 });
  const bounded: Protocol = { ...protocol, truth: { min: 0, max: 15 } };
  assertEquals(countsOf([1, 1, 1, 20], [0.1, 1, 9, 20], bounded), { count: 3, clipped: 0, beyond: 2 });
});

Deno.test("the depth at which a range ends is in it, in single precision too", () => {
  assertEquals(countsOf([1], [8.1]), { count: 1, clipped: 0, beyond: 0 });
});

Deno.test("the counts are those of a plain count, whatever is predicted", () => {
  const depth = fc.double({ min: 0, max: 20, noNaN: true }).map(Math.fround);
  fc.assert(fc.property(fc.array(fc.tuple(depth, depth), { minLength: 1, maxLength: 30 }), (pixels) => {
    const [near, far] = [Math.fround(0.5), Math.fround(8.1)];
    const by: Protocol = { ...ownSize, clip: { near, far } };
    const counted = pixels.filter(([, g]) => g > 0);
    const outside = (of: 0 | 1) => counted.filter((pixel) => pixel[of] < near || pixel[of] > far).length;
    assertEquals(countsOf(pixels.map(([p]) => p), pixels.map(([, g]) => g), by), {
      count: counted.length,
      clipped: outside(0),
      beyond: outside(1),
    });
  }));
});

Deno.test("only own-size clips to data, its near end above 0; where no range is known it keeps its own", () => {
  const clips = Object.values(protocols).map((each) => clippedTo(each, { near: 0, far: 70 }).clip);
  assertEquals(clips.map(({ far }) => far), [70, 10, 10, 10, 80]);
  assertEquals(clips.map(({ near }) => near), clips.map(() => 1e-3));
  assertEquals(clippedTo(ownSize, { near: 2, far: 70 }).clip, { near: 2, far: 70 });
  assertEquals(clippedTo(ownSize, null).clip, { near: 1e-3, far: 10 });
  assertEquals(clippedTo(ownSize, { near: 0, far: 70 }).clipsToData, undefined, "settled");
});
