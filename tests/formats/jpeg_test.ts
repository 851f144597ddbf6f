import fc from "fast-check";
import { initJpegEncoder, jpegEncode } from "../../lib/dependencies/codecs.ts";
import { decodeJpeg, encodeJpeg } from "../../lib/formats/image.ts";
import { readJpegHeader } from "../../lib/formats/jpeg_markers.ts";
import type { RgbImage } from "../../lib/formats/raster.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, concatenate, damaged, leftOf, rightOf } from "./support.ts";

const smooth = (height: number, width: number): RgbImage => ({
  height,
  width,
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    return 128 + 100 * Math.sin((x + c * 5) / 9) * Math.cos((y - c * 3) / 11);
  }),
});

const encodeAs = async (
  image: RgbImage,
  options: NonNullable<Parameters<typeof jpegEncode>[1]>,
): Promise<Uint8Array> => {
  const rgba = Uint8ClampedArray.from(
    { length: image.height * image.width * 4 },
    (_, i) => i % 4 === 3 ? 255 : image.pixels[Math.floor(i / 4) * 3 + i % 4] ?? 0,
  );
  initJpegEncoder();
  return new Uint8Array(await jpegEncode(new ImageData(rgba, image.width, image.height), { quality: 90, ...options }));
};

const signalToNoise = (a: Uint8Array, b: Uint8Array): number => {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 * a.length / squares);
};

const picture = smooth(40, 56);
const baseline = await encodeAs(picture, { baseline: true, progressive: false });
const progressive = await encodeAs(picture, { progressive: true });
// The colour space 1 is grey in the codec.
const grey = await encodeAs(picture, { color_space: 1 });

const indexOfFrame = (bytes: Uint8Array): number =>
  bytes.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(bytes[i + 1] ?? 0));

const indexOfScan = (bytes: Uint8Array): number => bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);

const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};

Deno.test("a smooth picture survives JPEG within a few levels, and better at higher quality", async () => {
  const psnr = async (quality: number) => {
    const bytes = rightOf(await encodeJpeg(picture, quality)());
    const decoded = rightOf(await decodeJpeg("a.jpg", bytes)());
    assertEquals([decoded.height, decoded.width], [40, 56]);
    return signalToNoise(picture.pixels, decoded.pixels);
  };
  const [low, high] = [await psnr(30), await psnr(95)];
  assert(low > 25 && high > 38 && high > low, `${low} dB, ${high} dB`);
});

Deno.test("baseline and progressive coding of a picture decode to the same pixels", async () => {
  assertEquals(rightOf(readJpegHeader("a.jpg", baseline)).scans, 1);
  assert(rightOf(readJpegHeader("a.jpg", progressive)).scans > 1);
  const a = rightOf(await decodeJpeg("a.jpg", baseline)());
  const b = rightOf(await decodeJpeg("a.jpg", progressive)());
  assert(signalToNoise(a.pixels, b.pixels) > 45);
});

Deno.test("a grey JPEG becomes colour with three equal channels", async () => {
  assertEquals(rightOf(readJpegHeader("a.jpg", grey)).components, 1);
  const { pixels } = rightOf(await decodeJpeg("a.jpg", grey)());
  const luma = ([red = 0, green = 0, blue = 0]: Uint8Array) => 0.299 * red + 0.587 * green + 0.114 * blue;
  for (let i = 0; i < pixels.length; i += 3) {
    assert(pixels[i] === pixels[i + 1] && pixels[i] === pixels[i + 2]);
    assert(Math.abs((pixels[i] ?? 0) - luma(picture.pixels.subarray(i, i + 3))) < 20);
  }
});

Deno.test("every truncation is a failure, never a picture padded with grey", async () => {
  for (const bytes of [baseline, progressive, grey]) {
    for (let length = 0; length < bytes.length; length++) {
      const problem = leftOf(await decodeJpeg("cut.jpg", bytes.slice(0, length))());
      assertEquals([problem.kind, problem.where], ["format", "cut.jpg"]);
    }
  }
});

Deno.test("data cut short before a right end marker are noticed from the codec's warning", async () => {
  const scan = indexOfScan(baseline) + 14;
  for (let cut = scan; cut < baseline.length - 40; cut += 37) {
    const bytes = concatenate(baseline.subarray(0, cut), Uint8Array.of(0xff, 0xd9));
    leftOf(await decodeJpeg("cut.jpg", bytes)());
  }
});

Deno.test("bytes after the end marker do no harm", async () => {
  const padded = concatenate(baseline, new Uint8Array(100));
  assertEquals(await decodeJpeg("a.jpg", padded)(), await decodeJpeg("a.jpg", baseline)());
});

