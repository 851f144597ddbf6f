import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { Intrinsics, Sample } from "./dataset.ts";

/**
 * Where the content of a changed picture comes from: that of position (x, y) from (xx·x + xy·y + x0, yx·x + yy·y + y0) of
 * the unchanged one. Positions are in pixels from the upper left corner; pixel (u, v) has its centre at (u + 0.5, v + 0.5).
 */
export interface AffineMap {
  /** How far the column goes for each column. */
  readonly xx: number;
  /** How far the column goes for each row. */
  readonly xy: number;
  /** The column that (0, 0) comes from. */
  readonly x0: number;
  /** How far the row goes for each column. */
  readonly yx: number;
  /** How far the row goes for each row. */
  readonly yy: number;
  /** The row that (0, 0) comes from. */
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
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const down = y - top;
  const right = x - left;
  const upper = within(top, height - 1) * width;
  const lower = within(top + 1, height - 1) * width;
  const first = within(left, width - 1);
  const second = within(left + 1, width - 1);
  for (let channel = 0; channel < 3; channel++) {
    const level = (pixel: number): number => pixels[pixel * 3 + channel]!;
    const above = (1 - right) * level(upper + first) + right * level(upper + second);
    const below = (1 - right) * level(lower + first) + right * level(lower + second);
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

/** For each output pixel of a row or column, `count` input pixels from `first` on and their weights, which sum to 1. */
export interface Taps {
  /** How many input pixels each output pixel takes. */
  readonly count: number;
  /** The first input pixel of each output pixel; `first` + `count` is never beyond the last one. */
  readonly first: Int32Array;
  /** The weight of input pixel `first[i]` + k in output pixel i is at index i · `count` + k; some are 0. */
  readonly weights: Float64Array;
}

/**
 * Weights of linear interpolation at half-pixel centres from `from` to `to` pixels. When the size shrinks the triangle is as
 * wide as two output pixels, so that every input pixel counts (no aliasing); when it grows this is plain bilinear resizing.
 */
const linearTaps = (from: number, to: number): Taps => {
  const ratio = from / to;
  const support = Math.max(ratio, 1);
  const count = Math.min(Math.ceil(2 * support), from);
  const first = new Int32Array(to);
  const weights = new Float64Array(to * count);
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * ratio;
    const begin = Math.min(Math.max(Math.floor(centre - support + 0.5), 0), from - count);
    first[index] = begin;
    let total = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = Math.max(1 - Math.abs(begin + tap + 0.5 - centre) / support, 0);
      weights[index * count + tap] = weight;
      total += weight;
    }
    for (let at = index * count; at < (index + 1) * count; at++) weights[at] = weights[at]! / total;
  }
  return { count, first, weights };
};

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

/** A picture at another size: bilinear at half-pixel centres, antialiased where it shrinks.
 * @category Data */
export const resizeImage = (height: number, width: number): (image: RgbImage) => RgbImage => (image) => {
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

/** A depth map at another size: each pixel takes the measurement nearest to its centre; none is averaged with another.
 * @category Data */
export const resizeDepth = (height: number, width: number): (depth: DepthImage) => DepthImage => (depth) => {
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

/** A camera's intrinsics where the picture has `down` times as many rows and `across` times as many columns. */
export const resizeIntrinsics = ({ fx, fy, cx, cy }: Intrinsics, down: number, across: number): Intrinsics => ({
  fx: fx * across,
  fy: fy * down,
  cx: cx * across,
  cy: cy * down,
});

/** A sample at another size, such as that of the network's input: image, depth and intrinsics.
 * @category Data */
export const resizeSample = (height: number, width: number): (sample: Sample) => Sample => (sample) => ({
  ...sample,
  image: resizeImage(height, width)(sample.image),
  depth: resizeDepth(height, width)(sample.depth),
  intrinsics: sample.intrinsics &&
    resizeIntrinsics(sample.intrinsics, height / sample.image.height, width / sample.image.width),
});

/** The rows and columns of a raster from (`top`, `left`) on; `channels` values a pixel. */
const cut = <A extends Uint8Array | Float32Array>(
  values: A,
  cropped: A,
  [top, left]: readonly [number, number],
  [from, to]: readonly [number, number],
): A => {
  for (let row = 0; row * to < cropped.length; row++) {
    const start = (top + row) * from + left;
    cropped.set(values.subarray(start, start + to), row * to);
  }
  return cropped;
};

const tooSmall = ({ name, image }: Sample, height: number, width: number): Failure =>
  failure(
    "data",
    name,
    `an image ${image.width} wide and ${image.height} high`,
    `one at least ${width} wide and ${height} high, as the crop takes so much from its middle`,
    "Choose a crop that fits all images.",
  );

/**
 * The middle of a sample, with the camera's principal point moved along; of an odd rest the smaller half is cut off at the
 * top and at the left. As published for NYU Depth V2: 456 rows and 608 columns of 480 × 640.
 *
 * Errors: "data", naming the sample, if it is smaller than the crop: nothing is made up to fill it.
 *
 * @param height Rows that are kept, a whole number from 1 on.
 * @param width Columns that are kept, a whole number from 1 on.
 * @category Data
 */
export const centreCrop = (height: number, width: number): (sample: Sample) => Either<Failure, Sample> => (sample) => {
  const { image, depth, intrinsics } = sample;
  if (image.height < height || image.width < width) return E.left(tooSmall(sample, height, width));
  if (image.height === height && image.width === width) return E.right(sample);
  const [top, left] = [Math.floor((image.height - height) / 2), Math.floor((image.width - width) / 2)];
  const pixels = cut(image.pixels, new Uint8Array(height * width * 3), [top, left * 3], [image.width * 3, width * 3]);
  const metres = cut(depth.metres, new Float32Array(height * width), [top, left], [depth.width, width]);
  return E.right({
    ...sample,
    image: { height, width, pixels },
    depth: { height, width, metres },
    intrinsics: intrinsics && { ...intrinsics, cx: intrinsics.cx - left, cy: intrinsics.cy - top },
  });
};
