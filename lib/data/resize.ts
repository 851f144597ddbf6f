import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { linearTaps, type Taps } from "./linear_taps.ts";
import type { Intrinsics, Sample } from "./sample.ts";

/** A row of a picture at another width. No array is made for a pixel: that alone would take three times as long. */
const narrowRow = ({ width, pixels }: RgbImage, row: number, { count, first, weights }: Taps, output: Float32Array) => {
  let at = 0;
  let next = 0;
  for (let column = 0; column < first.length; column++) {
    let from = (row * width + first[column]!) * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[next++]!;
      red += weight * pixels[from++]!;
      green += weight * pixels[from++]!;
      blue += weight * pixels[from++]!;
    }
    output[at++] = red;
    output[at++] = green;
    output[at++] = blue;
  }
};

const addRow = (sums: Float32Array, weight: number, values: Float32Array): void => {
  for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! + weight * values[at]!;
};

const writeLevels = (sums: Float32Array, output: Uint8Array, start: number): void => {
  for (let at = 0; at < sums.length; at++) output[start + at] = (sums[at]! + 0.5) | 0;
};

/** A picture at another size: bilinear at half-pixel centres, antialiased where it shrinks. */
export const resizeImage = (image: RgbImage, height: number, width: number): RgbImage => {
  if (image.height === height && image.width === width) return image;
  const [rows, columns] = [linearTaps(image.height, height), linearTaps(image.width, width)];
  const pixels = new Uint8Array(height * width * 3);
  const sums = new Float32Array(width * 3);
  // The last input rows, already narrow: few enough to stay in the processor's cache.
  const recent = new Float32Array(rows.count * sums.length);
  const slot = (row: number): Float32Array => {
    const start = row % rows.count * sums.length;
    return recent.subarray(start, start + sums.length);
  };
  let done = 0;
  for (let row = 0; row < height; row++) {
    const begin = rows.first[row]!;
    for (; done < begin + rows.count; done++) narrowRow(image, done, columns, slot(done));
    sums.fill(0);
    for (let tap = 0; tap < rows.count; tap++) {
      addRow(sums, rows.weights[row * rows.count + tap]!, slot(begin + tap));
    }
    writeLevels(sums, pixels, row * width * 3);
  }
  return { height, width, pixels };
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
    for (let column = 0; column < width; column++) metres[at++] = depth.metres[start + columns[column]!]!;
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
