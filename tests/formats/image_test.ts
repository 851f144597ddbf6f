import fc from "fast-check";
import { decodeImage, encodeJpeg } from "../../lib/formats/image.ts";
import { encodeRgbPng } from "../../lib/formats/png.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, leftOf, rightOf } from "./support.ts";

const red = { height: 8, width: 16, pixels: Uint8Array.from({ length: 384 }, (_, i) => i % 3 === 0 ? 255 : 0) };

Deno.test("the signature decides, not the extension", async () => {
  assertEquals(rightOf(await decodeImage("red.jpg", encodeRgbPng(red))()), red);
  const decoded = rightOf(await decodeImage("red.png", rightOf(await encodeJpeg(red, 95)()))());
  assertEquals([decoded.height, decoded.width], [8, 16]);
});

Deno.test("another format is named, with what is supported", async () => {
  const problem = async (text: string) => leftOf(await decodeImage("x.png", new TextEncoder().encode(text))());
  assertStringIncludes((await problem("GIF89a......")).found, "GIF");
  assertStringIncludes((await problem("....ftypheic")).found, "HEIC");
  assertStringIncludes((await problem("hello")).found, "hello");
  assertStringIncludes((await problem("")).found, "empty");
  assertStringIncludes((await problem("hello")).expected, "PNG, JPEG, TIFF or WebP");
});

Deno.test("arbitrary bytes give a failure that names the file", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (bytes) => assertTagged(await decodeImage("x", bytes)(), "x")),
  );
});
