import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { linearTaps, type Taps } from "./linear_taps.ts";
import type { Intrinsics, Sample } from "./sample.ts";

/** Every row at another width. No arrays are made and taken apart within: that alone would take three times as long. */
const resizeColumns = ({ height, width, pixels }: RgbImage, { count, first, weights }: Taps): Float32Array => {
  const columns = first.length;
  const output = new Float32Array(height * columns * 3);
  let at = 0;
  for (let row = 0; row < height; row++) {
    let next = 0;
    for (let column = 0; column < columns; column++) {
      let from = (row * width + (first[column] ?? 0)) * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < count; tap++) {
        const weight = weights[next++] ?? 0;
        red += weight * (pixels[from++] ?? 0);
        green += weight * (pixels[from++] ?? 0);
        blue += weight * (pixels[from++] ?? 0);
      }
      output[at++] = red;
      output[at++] = green;
      output[at++] = blue;
    }
  }
  return output;
};

/** Every column at another height, rounded to levels. */
const resizeRows = (values: Float32Array, rowLength: number, { count, first, weights }: Taps): Uint8Array => {
  const rows = first.length;
  const output = new Uint8Array(rows * rowLength);
  const sums = new Float32Array(rowLength);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[row * count + tap] ?? 0;
      let from = ((first[row] ?? 0) + tap) * rowLength;
      for (let at = 0; at < rowLength; at++) sums[at] = (sums[at] ?? 0) + weight * (values[from++] ?? 0);
    }
    const start = row * rowLength;
    for (let at = 0; at < rowLength; at++) output[start + at] = ((sums[at] ?? 0) + 0.5) | 0;
  }
  return output;
};

/** A picture at another size: bilinear at half-pixel centres, antialiased where it shrinks. */
export const resizeImage = (image: RgbImage, height: number, width: number): RgbImage => {
  if (image.height === height && image.width === width) return image;
  const narrow = resizeColumns(image, linearTaps(image.width, width));
  return { height, width, pixels: resizeRows(narrow, width * 3, linearTaps(image.height, height)) };
};

/** The input pixel in which the centre of each output pixel lies; of two that meet there, the later one. */
const nearest = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to }, (_, index) => Math.min(Math.floor((index + 0.5) * from / to), from - 1));

/**
 * A depth map at another size: each pixel takes the measurement nearest to its centre, so that no depth is averaged with a
 * hole or across an edge.
 */
export const resizeDepth = (depth: DepthImage, height: number, width: number): DepthImage => {
  if (depth.height === height && depth.width === width) return depth;
  const metres = new Float32Array(height * width);
  const [rows, columns] = [nearest(depth.height, height), nearest(depth.width, width)];
  let at = 0;
  for (const row of rows) {
    const start = row * depth.width;
    for (let column = 0; column < width; column++) metres[at++] = depth.metres[start + (columns[column] ?? 0)] ?? 0;
  }
  return { height, width, metres };
};

const resizeIntrinsics = ({ fx, fy, cx, cy }: Intrinsics, down: number, across: number): Intrinsics => ({
  fx: fx * across,
  fy: fy * down,
  cx: cx * across,
  cy: cy * down,
});

/** A sample at another size, such as that of the network's input: image, depth and intrinsics. */
export const resizeSample = (height: number, width: number): (sample: Sample) => Sample => (sample) => ({
  ...sample,
  image: resizeImage(sample.image, height, width),
  depth: resizeDepth(sample.depth, height, width),
  intrinsics: sample.intrinsics &&
    resizeIntrinsics(sample.intrinsics, height / sample.image.height, width / sample.image.width),
});