Deno.test("a thumbnail inside an application segment is not taken for the picture", async () => {
  const segment = concatenate(Uint8Array.of(0xff, 0xe2, (grey.length + 2) >> 8, (grey.length + 2) & 0xff), grey);
  const bytes = concatenate(baseline.subarray(0, 2), segment, baseline.subarray(2));
  assertEquals(await decodeJpeg("a.jpg", bytes)(), await decodeJpeg("a.jpg", baseline)());
});

Deno.test("CMYK, other processes, 12 bits and sizes beyond the limits are refused by name", async () => {
  const at = indexOfFrame(baseline);
  const refusal = async (bytes: Uint8Array) => leftOf(await decodeJpeg("a.jpg", bytes)()).found;
  assertStringIncludes(await refusal(changed(baseline, at + 9, 4)), "CMYK");
  assertStringIncludes(await refusal(changed(baseline, at + 1, 0xc9)), "arithmetic");
  assertStringIncludes(await refusal(changed(baseline, at + 1, 0xc3)), "lossless");
  assertStringIncludes(await refusal(changed(baseline, at + 4, 12)), "12 bits");
  assertStringIncludes(await refusal(changed(changed(baseline, at + 5, 0xff), at + 7, 0xff)), "high");
});

Deno.test("a frame header without room for what it announces is refused, and nothing behind it is taken for it", () => {
  const frame = (...bytes: readonly number[]): Uint8Array =>
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, bytes.length + 2, ...bytes, 0xff, 0xd9);
  const refusal = (bytes: Uint8Array) => leftOf(readJpegHeader("a.jpg", bytes));
  assertEquals(refusal(frame()).found, "a frame header of 0 bytes");
  const three = refusal(frame(8, 0, 40, 0, 56, 3, 1, 0x22, 0));
  assertEquals([three.found, three.expected], ["a frame header of 9 bytes", "15 for 3 components"]);
});

Deno.test("a small file that announces a huge picture is refused before it is decoded", async () => {
  const at = indexOfFrame(baseline);
  const huge = [0x20, 0, 0x20, 0].reduce((bytes, value, i) => changed(bytes, at + 5 + i, value), baseline);
  assertStringIncludes(leftOf(await decodeJpeg("a.jpg", huge)()).found, "bytes of picture data");
});

Deno.test("thousands of scans are refused", async () => {
  const scan = progressive.subarray(indexOfScan(progressive), indexOfScan(progressive) + 40);
  const scans = Array.from({ length: 5000 }, () => scan);
  const bytes = concatenate(progressive.subarray(0, -2), ...scans, Uint8Array.of(0xff, 0xd9));
  assertStringIncludes(leftOf(await decodeJpeg("a.jpg", bytes)()).found, "scans");
});

Deno.test("damaged files give a picture or a failure, and the decoder works on", async () => {
  const files = fc.constantFrom(baseline, progressive, grey).chain(damaged);
  await fc.assert(
    fc.asyncProperty(files, async (bytes) => assertTagged(await decodeJpeg("a.jpg", bytes)(), "a.jpg")),
    { numRuns: 300 },
  );
  rightOf(await decodeJpeg("a.jpg", baseline)());
});

Deno.test("decodings at the same time do not disturb each other", async () => {
  const bad = concatenate(baseline.subarray(0, -60), Uint8Array.of(0xff, 0xd9));
  const results = await Promise.all(
    [baseline, bad, grey, bad, progressive].map((bytes) => decodeJpeg("a.jpg", bytes)()),
  );
  assertEquals(results.map(({ _tag }) => _tag), ["Right", "Left", "Right", "Left", "Right"]);
});

Deno.test("the codec's warnings stay off the console", async () => {
  const lines: unknown[] = [];
  const { error, log, warn } = console;
  const keep = (...line: unknown[]) => void lines.push(line);
  Object.assign(console, { error: keep, log: keep, warn: keep });
  try {
    await decodeJpeg("a.jpg", concatenate(baseline.subarray(0, -60), Uint8Array.of(0xff, 0xd9)))();
  } finally {
    Object.assign(console, { error, log, warn });
  }
  assertEquals(lines, []);
});

Deno.test("a quality outside 1 to 100 and a picture of the wrong size are refused", async () => {
  for (const quality of [0, 101, NaN]) assertEquals(leftOf(await encodeJpeg(picture, quality)()).kind, "usage");
  assertEquals(leftOf(await encodeJpeg({ ...picture, height: 41 }, 90)()).kind, "format");
});
