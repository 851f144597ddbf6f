import fc from "fast-check";
import { decode as referenceDecode, encode as referenceEncode } from "fast-png";
import { crc32, deflateSync } from "node:zlib";
import { decodeGrey16, decodePng, decodeRgbPng, encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { assertTagged, concatenate, damaged, fromBase64, leftOf, rightOf } from "./support.ts";

// Assembled by a few lines of Python with zlib: each of the five filters, split data chunks, palette, interlacing.
const grey16 = fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFEAAAAAAXVs5EAAAAD0lEQVR42mNgEOQ+Jd6sbMOo95V8bncNAAAAD0lEQVRnJwgy6T+BQOa4QLnzcudK37" +
    "6DAAAAD0lEQVRlz7PoP+EBQu4nAFQTEP/kwStHAAAAAElFTkSuQmCC",
);
const rgb8 = fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAAFCAIAAAAPE8H1AAAAKElEQVR42mNhkLNxAwNmbilNCGDihgFGRftYiCyDjldG0YR1O659AQDF+gsh134l" +
    "mAAAAABJRU5ErkJggg==",
);
const palette2 = fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAACAgMAAADtBP7OAAAADFBMVEUKFB7/AAAA/wAAAP9Wv/2vAAAADklEQVR42mOQZmB4cgAAAxUBwE2FFm4AAA" +
    "AASUVORK5CYII=",
);
const interlaced4 = fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAJBAAAAAFtMWTVAAAAOElEQVR42mNgYGhgOMDgAIQJDAsYHjAsSGB4soDBkuEyQy2DOMNGhoh9AgyfIjYwzP" +
    "kUwGA25wMANvgPNqRBaFMAAAAASUVORK5CYII=",
);
const samples = [grey16, rgb8, palette2, interlaced4];

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const body = concatenate(new TextEncoder().encode(type), data);
  const bytes = new Uint8Array(body.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return bytes;
};

const header = (height: number, width: number, ...rest: readonly number[]): Uint8Array => {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setUint32(0, width);
  new DataView(data.buffer).setUint32(4, height);
  data.set(rest, 8);
  return chunk("IHDR", data);
};

const start = grey16.subarray(0, 8);
const end = chunk("IEND", new Uint8Array(0));

/** The same file with every checksum made right, so that damage gets past it. */
const withRightChecksums = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length;) {
    const next = at + 12 + view.getUint32(at);
    if (next > copy.length) break;
    view.setUint32(next - 4, crc32(copy.subarray(at + 4, next - 4)));
    at = next;
  }
  return copy;
};

Deno.test("16-bit grey is read as raw integers through all five filters", () => {
  const image = rightOf(decodeGrey16("depth.png", grey16));
  const expected = Uint16Array.from({ length: 20 }, (_, i) => (i * 3001 + 17) & 0xffff);
  assertEquals(image, { height: 5, width: 4, bitDepth: 16, values: expected });
});

Deno.test("8-bit colour is read through all five filters", () => {
  const pixels = Uint8Array.from({ length: 45 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
    return x * 70 + c * 30 + y * 11;
  });
  assertEquals(rightOf(decodePng("a.png", rgb8)), { kind: "colour", image: { height: 5, width: 3, pixels } });
});

