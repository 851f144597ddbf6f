import fc from "fast-check";
import { decode as referenceDecode } from "fast-png";
import { decodeRgbPng, encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { pngTextOf, withPngText } from "../../lib/formats/png_text.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { rightOf } from "./support.ts";

const picture = encodeRgbPng({ height: 2, width: 2, pixels: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) });

/** Texts of Latin-1 by keywords that the specification allows. */
const latin1 = (least: number, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: least, max: 255 }), { minLength, maxLength }).map((codes) =>
    String.fromCharCode(...codes)
  );
const texts = fc.array(fc.tuple(latin1(161, 1, 79), latin1(1, 0, 40)), { maxLength: 5 }).map((all) => new Map(all));

Deno.test("texts are read back, and the pixels stay", () => {
  fc.assert(fc.property(texts, (text) => {
    const png = withPngText(picture, text);
    assertEquals(pngTextOf(png), text);
    assertEquals(rightOf(decodeRgbPng("a test", png)), rightOf(decodeRgbPng("a test", picture)));
  }));
});

Deno.test("another decoder reads the texts, their checksums verified", () => {
  const text = new Map([["Software", "a test 1.0"], ["Title", "caf\xe9"]]);
  const { text: found, width } = referenceDecode(withPngText(picture, text), { checkCrc: true });
  assertEquals([found, width], [Object.fromEntries(text), 2]);
});

Deno.test("a text too long to be a note is left out", () => {
  const text = new Map([["long", "x".repeat(300_000)], ["short", "x"]]);
  assertEquals(pngTextOf(withPngText(picture, text)), new Map([["short", "x"]]));
});

Deno.test("the first bytes of a file are enough, and what they cut through is left out", () => {
  const large = encodeGrey16Png(100, 100, Uint16Array.from({ length: 10000 }, (_, at) => (at * 7919) % 65536));
  const png = withPngText(large, new Map([["first", "1"], ["second", "2"]]));
  const whole = [...pngTextOf(png)];
  fc.assert(fc.property(fc.nat(png.length), (length) => {
    const found = [...pngTextOf(png.subarray(0, length))];
    assertEquals(found, whole.slice(0, found.length));
    assert(length < 200 || found.length === 2);
  }));
});

Deno.test("any bytes have texts or none, and nothing is thrown", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    assertEquals(pngTextOf(bytes).size, 0);
    const damaged = withPngText(picture, new Map([["a", "b"]]));
    damaged.set(bytes.subarray(0, damaged.length - 8), 8);
    pngTextOf(damaged);
  }));
});

Deno.test("what a PNG cannot carry as text is refused", () => {
  for (const [keyword, text] of [["", "a"], ["k".repeat(80), "a"], ["k", "\u0394"], ["k", "a\0b"], ["\u0394", ""]]) {
    const reason = assertThrows(() => withPngText(picture, new Map([[keyword ?? "", text ?? ""]])));
    assert(reason instanceof RangeError);
  }
  assert(assertThrows(() => withPngText(new Uint8Array(40), new Map())) instanceof RangeError);
});
