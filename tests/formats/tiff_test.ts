import fc from "fast-check";
import { decodeRgbTiff, decodeTiff } from "../../lib/formats/tiff.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, damaged, fromBase64, leftOf, rightOf } from "./support.ts";
import { type TiffForm, tiffOf } from "./tiff_writer.ts";

// 5 × 7 pixels as Pillow 9.4 (libtiff) wrote them: floats 0.25 i + 0.5 with NaN, infinity and -3; levels 301 i + 7; colours.
const floatsLzw = fromBase64(
  "SUkqAFAAAACAH9gACCAAAoBAEAQQsQQWHQ+CEAfsGHNA4LAIRkIJCIR0gACEQUgAhcFgEScoR2IR+HniTy8EBiVQ+PgGHK+TgSdAR4TOHQEL" +
    "AAABAwABAAAABwAAAAEBAwABAAAABQAAAAIBAwABAAAAIAAAAAMBAwABAAAABQAAAAYBAwABAAAAAQAAABEBBAABAAAACAAAABYBAwABAAAA" +
    "BQAAABcBBAABAAAASAAAABwBAwABAAAAAQAAAD0BAwABAAAAAwAAAFMBAwABAAAAAwAAAAAAAAA=",
);
const levelsDeflate = fromBase64(
  "SUkqACYAAAB4nGNn0GVEQCcOZF6tADJvhwQy77MCMg8AC5kIJgAKAAABAwABAAAABwAAAAEBAwABAAAABQAAAAIBAwABAAAAEAAAAAMBAwAB" +
    "AAAACAAAAAYBAwABAAAAAQAAABEBBAABAAAACAAAABYBAwABAAAABQAAABcBBAABAAAAHQAAABwBAwABAAAAAQAAAD0BAwABAAAAAgAAAAAA" +
    "AAA=",
);
const coloursLzw = fromBase64(
  "SUkqADYAAACAAAAP8DgWCQaCweFQkYiN8QmIQiJQoxEZ4xGFxOEpM0uqMR+JsRGOOQRmFQEACwAAAQMAAQAAAAcAAAABAQMAAQAAAAUAAAAC" +
    "AQMAAwAAAMAAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAIAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAMAAAAWAQMAAQAAAAUAAAAXAQQAAQAAAC0A" +
    "AAAcAQMAAQAAAAEAAAA9AQMAAQAAAAIAAAAAAAAACAAIAAgA",
);
const greyPackBits = fromBase64(
  "SUkqABgAAAD6AP8A/Cj9KP5Q+1AAePp4CQAAAQMAAQAAAAcAAAABAQMAAQAAAAUAAAACAQMAAQAAAAgAAAADAQMAAQAAAAWAAAAGAQMAAQAA" +
    "AAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAAAUAAAAXAQQAAQAAABAAAAAcAQMAAQAAAAEAAAAAAAAA",
);
const twoPages = fromBase64(
  "SUkqAAgAAAAJAAABBAABAAAAAQAAAAEBBAABAAAAAQAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQAAABEBBAABAAAAegAA" +
    "ABYBBAABAAAAAQAAABcBBAABAAAAAgAAABwBAwABAAAAAQAAAIgAAAAHAAAAAABJSSoACAAAAAkAAAEEAAEAAAABAAAAAQEEAAEAAAABAAAA" +
    "AgEDAAEAAAAQAAAAAwEDAAEAAAABAAAABgEDAAEAAAABAAAAEQEEAAEAAAD6AAAAFgEEAAEAAAABAAAAFwEEAAEAAAACAAAAHAEDAAEAAAAB" +
    "AAAAAAAAAAcAAAAAAA==",
);

const pixels = Array.from({ length: 35 }, (_, at) => at);

Deno.test("floats with their bytes apart and compressed by LZW are read as libtiff wrote them", () => {
  const { height, width, kind, bits, values } = rightOf(decodeTiff("a.tif", floatsLzw));
  const special = new Map([[0, NaN], [8, Infinity], [16, -3]]);
  assertEquals([height, width, kind, bits], [5, 7, "float", 32]);
  assertEquals([...values], pixels.map((at) => special.get(at) ?? 0.25 * at + 0.5));
});