Deno.test("a palette of two bits is looked up", () => {
  const colours = [[10, 20, 30], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
  const pixels = Uint8Array.from([0, 1, 2, 3, 0, 3, 2, 1, 0, 3].flatMap((index) => colours[index] ?? []));
  assertEquals(rightOf(decodeRgbPng("a.png", palette2)), { height: 2, width: 5, pixels });
});

Deno.test("interlaced grey of four bits stays raw, and fills 0 to 255 as colour", () => {
  const values = Uint16Array.from({ length: 45 }, (_, i) => ((i % 5) * 3 + Math.floor(i / 5) * 5) % 16);
  const png = rightOf(decodePng("a.png", interlaced4));
  assertEquals(png, { kind: "grey", image: { height: 9, width: 5, bitDepth: 4, values } });
  const pixels = Uint8Array.from([...values].flatMap((value) => [value * 17, value * 17, value * 17]));
  assertEquals(rightOf(decodeRgbPng("a.png", interlaced4)), { height: 9, width: 5, pixels });
});

Deno.test("every colour type at 8 and 16 bits, interlaced or not, is read as another encoder wrote it", () => {
  const options = fc.record({
    height: fc.integer({ min: 1, max: 11 }),
    width: fc.integer({ min: 1, max: 11 }),
    channels: fc.constantFrom(1, 2, 3, 4),
    depth: fc.constantFrom<(8 | 16)[]>(8, 16),
    interlace: fc.constantFrom<("null" | "Adam7")[]>("null", "Adam7"),
    seed: fc.nat(),
  });
  fc.assert(fc.property(options, ({ height, width, channels, depth, interlace, seed }) => {
    const raw = Array.from({ length: height * width * channels }, (_, i) => ((i + seed) * 40503) % 2 ** depth);
    const data = depth === 16 ? Uint16Array.from(raw) : Uint8Array.from(raw);
    const bytes = referenceEncode({ height, width, channels, depth, data }, { interlace });
    const png = rightOf(decodePng("a.png", bytes));
    const kept = raw.filter((_, i) => channels % 2 === 1 || i % channels !== channels - 1);
    const as8 = (value: number) => depth === 8 ? value : Math.round(value / 257);
    const found = png.kind === "grey" ? png.image.values : png.image.pixels;
    assertEquals([...found], png.kind === "grey" ? kept : kept.map(as8));
    assertEquals(png.kind, channels < 3 ? "grey" : "colour");
  }));
});

const size = fc.integer({ min: 1, max: 9 });

Deno.test("colour survives encoding, and another decoder reads it", () => {
  const image = fc.tuple(size, size).chain(([height, width]) =>
    fc.uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 })
      .map((pixels) => ({ height, width, pixels }))
  );
  fc.assert(fc.property(image, (original) => {
    const bytes = encodeRgbPng(original);
    assertEquals(rightOf(decodeRgbPng("a.png", bytes)), original);
    assertEquals([...referenceDecode(bytes, { checkCrc: true }).data], [...original.pixels]);
  }));
});

Deno.test("16-bit grey survives encoding, and another decoder reads it", () => {
  const image = fc.tuple(size, size).chain(([height, width]) =>
    fc.uint16Array({ minLength: height * width, maxLength: height * width }).map((values) => ({
      height,
      width,
      values,
    }))
  );
  fc.assert(fc.property(image, ({ height, width, values }) => {
    const bytes = encodeGrey16Png(height, width, values);
    assertEquals(rightOf(decodeGrey16("a.png", bytes)), { height, width, values, bitDepth: 16 });
    const reference = referenceDecode(bytes, { checkCrc: true });
    assertEquals([...reference.data], [...values]);
    assertEquals([reference.height, reference.width, reference.depth], [height, width, 16]);
  }));
});

Deno.test("a picture whose values do not fit its size is not encoded", () => {
  assertThrows(() => encodeRgbPng({ height: 2, width: 2, pixels: new Uint8Array(11) }));
  assertThrows(() => encodeGrey16Png(0, 2, new Uint16Array(0)));
});

Deno.test("depth from 8-bit grey is accepted with its bits told; colour and few bits are refused", () => {
  const grey8 = referenceEncode({ height: 1, width: 2, channels: 1, depth: 8, data: Uint8Array.of(3, 200) });
  const expected = { height: 1, width: 2, bitDepth: 8 as const, values: Uint16Array.of(3, 200) };
  assertEquals(rightOf(decodeGrey16("a.png", grey8)), expected);
  assertStringIncludes(leftOf(decodeGrey16("a.png", rgb8)).found, "colour");
  assertStringIncludes(leftOf(decodeGrey16("a.png", interlaced4)).found, "4 bits");
});

