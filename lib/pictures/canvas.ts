import type { RgbImage } from "../formats/raster.ts";
import type { Rgb } from "./rgb.ts";

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
