import { crc32, deflateSync } from "node:zlib";
import { initJpegEncoder, jpegEncode } from "../../lib/dependencies/codecs.ts";
import { decodeImage, decodeJpeg } from "../../lib/formats/image.ts";
import { decodePng, decodeRgbPng } from "../../lib/formats/png.ts";
import { assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { concatenate, leftOf, rightOf } from "./support.ts";

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
};

/** The form of a PNG: bits of a sample, colour type (0 grey, 2 colour, 3 palette, 6 with alpha), 1 for interlacing. */
type Form = readonly [bits: number, colourType: number, interlaced: 0 | 1];

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const pngOf = (height: number, width: number, [bits, colour, interlaced]: Form, data: Uint8Array): Uint8Array => {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bits, colour, 0, 0, interlaced], 8);
  const palette = colour === 3 ? [chunk("PLTE", new Uint8Array(6))] : [];
  return concatenate(
    signature,
    chunk("IHDR", header),
    ...palette,
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array(0)),
  );
};

/** Black rows of a PNG that is not interlaced, compressed: some thousand times fewer bytes. */
const blackRows = (height: number, rowBytes: number): Uint8Array =>
  deflateSync(new Uint8Array(height * (rowBytes + 1)));

const forms: readonly Form[] = [[1, 0, 0], [1, 0, 1], [8, 3, 0], [4, 3, 1], [16, 6, 0], [16, 6, 1], [8, 2, 0]];

Deno.test("a small file of more than 110 megapixels is refused by its header, whatever its form", () => {
  const data = blackRows(8192, 2048);
  for (const form of forms) {
    const bytes = pngOf(8192, 16384, form, data);
    const { found, expected, advice } = leftOf(decodePng("bomb.png", bytes));
    assertEquals(found, "a picture 16384 wide and 8192 high");
    assertStringIncludes(expected, "110 megapixels");
    assertStringIncludes(advice ?? "", "--max-megapixels");
  }
});

Deno.test("a header of more pixels than its compressed bytes can hold is refused, whatever its form", () => {
  for (const form of forms) {
    const bytes = pngOf(10000, 10000, form, deflateSync(new Uint8Array(1000)));
    assertStringIncludes(leftOf(decodePng("bomb.png", bytes)).found, "compressed bytes, which hold at most");
  }
});

Deno.test("data of more pixels than their header says are stopped where it ends", () => {
  const bytes = pngOf(100, 100, [8, 0, 0], deflateSync(new Uint8Array(2 ** 24)));
  assertStringIncludes(leftOf(decodePng("bomb.png", bytes)).found, "do not decompress");
});

Deno.test("the limit can be raised and lowered", async () => {
  const bytes = pngOf(1000, 1000, [1, 0, 0], blackRows(1000, 125));
  assertEquals(rightOf(decodePng("a.png", bytes, 1)).kind, "grey");
  assertStringIncludes(leftOf(await decodeImage("a.png", bytes, 0.9)()).expected, "0.9 megapixels");
  const large = pngOf(11000, 10001, [1, 0, 0], deflateSync(new Uint8Array(10)));
  assertStringIncludes(leftOf(decodePng("a.png", large, 111)).found, "compressed bytes");
});

Deno.test("a panorama is no larger for being long", () => {
  const image = rightOf(decodeRgbPng("a.png", pngOf(3, 60000, [8, 2, 0], blackRows(3, 180000))));
  assertEquals([image.height, image.width, image.pixels.length], [3, 60000, 540000]);
});

Deno.test("bytes that do not compress count as well as pixels", () => {
  const noise = Uint8Array.from({ length: 100 * 801 }, (_, at) => at % 801 === 0 ? 0 : (at * at * 7919 >> 5) % 256);
  const bytes = pngOf(100, 100, [16, 6, 0], deflateSync(noise));
  assertEquals(rightOf(decodePng("a.png", bytes)).kind, "colour");
  const { found, expected } = leftOf(decodePng("a.png", concatenate(bytes, new Uint8Array(100_000)), 0.01));
  assertStringIncludes(found, "to decode");
  assertStringIncludes(expected, "0.01 megapixels");
});

const jpegOf = async (progressive: boolean): Promise<Uint8Array> => {
  initJpegEncoder();
  const image = new ImageData(new Uint8ClampedArray(200 * 300 * 4).fill(120), 300, 200);
  // Each channel at its full size.
  const form = { auto_subsample: false, chroma_subsample: 1, baseline: !progressive };
  return new Uint8Array(await jpegEncode(image, { progressive, ...form }));
};

Deno.test("of a progressive JPEG the coefficients count, which are all kept to its end", async () => {
  const megapixels = 200 * 300 / 1e6;
  const comment = (size: number): Uint8Array =>
    concatenate(Uint8Array.of(0xff, 0xfe, size >> 8, size), new Uint8Array(size - 2));
  const withComments = (jpeg: Uint8Array): Uint8Array =>
    concatenate(jpeg.subarray(0, 2), ...Array.from({ length: 4 }, () => comment(30_000)), jpeg.subarray(2));
  const [baseline, progressive] = [await jpegOf(false), await jpegOf(true)];
  for (const jpeg of [baseline, progressive]) rightOf(await decodeJpeg("a.jpg", jpeg, megapixels)());
  rightOf(await decodeJpeg("a.jpg", withComments(baseline), megapixels)());
  assertStringIncludes(leftOf(await decodeJpeg("a.jpg", withComments(progressive), megapixels)()).found, "to decode");
});

Deno.test("a photo of 108 megapixels is decoded", () => {
  const image = rightOf(decodeRgbPng("a.png", pngOf(9000, 12000, [1, 0, 0], blackRows(9000, 1500))));
  assertEquals([image.height, image.width, image.pixels.length], [9000, 12000, 324_000_000]);
});

const bombs = new URL("../../../shared/cases/17-bombs/", import.meta.url);

const isThere = (): boolean => {
  try {
    return Deno.statSync(bombs).isDirectory;
  } catch {
    return false;
  }
};

if (!isThere()) console.log("The bombs are not here; the test that reads them is skipped.");

Deno.test({
  name: "16 kB of 134 million pixels are refused by their header",
  ignore: !isThere(),
  fn: () => {
    const bytes = Deno.readFileSync(fromFileUrl(new URL("bomb-grey1-16384x8192.png", bombs)));
    assertStringIncludes(leftOf(decodeRgbPng("bomb.png", bytes)).found, "16384 wide and 8192 high");
  },
});