Deno.test("levels of 16 bits as differences, colours in strips, and PackBits are read as libtiff wrote them", () => {
  assertEquals([...rightOf(decodeTiff("a.tif", levelsDeflate)).values], pixels.map((at) => at * 301 + 7));
  const colours = rightOf(decodeRgbTiff("a.tif", coloursLzw));
  assertEquals([...colours.pixels], pixels.flatMap((at) => [at * 7 % 256, at * 5 % 256, 255 - at]));
  const grey = rightOf(decodeRgbTiff("a.tif", greyPackBits));
  assertEquals([...grey.pixels], pixels.flatMap((at) => Array(3).fill(Math.floor(at / 9) * 40)));
});

const formats = [
  { kind: "unsigned", bits: 8, most: 255, least: 0 },
  { kind: "unsigned", bits: 16, most: 65535, least: 0 },
  { kind: "unsigned", bits: 32, most: 2 ** 32 - 1, least: 0 },
  { kind: "signed", bits: 16, most: 32767, least: -32768 },
  { kind: "signed", bits: 32, most: 2 ** 31 - 1, least: -(2 ** 31) },
  { kind: "float", bits: 16, most: 2048, least: -2048 },
  { kind: "float", bits: 32, most: 2 ** 24, least: -(2 ** 24) },
  { kind: "float", bits: 64, most: 2 ** 53, least: -(2 ** 53) },
] as const;

const forms = fc.record({
  height: fc.integer({ min: 1, max: 40 }),
  width: fc.integer({ min: 1, max: 40 }),
  samples: fc.constantFrom(1, 2, 3, 4),
  format: fc.constantFrom(...formats),
  compression: fc.constantFrom("none", "LZW", "deflate", "PackBits"),
  isPredicted: fc.boolean(),
  planar: fc.boolean(),
  bigEndian: fc.boolean(),
  tile: fc.constantFrom(undefined, [16, 16] as const, [16, 32] as const),
  rowsPerStrip: fc.constantFrom(1, 3, 40),
  seed: fc.nat({ max: 1000 }),
});

