import { type Failure, failure } from "../errors.ts";
import { E, type Either } from "../dependencies/fp.ts";

/** The longest side, in pixels, of a picture that a decoder accepts. */
export const maximumSide: number = 16384;

/** The largest number of pixels of a picture that a decoder accepts: 2²⁷. */
export const maximumPixels: number = 2 ** 27;

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
