import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** The size of a picture or map.
 * @category Files */
export interface RasterSize {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
}

/** An 8-bit colour picture: row-major, `pixels` holds height × width × 3 values in the order R, G, B, 0…255.
 * @category Files */
export interface RgbImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Channel c of the pixel at (row, column) is at index (row · width + column) · 3 + c. */
  readonly pixels: Uint8Array;
}

/** Depth in metres at pixel centres: row-major, `metres` holds height × width values; 0 means no measurement.
 * @category Files */
export interface DepthImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** The depth of the pixel at (row, column) is at index row · width + column. */
  readonly metres: Float32Array;
}

/** A map of numbers of any unit at pixel centres: row-major, height × width values.
 * @category Files */
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

/** The most pixels, in millions, of a picture that a decoder takes unless it is told otherwise. */
export const usualMegapixels = 110;

/** The longest side in pixels; that of a JPEG cannot be longer. */
const maximumSide = 65535;

/**
 * Bytes that decoding may take for each pixel that is allowed: enough for a progressive JPEG of full colour, or for a
 * PNG of four channels of 16 bits that is compressed to half of it.
 */
const bytesPerPixel = 20;

const advice = "Scale the picture down; predict takes larger ones with --max-megapixels, if there is memory for them.";

/**
 * Refuses a picture whose header announces no pixels, more than {@link maximumSide} a side, or more than so many
 * millions in all. Decoders call it before they allocate anything.
 */
export const checkDimensions = (
  name: string,
  height: number,
  width: number,
  maxMegapixels: number = usualMegapixels,
): Either<Failure, void> => {
  const sound = height > 0 && width > 0 && height <= maximumSide && width <= maximumSide;
  if (sound && height * width <= maxMegapixels * 1e6) return E.right(undefined);
  const expected = `sides of 1 to ${maximumSide} and at most ${maxMegapixels} megapixels`;
  return E.left(failure("format", name, `a picture ${width} wide and ${height} high`, expected, advice));
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/**
 * Refuses a picture that takes more bytes to decode than pictures of the allowed size should: its file, its pixels and
 * what lies between them, as the header tells. Decoders call it before they allocate anything.
 */
export const checkBytes = (
  name: string,
  bytes: number,
  maxMegapixels: number = usualMegapixels,
): Either<Failure, void> => {
  const most = maxMegapixels * 1e6 * bytesPerPixel;
  if (bytes <= most) return E.right(undefined);
  const expected = `at most ${gigabytes(most)}, for ${maxMegapixels} megapixels`;
  return E.left(failure("format", name, `a picture that takes ${gigabytes(bytes)} to decode`, expected, advice));
};
