import fc from "fast-check";
import { decodeImage, decodeUpright, encodeJpeg } from "../../lib/formats/image.ts";
import { type Orientation, orientationOf, upright } from "../../lib/formats/orientation.ts";
import { encodeRgbPng } from "../../lib/formats/png.ts";
import type { RgbImage } from "../../lib/formats/raster.ts";
import { assert, assertEquals, fromFileUrl } from "../std.ts";
import { exifOf, jpegWithExif, pngWithExif, tiffOf, webpWithExif } from "./exif_support.ts";
import { concatenate, damaged, rightOf } from "./support.ts";

const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

type Side = "top" | "bottom" | "left" | "right";

/** The words of EXIF 2.32 for tag 274: at which side of what is seen the stored row 0 and the stored column 0 lie. */
const sides: Readonly<Record<Orientation, readonly [row0: Side, column0: Side]>> = {
  1: ["top", "left"],
  2: ["top", "right"],
  3: ["bottom", "right"],
  4: ["bottom", "left"],
  5: ["left", "top"],
  6: ["right", "top"],
  7: ["right", "bottom"],
  8: ["left", "bottom"],
};

/** Where a stored row or column comes to lie: a row or column of what is seen. */
const placed = (side: Side, index: number, size: number): readonly [axis: "row" | "column", at: number] => {
  const axis = side === "top" || side === "bottom" ? "row" : "column";
  return [axis, side === "top" || side === "left" ? index : size - 1 - index];
};

/** Each stored pixel put where the words say. */
const seen = (orientation: Orientation, { height, width, pixels }: RgbImage): RgbImage => {
  const [row0, column0] = sides[orientation];
  const [rows, columns] = row0 === "top" || row0 === "bottom" ? [height, width] : [width, height];
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = Object.fromEntries([placed(row0, y, height), placed(column0, x, width)]);
      const to = ((at["row"] ?? NaN) * columns + (at["column"] ?? NaN)) * 3;
      result.set(pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
    }
  }
  return { height: rows, width: columns, pixels: result };
};

const pictureOf = (height: number, width: number): RgbImage => ({
  height,
  width,
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => (at * 37 + 11) % 256),
});

const png = encodeRgbPng(pictureOf(3, 5));
const jpeg = rightOf(await encodeJpeg(pictureOf(16, 24), 90)());

for (const orientation of orientations) {
  Deno.test(`orientation ${orientation}: rows and columns lie where EXIF says`, () => {
    for (const [height, width] of [[1, 1], [1, 4], [3, 1], [2, 3], [5, 4]] as const) {
      const stored = pictureOf(height, width);
      assertEquals(upright(orientation)(stored), seen(orientation, stored));
    }
  });
}

Deno.test("a quarter to the right and a quarter to the left cancel, and so does each mirroring done twice", () => {
  const stored = pictureOf(4, 7);
  assertEquals(upright(8)(upright(6)(stored)), stored);
  for (const orientation of [1, 2, 3, 4, 5, 7] as const) {
    assertEquals(upright(orientation)(upright(orientation)(stored)), stored);
  }
});

Deno.test("an orientation is found in JPEG, PNG, WebP and TIFF, of either byte order, as a short and as a long number", () => {
  for (const orientation of orientations) {
    for (const order of ["II", "MM"] as const) {
      for (const type of [3, 4] as const) {
        const exif = exifOf(orientation, order, type);
        assertEquals(orientationOf(jpegWithExif(jpeg, exif)), orientation);
        assertEquals(orientationOf(pngWithExif(png, exif)), orientation);
        assertEquals(orientationOf(pngWithExif(png, exif, "last")), orientation);
        assertEquals(orientationOf(webpWithExif(exif)), orientation);
        assertEquals(orientationOf(webpWithExif(concatenate(new TextEncoder().encode("Exif\0\0"), exif))), orientation);
        assertEquals(orientationOf(exif), orientation);
      }
    }
  }
});

Deno.test("without a tag, and with one of no meaning, a picture stays as it is", () => {
  assertEquals([png, jpeg, new Uint8Array(0), new Uint8Array(100)].map(orientationOf), [1, 1, 1, 1]);
  for (const value of [0, 9, 65535]) assertEquals(orientationOf(jpegWithExif(jpeg, exifOf(value))), 1);
  const text = tiffOf("II", [[0x0112, 2, 6]]);
  const absent = tiffOf("II", [[0x0100, 3, 6]]);
  assertEquals([text, absent].map((exif) => orientationOf(pngWithExif(png, exif))), [1, 1]);
});

Deno.test("damaged EXIF data are never worth a picture", async () => {
  const exif = exifOf(6, "II");
  await fc.assert(
    fc.asyncProperty(damaged(exif), async (bytes) => {
      const files = [jpegWithExif(jpeg, bytes), pngWithExif(png, bytes)];
      for (const file of [...files, webpWithExif(bytes), bytes]) assert(orientations.includes(orientationOf(file)));
      const [fromJpeg, fromPng] = await Promise.all(files.map((file) => decodeUpright("a picture", file)()));
      assertEquals([fromJpeg?._tag, fromPng?._tag], ["Right", "Right"]);
    }),
    { numRuns: 100 },
  );
  for (let length = 0; length < png.length; length++) {
    assert(orientations.includes(orientationOf(pngWithExif(png, exif).subarray(0, length))));
  }
});

Deno.test("a directory that points anywhere is read within the data only", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("II*\0", "MM\0*"), (rest, start) => {
    const exif = Uint8Array.from([...start].map((letter) => letter.charCodeAt(0)).concat(...rest));
    assert(orientations.includes(orientationOf(pngWithExif(png, exif))));
  }));
});

Deno.test("a picture is decoded upright, or as it is stored", async () => {
  const file = pngWithExif(png, exifOf(6));
  assertEquals(rightOf(await decodeImage("a.png", file)()), pictureOf(3, 5));
  assertEquals(rightOf(await decodeUpright("a.png", file)()), seen(6, pictureOf(3, 5)));
  const { height, width } = rightOf(await decodeUpright("a.jpg", jpegWithExif(jpeg, exifOf(8)))());
  assertEquals([height, width], [24, 16]);
});

const cases = new URL("../../../shared/cases/08-exif-orientation/", import.meta.url);

const read = (name: string): Uint8Array | undefined => {
  try {
    return Deno.readFileSync(fromFileUrl(new URL(name, cases)));
  } catch {
    return undefined;
  }
};

const [first, third, eighth] = [read("exif1.jpg"), read("exif3.jpg"), read("exif8.jpg")];
if (first === undefined) console.log("The photos with orientations are not here; the test that reads them is skipped.");

Deno.test({
  name: "a photo that was saved upside down or on its side is seen as the one that was not",
  ignore: first === undefined,
  fn: async () => {
    assert(first !== undefined && third !== undefined && eighth !== undefined);
    const [plain, ...turned] = await Promise.all(
      [first, third, eighth].map(async (bytes) => rightOf(await decodeUpright("a photo", bytes)())),
    );
    assert(plain !== undefined);
    for (const { height, width, pixels } of turned) {
      assertEquals([height, width], [plain.height, plain.width]);
      const difference = pixels.reduce((sum, level, at) => sum + Math.abs(level - (plain.pixels[at] ?? NaN)), 0);
      assert(difference / pixels.length < 3, `${difference / pixels.length} levels apart`);
    }
  },
});
