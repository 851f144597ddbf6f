import type { RgbImage } from "../formats/raster.ts";
import type { Rgb } from "./rgb.ts";

/** Pixels to add on each side of a picture; whole numbers from 0. */
export interface Margins {
  /** Rows above. */
  readonly top: number;
  /** Columns on the right. */
  readonly right: number;
  /** Rows below. */
  readonly bottom: number;
  /** Columns on the left. */
  readonly left: number;
}

/** The same margin on all four sides. */
export const evenly = (pixels: number): Margins => ({
  top: pixels,
  right: pixels,
  bottom: pixels,
  left: pixels,
});

/** A height × width picture of one colour. Height or width may be 0. */
export const filled = (
  height: number,
  width: number,
  colour: Rgb,
): RgbImage => {
  const pixels = new Uint8Array(height * width * 3);
  for (let start = 0; start < pixels.length; start += 3) {
    pixels.set(colour, start);
  }
  return { height, width, pixels };
};

// `target` is always a picture that the caller has just made and not yet given away.
const blit = (
  target: RgbImage,
  source: RgbImage,
  top: number,
  left: number,
): void => {
  const rowLength = source.width * 3;
  for (let row = 0; row < source.height; row++) {
    target.pixels.set(
      source.pixels.subarray(row * rowLength, (row + 1) * rowLength),
      ((top + row) * target.width + left) * 3,
    );
  }
};

/** The picture with margins in `background`: (top + height + bottom) × (left + width + right). */
export const pad = (
  image: RgbImage,
  margins: Margins,
  background: Rgb,
): RgbImage => {
  const padded = filled(
    margins.top + image.height + margins.bottom,
    margins.left + image.width + margins.right,
    background,
  );
  blit(padded, image, margins.top, margins.left);
  return padded;
};

/** The picture with a border of `thickness` pixels around it. */
export const frame = (
  image: RgbImage,
  thickness: number,
  colour: Rgb,
): RgbImage => pad(image, evenly(thickness), colour);

/** The picture padded with `background` below and on the right until it is at least height × width. */
export const padTo = (
  image: RgbImage,
  height: number,
  width: number,
  background: Rgb,
): RgbImage =>
  pad(image, {
    top: 0,
    right: Math.max(0, width - image.width),
    bottom: Math.max(0, height - image.height),
    left: 0,
  }, background);

const emptyPicture: RgbImage = {
  height: 0,
  width: 0,
  pixels: new Uint8Array(0),
};

const largest = (lengths: readonly number[]): number => lengths.reduce((a, b) => Math.max(a, b), 0);

const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0);

/**
 * The pictures from left to right, aligned at the top; lower ones are padded with `background` below. Associative, and
 * no pictures give the 0×0 picture, which is the neutral element.
 */
export const hstack = (
  images: readonly RgbImage[],
  background: Rgb,
): RgbImage => {
  if (images.length === 0) return emptyPicture;
  const row = filled(
    largest(images.map((image) => image.height)),
    sum(images.map((image) => image.width)),
    background,
  );
  images.reduce((left, image) => {
    blit(row, image, 0, left);
    return left + image.width;
  }, 0);
  return row;
};

/**
 * The pictures from top to bottom, aligned at the left; narrower ones are padded with `background` on the right.
 * Associative, and no pictures give the 0×0 picture, which is the neutral element.
 */
export const vstack = (
  images: readonly RgbImage[],
  background: Rgb,
): RgbImage => {
  if (images.length === 0) return emptyPicture;
  const column = filled(
    sum(images.map((image) => image.height)),
    largest(images.map((image) => image.width)),
    background,
  );
  images.reduce((top, image) => {
    blit(column, image, top, 0);
    return top + image.height;
  }, 0);
  return column;
};

/**
 * Each pixel as a square of `factor` × `factor` pixels: (factor × height) × (factor × width). Throws a `RangeError`
 * unless the factor is a whole number from 1.
 */
export const scaleNearest = (image: RgbImage, factor: number): RgbImage => {
  if (!(Number.isSafeInteger(factor) && factor >= 1)) {
    throw new RangeError(
      `factor of enlargement: ${factor} is not a whole number from 1`,
    );
  }
  const height = image.height * factor;
  const width = image.width * factor;
  const pixels = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const source = Math.floor(row / factor) * image.width;
    for (let column = 0; column < width; column++) {
      const from = (source + Math.floor(column / factor)) * 3;
      const to = (row * width + column) * 3;
      pixels[to] = image.pixels[from]!;
      pixels[to + 1] = image.pixels[from + 1]!;
      pixels[to + 2] = image.pixels[from + 2]!;
    }
  }
  return { height, width, pixels };
};
