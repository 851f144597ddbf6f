import type { RgbImage } from "../formats/raster.ts";

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
      pixels.set(image.pixels.subarray(from, from + 3), (row * width + column) * 3);
    }
  }
  return { height, width, pixels };
};
