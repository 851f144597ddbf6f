import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { fold, type Key, uniforms } from "../tensor/key.ts";
import type { Sample } from "./sample.ts";

/** A random change of a sample: the same key gives the same change, whoever asks for it and when. */
export type Augmentation = (key: Key, sample: Sample) => Sample;

const mirrorImage = (image: RgbImage): RgbImage => {
  const { height, width, pixels } = image;
  const output = new Uint8Array(pixels.length);
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let from = ((row + 1) * width - 1) * 3; from >= row * width * 3; from -= 3) {
      output[at++] = pixels[from]!;
      output[at++] = pixels[from + 1]!;
      output[at++] = pixels[from + 2]!;
    }
  }
  return { ...image, pixels: output };
};

const mirrorDepth = (depth: DepthImage): DepthImage => {
  const metres = depth.metres.slice();
  for (let row = 0; row < depth.height; row++) metres.subarray(row * depth.width, (row + 1) * depth.width).reverse();
  return { ...depth, metres };
};

/** The sample as a mirror shows it: left and right exchanged in image, depth and intrinsics. */
export const mirror = (sample: Sample): Sample => ({
  ...sample,
  image: mirrorImage(sample.image),
  depth: mirrorDepth(sample.depth),
  intrinsics: sample.intrinsics && { ...sample.intrinsics, cx: sample.image.width - sample.intrinsics.cx },
});

/** Mirrors half of the samples. */
export const randomMirror: Augmentation = (key, sample): Sample => uniforms(key, 1)[0]! < 0.5 ? mirror(sample) : sample;

/** Augmentations one after the other, each with a key of its own. */
export const inOrder = (augmentations: readonly Augmentation[]): Augmentation => (key, sample) =>
  augmentations.reduce((changed, augment, index) => augment(fold(key, index), changed), sample);
