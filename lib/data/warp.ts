import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { Sample } from "./sample.ts";

/**
 * Where the content of a changed picture comes from: that of position (x, y) from (xx·x + xy·y + x0, yx·x + yy·y + y0) of
 * the unchanged one. Positions are in pixels from the upper left corner; pixel (column u, row v) has its centre at
 * (u + 0.5, v + 0.5).
 */
export interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

const within = (index: number, last: number): number => index < 0 ? 0 : index > last ? last : index;

/** Writes the level of each channel at position (x, y), counted from the centre of the first pixel. */
const interpolate = (
  { height, width, pixels }: RgbImage,
  x: number,
  y: number,
  output: Uint8Array,
  at: number,
): void => {
  const top = Math.floor(y);
  const left = Math.floor(x);
  const down = y - top;
  const right = x - left;
  const upper = within(top, height - 1) * width;
  const lower = within(top + 1, height - 1) * width;
  const first = within(left, width - 1);
  const second = within(left + 1, width - 1);
  for (let channel = 0; channel < 3; channel++) {
    const above = (1 - right) * pixels[(upper + first) * 3 + channel]! +
      right * pixels[(upper + second) * 3 + channel]!;
    const below = (1 - right) * pixels[(lower + first) * 3 + channel]! +
      right * pixels[(lower + second) * 3 + channel]!;
    output[at + channel] = ((1 - down) * above + down * below + 0.5) | 0;
  }
};

const warpImage = (image: RgbImage, { xx, xy, x0, yx, yy, y0 }: AffineMap): RgbImage => {
  const output = new Uint8Array(image.pixels.length);
  let at = 0;
  for (let row = 0.5; row < image.height; row++) {
    for (let column = 0.5; column < image.width; column++) {
      interpolate(image, xx * column + xy * row + x0 - 0.5, yx * column + yy * row + y0 - 0.5, output, at);
      at += 3;
    }
  }
  return { ...image, pixels: output };
};

const warpDepth = (depth: DepthImage, { xx, xy, x0, yx, yy, y0 }: AffineMap): DepthImage => {
  const { height, width, metres } = depth;
  const output = new Float32Array(metres.length);
  let at = 0;
  for (let row = 0.5; row < height; row++) {
    for (let column = 0.5; column < width; column++) {
      const x = Math.floor(xx * column + xy * row + x0);
      const y = Math.floor(yx * column + yy * row + y0);
      if (x >= 0 && x < width && y >= 0 && y < height) output[at] = metres[y * width + x]!;
      at++;
    }
  }
  return { ...depth, metres: output };
};

/**
 * Image and depth moved by one and the same map, at their size; the intrinsics are left to the caller. The image is
 * interpolated bilinearly and continues beyond its edges with their colours, so that no dark border looks like an object.
 * Each pixel of the depth takes the measurement of the pixel in which its position lies, 0 beyond the edges.
 */
export const warpSample = (sample: Sample, map: AffineMap): Sample => ({
  ...sample,
  image: warpImage(sample.image, map),
  depth: warpDepth(sample.depth, map),
});
