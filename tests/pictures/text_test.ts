import fc from "fast-check";
import type { Rgb } from "../../lib/pictures/colormap.ts";
import { fittedLabel, font, label, type LabelStyle } from "../../lib/pictures/text.ts";
import { assert, assertEquals } from "../std.ts";
import { at, count } from "./support.ts";

const foreground: Rgb = [1, 2, 3];
const background: Rgb = [200, 201, 202];
const plain: LabelStyle = { scale: 1, foreground, background };

const drawing = (text: string): readonly string[] => {
  const image = label(text, plain);
  return Array.from(
    { length: image.height },
    (_, row) =>
      Array.from({ length: image.width }, (_, column) => at(image, row, column)[0] === foreground[0] ? "#" : ".").join(
        "",
      ),
  );
};

Deno.test("letters stand upright and are read from left to right", () => {
  assertEquals(drawing("L1"), [
    "............",
    "#.......#...",
    "#......##...",
    "#.......#...",
    "#.......#...",
    "#.......#...",
    "#.......#...",
    "#####..###..",
    "............",
  ]);
});

Deno.test("all printable ASCII characters but the tilde have a glyph of their own", () => {
  const printable = Array.from(
    { length: 0x7e - 0x20 },
    (_, index) => String.fromCharCode(0x20 + index),
  );
  const drawings = new Set(printable.map((one) => drawing(one).join("\n")));
  assertEquals(drawings.size, printable.length);
  assertEquals(font.fontData.length, font.lookup.length * font.width);
});

Deno.test("a label has 9 rows and 6 columns per character, times its scale, in two colours", () => {
  fc.assert(fc.property(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.integer({ min: 1, max: 3 }),
    (text, scale) => {
      const image = label(text, { ...plain, scale });
      const area = image.height * image.width;
      assertEquals(image.height, 9 * scale);
      assertEquals(image.width, 6 * scale * [...text].length);
      assertEquals(count(image, foreground) + count(image, background), area);
    },
  ));
});

Deno.test("a label of two texts is the two labels side by side", () => {
  const whole = drawing("12.5 m");
  const left = drawing("12.5");
  const right = drawing(" m");
  assertEquals(whole, left.map((row, index) => row + right[index]));
});

Deno.test("characters that the font lacks are question marks", () => {
  assertEquals(drawing("深~\n\u{1F600}"), drawing("????"));
});

Deno.test("a text that fits is left alone, and one that does not ends in dots", () => {
  assertEquals(fittedLabel("kitchen", 42, plain), label("kitchen", plain));
  assertEquals(fittedLabel("kitchens", 42, plain), label("kitc...", plain));
});

Deno.test("a fitted label is never wider than asked", () => {
  fc.assert(fc.property(fc.string(), fc.nat(100), (text, width) => {
    assert(fittedLabel(text, width, plain).width <= width);
  }));
});
