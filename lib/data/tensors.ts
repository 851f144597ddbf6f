import { tf } from "../dependencies/tensorflow.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { asFeatures, type DepthMaps, type Images } from "../tensor/features.ts";

/**
 * A depth map without holes: each hole takes the measurement that is nearest in steps along rows and columns. A map without
 * any measurement stays as it is.
 * @category Data
 */
export const fillHolesWithNearest = (depth: DepthImage): DepthImage => {
  const { height, width } = depth;
  if (depth.metres.every((metres) => metres > 0)) return depth;
  const metres = new Float32Array(depth.metres);
  let front = Array.from(metres.keys()).filter((at) => metres[at]! > 0);
  while (front.length > 0) {
    const reached: number[] = [];
    for (const at of front) {
      for (const next of neighbours(at, height, width)) {
        if (metres[next] === 0) {
          metres[next] = metres[at]!;
          reached.push(next);
        }
      }
    }
    front = reached;
  }
  return { height, width, metres };
};

const neighbours = (at: number, height: number, width: number): readonly number[] => {
  const [row, column] = [Math.floor(at / width), at % width];
  return [
    ...(row > 0 ? [at - width] : []),
    ...(row < height - 1 ? [at + width] : []),
    ...(column > 0 ? [at - 1] : []),
    ...(column < width - 1 ? [at + 1] : []),
  ];
};

const sizeOf = <A extends { readonly height: number; readonly width: number }>([first]: readonly A[]): A => {
  if (first === undefined) throw new RangeError("a batch of nothing has no size");
  return first;
};

/** Pictures of one size, at least one, as a tensor (batch, height, width, 3), R, G, B, 0…1.
 * @category Data */
export const imagesTensor = (images: readonly RgbImage[]): Images => {
  const { height, width } = sizeOf(images);
  const values = new Float32Array(images.length * height * width * 3);
  images.forEach((image, index) =>
    values.set(new Float32Array(image.pixels).map((v) => v / 255), index * height * width * 3)
  );
  return asFeatures(3, tf.tensor4d(values, [images.length, height, width, 3]));
};

/** Depth maps of one size, at least one, as a tensor (batch, height, width, 1), metres.
 * @category Data */
export const depthTensor = (depths: readonly DepthImage[]): DepthMaps => {
  const { height, width } = sizeOf(depths);
  const values = new Float32Array(depths.length * height * width);
  depths.forEach((depth, index) => values.set(depth.metres, index * height * width));
  return asFeatures(1, tf.tensor4d(values, [depths.length, height, width, 1]));
};
