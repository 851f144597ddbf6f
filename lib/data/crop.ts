import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Sample } from "./sample.ts";

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
