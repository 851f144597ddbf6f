import fc from "fast-check";
import { decodeImage } from "../../lib/formats/image.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, damaged, leftOf, rightOf } from "./support.ts";
import { animated, lossless, lossy, transparent } from "./webp_files.ts";

const colours = Array.from({ length: 35 }, (_, at) => [at * 7 % 256, at * 5 % 256, 255 - at]).flat();

const decoded = async (bytes: Uint8Array) => await decodeImage("a.webp", bytes)();

Deno.test("WebP without loss is read to the bit, and transparency is dropped", async () => {
  for (const bytes of [lossless, transparent]) {
    const { height, width, pixels } = rightOf(await decoded(bytes));
    assertEquals([height, width], [5, 7]);
    assertEquals([...pixels], colours);
  }
});

Deno.test("WebP with loss is read as libwebp reads it", async () => {
  const { height, width, pixels } = rightOf(await decoded(lossy));
  assertEquals([height, width, pixels.length], [16, 16, 768]);
  assert([...pixels].every((level, at) => Math.abs(level - ([200, 100, 50][at % 3] ?? 0)) <= 4));
});

Deno.test("an animated WebP is refused in words", async () => {
  const { found, advice } = leftOf(await decoded(animated));
  assertStringIncludes(found, "animated");
  assertStringIncludes(advice ?? "", "frame");
});

Deno.test("a size beyond the limits is refused from the header, whichever chunk tells it", async () => {
  const changed = (bytes: Uint8Array, change: (view: DataView) => void) => {
    const copy = bytes.slice();
    change(new DataView(copy.buffer));
    return copy;
  };
  const canvas = changed(transparent.slice(), (view) => {
    new TextEncoder().encodeInto("VP8X", new Uint8Array(view.buffer, 12));
    view.setUint8(20, 0);
    for (const at of [24, 27]) view.setUint16(at, 0xffff, true);
  });
  assertStringIncludes(leftOf(await decoded(canvas)).found, "wide and");
  const none = changed(lossy, (view) => view.setUint16(26, 0, true));
  assertStringIncludes(leftOf(await decoded(none)).found, "0 wide and 16 high");
});

Deno.test("truncated and damaged files give a picture or a failure that names the file", async () => {
  for (const file of [lossless, lossy]) {
    for (let end = 0; end < file.length; end += 3) leftOf(await decoded(file.slice(0, end)));
  }
  const files = fc.constantFrom(lossless, transparent, lossy, animated).chain(damaged);
  const property = fc.asyncProperty(files, async (bytes) => assertTagged(await decoded(bytes), "a.webp"));
  await fc.assert(property, { numRuns: 150 });
});
