import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** The size of a picture or map. */
export interface RasterSize {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
}

/** An 8-bit colour picture: row-major, `pixels` holds height × width × 3 values in the order R, G, B, 0…255. */
export interface RgbImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Channel c of the pixel at (row, column) is at index (row · width + column) · 3 + c. */
  readonly pixels: Uint8Array;
}

/** Depth in metres at pixel centres: row-major, `metres` holds height × width values; 0 means no measurement. */
export interface DepthImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** The depth of the pixel at (row, column) is at index row · width + column. */
  readonly metres: Float32Array;
}

/** A map of numbers of any unit at pixel centres: row-major, height × width values. */
export interface ValueMap {
  /** Rows of values. */
  readonly height: number;
  /** Values in a row. */
  readonly width: number;
  /** The value at (row, column) is at index row · width + column. */
  readonly values: Float32Array;
}

/** The colours of pixels of four channels, the last of which, alpha, is dropped. `size`: how many pixels. */
export const withoutAlpha = (rgba: ArrayLike<number>, size: number): Uint8Array => {
  const pixels = new Uint8Array(size * 3);
  for (let i = 0; i < size; i++) {
    pixels[i * 3] = rgba[i * 4]!;
    pixels[i * 3 + 1] = rgba[i * 4 + 1]!;
    pixels[i * 3 + 2] = rgba[i * 4 + 2]!;
  }
  return pixels;
};

/** The longest side, in pixels, of a picture that a decoder accepts. */
const maximumSide: number = 16384;

/** The largest number of pixels of a picture that a decoder accepts: 2²⁷. */
const maximumPixels: number = 2 ** 27;

/**
 * Refuses a picture whose header announces no pixels, or more than {@link maximumSide} a side or {@link maximumPixels}
 * in all. Decoders call it before they allocate anything.
 */
export const checkDimensions = (name: string, height: number, width: number): Either<Failure, void> => {
  const sound = height > 0 && width > 0 && height <= maximumSide &&
    width <= maximumSide && height * width <= maximumPixels;
  if (sound) return E.right(undefined);
  return E.left(failure(
    "format",
    name,
    `a picture ${width} wide and ${height} high`,
    `sides of 1 to ${maximumSide} and at most ${maximumPixels} pixels in all`,
    "If the picture really is this large, scale it down first.",
  ));
};
