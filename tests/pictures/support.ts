import fc from "fast-check";
import type { DepthImage, RgbImage } from "../../lib/formats/raster.ts";
import type { Rgb } from "../../lib/pictures/colormap.ts";
import { assert, assertStringIncludes, assertThrows } from "../std.ts";

/** Holds if `run` throws a `RangeError` with these words in its message. */
export const assertRefused = (run: () => unknown, words: string): void => {
  const reason = assertThrows(run);
  assert(reason instanceof RangeError, String(reason));
  assertStringIncludes(reason.message, words);
};

/** A depth image from its rows. */
export const depthOf = (rows: readonly (readonly number[])[]): DepthImage => ({
  height: rows.length,
  width: rows[0]?.length ?? 0,
  metres: Float32Array.from(rows.flat()),
});

/** The colour at a row and column. */
export const at = (image: RgbImage, row: number, column: number): Rgb => {
  const start = (row * image.width + column) * 3;
  const channel = (index: number) => image.pixels[start + index] ?? NaN;
  return [channel(0), channel(1), channel(2)];
};

/** How many pixels have exactly this colour. */
export const count = (image: RgbImage, colour: Rgb): number => {
  let found = 0;
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      const pixel = at(image, row, column);
      if (pixel.every((value, index) => value === colour[index])) found++;
    }
  }
  return found;
};

/** CIELAB of an sRGB colour for the white point D65 (IEC 61966-2-1 and CIE 15). */
export const lab = (colour: Rgb): readonly [number, number, number] => {
  const [r = 0, g = 0, b = 0] = colour.map((value) => {
    const unit = value / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  });
  const root = (t: number) => t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116;
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

/** Any small picture, those without pixels among them. */
export const picture: fc.Arbitrary<RgbImage> = fc
  .tuple(fc.nat(4), fc.nat(4))
  .chain(([height, width]) =>
    fc
      .uint8Array({
        minLength: height * width * 3,
        maxLength: height * width * 3,
      })
      .map((pixels) => ({ height, width, pixels: new Uint8Array(pixels) }))
  );

/** The row at which a part first occurs in a picture, from the top; null where it does not. */
export const rowOf = (image: RgbImage, part: RgbImage): number | null => {
  const [wide, narrow] = [image.width * 3, part.width * 3];
  const fits = (top: number, left: number) => {
    // From its middle: there a text differs from its surroundings.
    const middle = Math.floor(part.height / 2);
    for (let index = 0; index < part.height; index++) {
      const row = (index + middle) % part.height;
      const [inImage, inPart] = [(top + row) * wide + left * 3, row * narrow];
      for (let byte = 0; byte < narrow; byte++) {
        if (image.pixels[inImage + byte] !== part.pixels[inPart + byte]) return false;
      }
    }
    return true;
  };
  for (let top = 0; top + part.height <= image.height; top++) {
    for (let left = 0; left + part.width <= image.width; left++) {
      if (fits(top, left)) return top;
    }
  }
  return null;
};

/** Whether a picture holds a part, pixel for pixel. */
export const contains = (image: RgbImage, part: RgbImage): boolean => rowOf(image, part) !== null;