Deno.test("every form of numbers, blocks, compression and byte order is read back", () => {
  fc.assert(
    fc.property(forms, ({ format, isPredicted, tile, rowsPerStrip, seed, compression, ...rest }) => {
      const { kind, bits, most, least } = format;
      const predictor = !isPredicted ? 1 : kind === "float" ? 3 : 2;
      const blocks = tile === undefined ? { rowsPerStrip } : { tile };
      const form: TiffForm = { ...rest, ...blocks, kind, bits, predictor, compression: compression as "none" };
      const value = (at: number) =>
        least + ((Math.floor(at / 3) * 7919 + seed) % 4096) * Math.floor((most - least) / 4096);
      const values = Array.from({ length: rest.height * rest.width * rest.samples }, (_, at) => value(at));
      const image = rightOf(decodeTiff("a.tif", tiffOf(values, form)));
      assertEquals([image.height, image.width, image.samples], [rest.height, rest.width, rest.samples]);
      assertEquals([...image.values], values);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a long block of LZW goes through codes of every length", () => {
  const values = Array.from({ length: 200 * 300 }, (_, at) => (at * at * 31 + (at >> 3)) & 255);
  const form: TiffForm = { height: 200, width: 300, bits: 8, compression: "LZW" };
  assertEquals([...rightOf(decodeTiff("a.tif", tiffOf(values, form))).values], values);
});

Deno.test("16 bits, grey, white as zero, palettes and alpha become 8-bit colour", () => {
  const rgb = (
    values: readonly number[],
    form: Omit<TiffForm, "height" | "width">,
  ) => [...rightOf(decodeRgbTiff("a.tif", tiffOf(values, { ...form, height: 1, width: 2 }))).pixels];
  assertEquals(rgb([0, 65535, 257, 514, 128, 40000], { bits: 16, samples: 3 }), [0, 255, 1, 2, 0, 156]);
  assertEquals(rgb([3, 250], { bits: 8 }), [3, 3, 3, 250, 250, 250]);
  assertEquals(rgb([3, 250], { bits: 8, colour: 0 }), [252, 252, 252, 5, 5, 5]);
  assertEquals(rgb([1, 2, 3, 9, 4, 5, 6, 0], { bits: 8, samples: 4 }), [1, 2, 3, 4, 5, 6]);
  const palette = Array.from({ length: 768 }, (_, at) => ((at % 256) + Math.floor(at / 256)) * 256);
  assertEquals(rgb([7, 200], { bits: 8, colour: 3, fields: { 320: palette } }), [7, 8, 9, 200, 201, 202]);
});

Deno.test("what is no picture, and forms that are not read, are named", () => {
  const form: TiffForm = { height: 2, width: 2, bits: 8 };
  const found = (changed: Partial<TiffForm>) => {
    const { found, expected, advice } = leftOf(decodeRgbTiff("a.tif", tiffOf([1, 2, 3, 4], { ...form, ...changed })));
    return `${found}, ${expected}, ${advice}`;
  };
  assertStringIncludes(found({ kind: "float", bits: 32 }), "floating-point numbers of 32 bits");
  assertStringIncludes(found({ fields: { 259: [7] } }), "method 7");
  assertStringIncludes(found({ fields: { 262: [5] } }), "colour type 5");
  assertStringIncludes(found({ fields: { 258: [1] } }), "1 bits");
  assertStringIncludes(found({ fields: { 317: [9] } }), "predictor 9");
  assertStringIncludes(leftOf(decodeTiff("a.tif", twoPages)).found, "several pages");
  assertStringIncludes(leftOf(decodeTiff("a.tif", Uint8Array.of(73, 73, 43, 0, 8, 0, 0, 0))).found, "BigTIFF");
});

Deno.test("sizes are refused from the header: nothing is allocated that the file cannot hold", () => {
  const form: TiffForm = { height: 2, width: 2, bits: 8, compression: "deflate" };
  const problem = (fields: Record<number, number[]>) =>
    leftOf(decodeTiff("a.tif", tiffOf([1, 2, 3, 4], { ...form, fields })));
  assertStringIncludes(problem({ 256: [10000], 257: [10000], 278: [10000] }).found, "100000000 bytes of pixels");
  assertStringIncludes(problem({ 256: [100000] }).found, "100000 wide");
  assertStringIncludes(problem({ 322: [65536], 323: [65536], 324: [8], 325: [4] }).found, "65536×65536");
  assertStringIncludes(problem({ 279: [0xffffffff] }).found, "beyond its end");
  assertStringIncludes(problem({ 277: [0] }).found, "0 samples");
  const bomb = tiffOf(new Uint8Array(1000 * 1000), { ...form, height: 1000, width: 1000 });
  const view = new DataView(bomb.buffer);
  // The same stream for a picture of 10 rows: it must not become more than those.
  for (let at = view.getUint32(4, true) + 2; at < bomb.length - 12; at += 12) {
    if ([257, 278].includes(view.getUint16(at, true))) view.setUint32(at + 8, 10, true);
  }
  assertStringIncludes(leftOf(decodeTiff("a.tif", bomb)).found, "do not decompress");
});

Deno.test("every truncation and every damage gives a picture or a failure that names the file", () => {
  const files = [floatsLzw, levelsDeflate, coloursLzw, greyPackBits, twoPages];
  for (const file of files) {
    for (let end = 0; end < file.length; end++) assertTagged(decodeTiff("a.tif", file.slice(0, end)), "a.tif");
  }
  const property = fc.property(fc.constantFrom(...files).chain(damaged), (bytes) => {
    const started = performance.now();
    assertTagged(decodeRgbTiff("a.tif", bytes), "a.tif");
    assert(performance.now() - started < 2000);
  });
  fc.assert(property, { numRuns: 3000 });
});
