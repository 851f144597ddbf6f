import { tf } from "../dependencies/tensorflow.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { asFeatures, type DepthMaps, type Images } from "../tensor/features.ts";

const sizeOf = <A extends { readonly height: number; readonly width: number }>([first]: readonly A[]): A => {
  if (first === undefined) throw new RangeError("a batch of nothing has no size");
  return first;
};

/** Pictures of one size, at least one, as a tensor (batch, height, width, 3), R, G, B, 0…1. */
export const imagesTensor = (images: readonly RgbImage[]): Images => {
  const { height, width } = sizeOf(images);
  const values = new Float32Array(images.length * height * width * 3);
  images.forEach((image, index) =>
    values.set(new Float32Array(image.pixels).map((v) => v / 255), index * height * width * 3)
  );
  return asFeatures(3, tf.tensor4d(values, [images.length, height, width, 3]));
};

/** Depth maps of one size, at least one, as a tensor (batch, height, width, 1), metres. */
export const depthTensor = (depths: readonly DepthImage[]): DepthMaps => {
  const { height, width } = sizeOf(depths);
  const values = new Float32Array(depths.length * height * width);
  depths.forEach((depth, index) => values.set(depth.metres, index * height * width));
  return asFeatures(1, tf.tensor4d(values, [depths.length, height, width, 1]));
};