Deno.test("every truncation is a failure of the format that names the file", () => {
  for (const bytes of samples) {
    for (let length = 0; length < bytes.length; length++) {
      const problem = leftOf(decodePng("cut.png", bytes.slice(0, length)));
      assertEquals([problem.kind, problem.where], ["format", "cut.png"]);
    }
  }
});

Deno.test("a changed bit anywhere before the end chunk is noticed", () => {
  for (let at = 0; at < grey16.length - 12; at++) {
    const copy = grey16.slice();
    copy[at] = (copy[at] ?? 0) ^ 1;
    leftOf(decodePng("a.png", copy));
  }
});

Deno.test("damaged files, also with checksums made right, give a picture or a failure", () => {
  const files = fc.constantFrom(...samples).chain(damaged);
  fc.assert(fc.property(files, (bytes) => assertTagged(decodePng("a.png", bytes), "a.png")), { numRuns: 500 });
  const sealed = files.map(withRightChecksums);
  fc.assert(fc.property(sealed, (bytes) => assertTagged(decodePng("a.png", bytes), "a.png")), { numRuns: 2000 });
});

Deno.test("sizes beyond the limits are refused from the header alone", () => {
  for (const [height, width] of [[65536, 1], [1, 65536], [11000, 10001], [0, 4], [4, 0], [2 ** 31, 2 ** 31]] as const) {
    const bytes = concatenate(start, header(height, width, 8, 2, 0, 0, 0), end);
    assertStringIncludes(leftOf(decodePng("a.png", bytes)).found, `${width} wide and ${height} high`);
  }
});

Deno.test("a header that announces more pixels than the data hold is refused", () => {
  const data = chunk("IDAT", deflateSync(new Uint8Array(100)));
  const bytes = concatenate(start, header(10, 16, 16, 2, 0, 0, 0), data, end);
  assertStringIncludes(leftOf(decodePng("a.png", bytes)).found, "100 bytes of pixels");
});

Deno.test("data that decompress to far more than the header announces are refused", () => {
  const bomb = deflateSync(new Uint8Array(2 ** 27));
  const bytes = concatenate(start, header(10, 10, 8, 2, 0, 0, 0), chunk("IDAT", bomb), end);
  assertStringIncludes(leftOf(decodePng("bomb.png", bytes)).found, "do not decompress");
});

Deno.test("an index outside the palette, an unknown filter and an unknown critical chunk are refused", () => {
  const indices = chunk("IDAT", deflateSync(Uint8Array.of(0, 3)));
  const short = concatenate(start, header(1, 1, 8, 3, 0, 0, 0), chunk("PLTE", new Uint8Array(9)), indices, end);
  assertStringIncludes(leftOf(decodePng("a.png", short)).found, "palette of 3");
  const filter = chunk("IDAT", deflateSync(Uint8Array.of(5, 0)));
  const grey = header(1, 1, 8, 0, 0, 0, 0);
  assertStringIncludes(leftOf(decodePng("a.png", concatenate(start, grey, filter, end))).found, "filter 5");
  const strange = concatenate(start, grey, chunk("QUUX", new Uint8Array(1)), end);
  assertStringIncludes(leftOf(decodePng("a.png", strange)).found, "QUUX");
});

Deno.test("ancillary chunks are skipped", () => {
  const text = chunk("tEXt", new TextEncoder().encode("Comment\0hello"));
  const profile = chunk("iCCP", Uint8Array.of(97, 0, 0, 1, 2, 3));
  const bytes = concatenate(grey16.subarray(0, 33), text, profile, grey16.subarray(33));
  assertEquals(decodePng("a.png", bytes), decodePng("a.png", grey16));
  assert(decodePng("a.png", bytes)._tag === "Right");
});
