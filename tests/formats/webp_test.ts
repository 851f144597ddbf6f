import fc from "fast-check";
import { decodeImage } from "../../lib/formats/image.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, damaged, fromBase64, leftOf, rightOf } from "./support.ts";

// As Pillow 9.4 (libwebp) wrote them: 5 × 7 pixels without loss, also with transparency, 16 × 16 with loss, and two frames.
const lossless = fromBase64(
  "UklGRjYAAABXRUJQVlA4TCkAAAAvBgABAJmM6H9sClH46H9AQds2TNttSMaf5WcgFkzxvnja/5gAGClzLwA=",
);
const transparent = fromBase64(
  "UklGRjgAAABXRUJQVlA4TCsAAAAvBgABEJmM6H9sClH46H9AQds2TNttSMaf5WcgFkzxvnja/1GYADiizHkBAA==",
);
const lossy = fromBase64(
  "UklGRjoAAABXRUJQVlA4IC4AAADwAQCdASoQABAAAUAmJaACdLoB+AAEyAAA/q4X/zYEDND6YP/SbPE2eJs+OYAA",
);
const animated = fromBase64(
  "UklGRtgAAABXRUJQVlA4WAoAAAACAAAABgAABAAAQU5JTQYAAAAAAAAAAABBTk1GUgAAAAAAAAAAAAYAAAQAAAAAAAJWUDhMOQAAAC8GAAEA" +
    "F6EgbQOme/59T8Ec9H/+E9cBDAIALBubbeuM6H8AiDChjAuptLHOh5hyqa2Pufa57uf9fgBBTk1GUgAAAAAAAAAAAAYAAAQAAAAAAABWUDhM" +
    "OgAAAC8GAAEAFyEWTK4h5u8TwQ8iLvI//1lpAIMAAMvGZts6I/of//c+93X2mqO3WnKKwTtrtJKCM0owggA=",
);

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
