import type { DepthImage, RgbImage } from "../formats/raster.ts";

/** For one output pixel: the first input pixel that it takes, and the weight of that one and of those that follow. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Weights of linear interpolation at half-pixel centres from `from` to `to` pixels. When the size shrinks the triangle is as
 * wide as an output pixel, so that every input pixel counts (no aliasing); when it grows this is plain bilinear resizing.
 */
const linearTaps = (from: number, to: number): readonly Taps[] => {
  const ratio = from / to;
  const support = Math.max(ratio, 1);
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * ratio;
    const first = Math.max(Math.floor(centre - support + 0.5), 0);
    const last = Math.min(Math.ceil(centre + support - 0.5), from - 1);
    const raw = Array.from(
      { length: last - first + 1 },
      (_, tap) => Math.max(1 - Math.abs(first + tap + 0.5 - centre) / support, 0),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: raw.map((weight) => weight / total) };
  });
};

const resizeRows = (values: Float32Array, rows: number, rowLength: number, taps: readonly Taps[]): Float32Array => {
  const output = new Float32Array(taps.length * rowLength);
  taps.forEach(({ first, weights }, row) => {
    weights.forEach((weight, tap) => {
      const source = Math.min(first + tap, rows - 1) * rowLength;
      const target = row * rowLength;
      for (let at = 0; at < rowLength; at++) {
        output[target + at] = (output[target + at] ?? 0) + weight * (values[source + at] ?? 0);
      }
    });
  });
  return output;
};

/** One output pixel of a row: the weighted mean of the input pixels from `start` on. */
const blend = (values: Float32Array, start: number, weights: readonly number[], output: Float32Array, at: number) => {
  let [red, green, blue] = [0, 0, 0];
  for (let tap = 0; tap < weights.length; tap++) {
    const weight = weights[tap] ?? 0;
    const from = start + tap * 3;
    red += weight * (values[from] ?? 0);
    green += weight * (values[from + 1] ?? 0);
    blue += weight * (values[from + 2] ?? 0);
  }
  output[at] = red;
  output[at + 1] = green;
  output[at + 2] = blue;
};

const resizeColumns = (values: Float32Array, rows: number, columns: number, taps: readonly Taps[]): Float32Array => {
  const output = new Float32Array(rows * taps.length * 3);
  taps.forEach(({ first, weights }, column) => {
    for (let row = 0; row < rows; row++) {
      blend(values, (row * columns + first) * 3, weights, output, (row * taps.length + column) * 3);
    }
  });
  return output;
};

/** A picture at another size: bilinear at half-pixel centres, antialiased where it shrinks. */
export const resizeImage = (image: RgbImage, height: number, width: number): RgbImage => {
  if (image.height === height && image.width === width) return image;
  const narrow = resizeColumns(
    new Float32Array(image.pixels),
    image.height,
    image.width,
    linearTaps(image.width, width),
  );
  const small = resizeRows(narrow, image.height, width * 3, linearTaps(image.height, height));
  return { height, width, pixels: new Uint8Array(small.map(Math.round)) };
};

/**
 * A depth map at another size: each pixel takes the measurement nearest to its centre, so that no depth is averaged with a
 * hole or across an edge.
 */
export const resizeDepth = (depth: DepthImage, height: number, width: number): DepthImage => {
  if (depth.height === height && depth.width === width) return depth;
  const metres = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    const source = Math.min(Math.floor((row + 0.5) * depth.height / height), depth.height - 1);
    for (let column = 0; column < width; column++) {
      const from = Math.min(Math.floor((column + 0.5) * depth.width / width), depth.width - 1);
      metres[row * width + column] = depth.metres[source * depth.width + from] ?? 0;
    }
  }
  return { height, width, metres };
};
