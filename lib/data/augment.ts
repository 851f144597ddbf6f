import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { fold, type Key, permutation, uniforms } from "../tensor/key.ts";
import type { Sample } from "./sample.ts";

/** A random change of a sample: the same key gives the same change. */
export type Augmentation = (key: Key, sample: Sample) => Sample;

const mirrored = <A extends Float32Array | Uint8Array>(values: A, width: number, channels: number): A => {
  const output = values.slice() as A;
  for (let pixel = 0; pixel < values.length / channels; pixel++) {
    const column = pixel % width;
    const source = pixel - column + (width - 1 - column);
    for (let channel = 0; channel < channels; channel++) {
      output[pixel * channels + channel] = values[source * channels + channel] ?? 0;
    }
  }
  return output;
};

const mirrorImage = (image: RgbImage): RgbImage => ({ ...image, pixels: mirrored(image.pixels, image.width, 3) });
const mirrorDepth = (depth: DepthImage): DepthImage => ({ ...depth, metres: mirrored(depth.metres, depth.width, 1) });

/** The sample as a mirror shows it: left and right exchanged in image, depth and intrinsics. */
export const mirror = (sample: Sample): Sample => ({
  ...sample,
  image: mirrorImage(sample.image),
  depth: mirrorDepth(sample.depth),
  intrinsics: sample.intrinsics && { ...sample.intrinsics, cx: sample.image.width - sample.intrinsics.cx },
});

/** Mirrors half of the samples. */
export const randomMirror: Augmentation = (key, sample): Sample =>
  (uniforms(key, 1)[0] ?? 0) < 0.5 ? mirror(sample) : sample;

type Pixels = Float32Array;

/** The luma of R, G, B (ITU-R BT.601). */
const grey = (pixels: Pixels, at: number): number =>
  0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);

const brightness = (pixels: Pixels, factor: number): Pixels => pixels.map((value) => value * factor);

const contrast = (pixels: Pixels, factor: number): Pixels => {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 3) sum += grey(pixels, at);
  const mean = sum / (pixels.length / 3);
  return pixels.map((value) => mean + (value - mean) * factor);
};

const saturation = (pixels: Pixels, factor: number): Pixels =>
  pixels.map((value, at) => {
    const luma = grey(pixels, at - at % 3);
    return luma + (value - luma) * factor;
  });

/**
 * Multiplies brightness, contrast and saturation, in random order, by factors from 1 ± `strength` (PAPER, "Training": 0.4).
 */
export const colourJitter = (strength: number): Augmentation => (key, sample) => {
  if (strength === 0) return sample;
  const changes = [brightness, contrast, saturation];
  const factors = uniforms(fold(key, "factors"), changes.length).map((u) => 1 + strength * (2 * u - 1));
  const changed = Array.from(permutation(fold(key, "order"), changes.length)).reduce<Pixels>(
    (pixels, which) => (changes[which] ?? brightness)(pixels, factors[which] ?? 1).map(clamped),
    new Float32Array(sample.image.pixels),
  );
  return { ...sample, image: { ...sample.image, pixels: new Uint8Array(changed.map(Math.round)) } };
};

const clamped = (value: number): number => Math.min(Math.max(value, 0), 255);

/** Augmentations one after the other, each with a key of its own. */
export const inOrder = (augmentations: readonly Augmentation[]): Augmentation => (key, sample) =>
  augmentations.reduce((changed, augment, index) => augment(fold(key, index), changed), sample);
