import type { RgbImage } from "../formats/raster.ts";

/** The luma of the pixel that begins at an index of R, G, B values, in their unit (ITU-R BT.601). */
export const luma = (pixels: ArrayLike<number>, at: number): number =>
  0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;

/** The luma of every pixel, 0…1, row-major. */
export const lumaOf = ({ height, width, pixels }: RgbImage): Float32Array =>
  Float32Array.from({ length: height * width }, (_, at) => luma(pixels, 3 * at) / 255);
