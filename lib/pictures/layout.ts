import type { RgbImage } from "../formats/raster.ts";
import type { Rgb } from "./colormap.ts";

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
  if (pixels.length > 0) pixels.set(colour);
  // Each time twice as much: pixel by pixel, a large page takes seconds.
  for (let done = 3; done < pixels.length; done *= 2) pixels.copyWithin(done, 0, done);
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
  if (Object.values(margins).every((margin) => margin === 0)) return image;
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

/**
 * The picture at another size, each pixel the one in which its centre lies: enlarged, every pixel of the old picture stays
 * visible as a block. Throws a `RangeError` unless the picture has pixels and the size is of whole numbers from 1.
 */
export const resizeNearest = (image: RgbImage, height: number, width: number): RgbImage => {
  const sizes = [image.height, image.width, height, width];
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw new RangeError(`resizing ${image.height}x${image.width} to ${height}x${width}: not whole numbers from 1`);
  }
  const pixels = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const fromRow = Math.floor((row + 0.5) * image.height / height);
    for (let column = 0; column < width; column++) {
      const from = (fromRow * image.width + Math.floor((column + 0.5) * image.width / width)) * 3;
      const to = (row * width + column) * 3;
      pixels[to] = image.pixels[from]!;
      pixels[to + 1] = image.pixels[from + 1]!;
      pixels[to + 2] = image.pixels[from + 2]!;
    }
  }
  return { height, width, pixels };
};

/** A filled rectangle: its upper left corner and its size, in pixels of the picture that it is drawn on. */
export interface Rectangle {
  /** Rows above it; negative where it begins above the picture. */
  readonly top: number;
  /** Columns on its left; negative where it begins on the left of the picture. */
  readonly left: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** What it is filled with. */
  readonly colour: Rgb;
}

/** A picture and where its upper left corner comes to lie. */
export interface Placed {
  /** Rows above it. */
  readonly top: number;
  /** Columns on its left. */
  readonly left: number;
  /** The picture. */
  readonly image: RgbImage;
}

const copyOf = (image: RgbImage): RgbImage => ({ ...image, pixels: new Uint8Array(image.pixels) });

/** The whole numbers from `start` on, `length` of them, that are within 0 … end − 1. */
const span = (start: number, length: number, end: number): readonly [first: number, last: number] => [
  Math.max(0, Math.min(end, start)),
  Math.max(0, Math.min(end, start + length)),
];

/** The picture with rectangles on it, later ones over earlier ones; what lies outside the picture is cut. */
export const withRectangles = (image: RgbImage, rectangles: readonly Rectangle[]): RgbImage => {
  const drawn = copyOf(image);
  for (const { top, left, height, width, colour } of rectangles) {
    const [firstRow, lastRow] = span(top, height, image.height);
    const [firstColumn, lastColumn] = span(left, width, image.width);
    for (let row = firstRow; row < lastRow; row++) {
      for (let column = firstColumn; column < lastColumn; column++) {
        drawn.pixels.set(colour, (row * image.width + column) * 3);
      }
    }
  }
  return drawn;
};

/** The picture with others on it, later ones over earlier ones; what lies outside the picture is cut. */
export const withPictures = (image: RgbImage, pieces: readonly Placed[]): RgbImage => {
  const drawn = copyOf(image);
  for (const { top, left, image: piece } of pieces) {
    const [firstRow, lastRow] = span(top, piece.height, image.height);
    const [firstColumn, lastColumn] = span(left, piece.width, image.width);
    for (let row = firstRow; row < lastRow; row++) {
      const from = ((row - top) * piece.width + firstColumn - left) * 3;
      const pixels = piece.pixels.subarray(from, from + Math.max(0, lastColumn - firstColumn) * 3);
      drawn.pixels.set(pixels, (row * image.width + firstColumn) * 3);
    }
  }
  return drawn;
};
