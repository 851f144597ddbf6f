import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { foldIn, type Key, permutation, uniforms } from "../tensor/key.ts";
import type { Sample } from "./dataset.ts";
import { warpSample } from "./resize.ts";

/** The luma of the pixel that begins at an index of R, G, B values, in their unit (ITU-R BT.601). */
export const luma = (pixels: ArrayLike<number>, at: number): number =>
  0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;

/** The luma of every pixel, 0…1, row-major.
 * @category Data */
export const lumaOf = ({ height, width, pixels }: RgbImage): Float32Array =>
  Float32Array.from({ length: height * width }, (_, at) => luma(pixels, 3 * at) / 255);

/** A random change of a sample: the same key gives the same change, whoever asks for it and when.
 * @category Data */
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

/** The sample as a mirror shows it: left and right exchanged in image, depth and intrinsics.
 * @category Data */
export const mirror = (sample: Sample): Sample => ({
  ...sample,
  image: mirrorImage(sample.image),
  depth: mirrorDepth(sample.depth),
  intrinsics: sample.intrinsics && { ...sample.intrinsics, cx: sample.image.width - sample.intrinsics.cx },
});

/** Mirrors half of the samples.
 * @category Data */
export const randomMirror: Augmentation = (key, sample): Sample => uniforms(key, 1)[0]! < 0.5 ? mirror(sample) : sample;

/** Augmentations one after the other, each with a key of its own.
 * @category Data */
export const composeAugmentations = (augmentations: readonly Augmentation[]): Augmentation => (key, sample) =>
  augmentations.reduce((changed, augment, index) => augment(foldIn(key, index), changed), sample);

/** Changes levels in place; they stay within 0…255, but need not be whole. */
type Change = (pixels: Float32Array, factor: number) => void;

const clamped = (level: number): number => level < 0 ? 0 : level > 255 ? 255 : level;

const brightness: Change = (pixels, factor) => {
  for (let at = 0; at < pixels.length; at++) pixels[at] = clamped(pixels[at]! * factor);
};

const contrast: Change = (pixels, factor) => {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 3) sum += luma(pixels, at);
  const mean = sum / (pixels.length / 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = clamped(mean + (pixels[at]! - mean) * factor);
};

const saturation: Change = (pixels, factor) => {
  for (let at = 0; at < pixels.length; at += 3) {
    const grey = luma(pixels, at);
    pixels[at] = clamped(grey + (pixels[at]! - grey) * factor);
    pixels[at + 1] = clamped(grey + (pixels[at + 1]! - grey) * factor);
    pixels[at + 2] = clamped(grey + (pixels[at + 2]! - grey) * factor);
  }
};

const changes: readonly Change[] = [brightness, contrast, saturation];

const rounded = (levels: Float32Array): Uint8Array => {
  const output = new Uint8Array(levels.length);
  for (let at = 0; at < levels.length; at++) output[at] = (levels[at]! + 0.5) | 0;
  return output;
};

/**
 * Multiplies brightness, contrast and saturation of the image, in random order, by factors from 1 ± `strength`, each drawn
 * by itself (0.4 as published). Levels that leave 0…255 end there. Strength 0 changes nothing.
 * @category Data
 */
export const colourJitter = (strength: number): Augmentation => (key: Key, sample: Sample): Sample => {
  if (strength === 0) return sample;
  const factors = uniforms(foldIn(key, "factors"), changes.length);
  const levels = new Float32Array(sample.image.pixels);
  for (const which of permutation(foldIn(key, "order"), changes.length)) {
    const change = changes[which];
    if (change === undefined) throw new RangeError(`no change ${which} of colours`);
    change(levels, 1 + strength * (2 * factors[which]! - 1));
  }
  return { ...sample, image: { ...sample.image, pixels: rounded(levels) } };
};

/**
 * The picture that the camera takes when it is rolled about its optical axis, so that what it sees turns counter-clockwise
 * by `degrees`. Depth along the axis does not change by it, nor do the intrinsics: the turn is about the principal point and
 * takes the pixels' aspect fx / fy into account. Without intrinsics it is about the middle of the picture, with square
 * pixels.
 *
 * Image and depth move alike, to the pixel: the image is interpolated bilinearly, the depth takes the nearest measurement.
 * What comes from beyond the edges has the colours of the edges and depth 0, no measurement.
 * @category Data
 */
export const rotate = (degrees: number): (sample: Sample) => Sample => (sample) => {
  const { width, height } = sample.image;
  const { fx, fy, cx, cy } = sample.intrinsics ?? { fx: 1, fy: 1, cx: width / 2, cy: height / 2 };
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  const [xy, yx] = [-sin * fx / fy, sin * fy / fx];
  return warpSample(sample, {
    xx: cos,
    xy,
    x0: cx - cos * cx - xy * cy,
    yx,
    yy: cos,
    y0: cy - yx * cx - cos * cy,
  });
};

/** Rotates by an angle drawn evenly from ± `maxDegrees`, as {@link rotateVector} does; 0 changes nothing.
 * @category Data */
export const randomRotation = (maxDegrees: number): Augmentation => (key, sample): Sample =>
  maxDegrees === 0 ? sample : rotate(maxDegrees * (2 * uniforms(key, 1)[0]! - 1))(sample);

const nearer = (depth: DepthImage, scale: number): DepthImage => {
  const metres = new Float32Array(depth.metres.length);
  for (let at = 0; at < metres.length; at++) metres[at] = depth.metres[at]! / scale;
  return { ...depth, metres };
};

/**
 * A window of the sample, `scale` times smaller than it, enlarged to the sample's size, and its depth divided by `scale`
 * (Eigen, Puhrsch, Fergus 2014): for the same camera, what looks `scale` times larger is `scale` times nearer.
 *
 * fx and fy therefore stay, and the principal point moves to (scale · (cx − left), scale · (cy − top)). So the point
 * (X, Y, Z) that a pixel shows becomes (X, Y, Z / scale), from X = (x − cx) · Z / fx: exact for surfaces that face the
 * camera; others are flattened along the axis.
 *
 * @param scale At least 1: a smaller one would leave borders without a picture.
 * @param left Of the window, in pixels: 0 … width · (1 − 1 / scale), not necessarily whole.
 * @param top Of the window, in pixels: 0 … height · (1 − 1 / scale).
 * @category Data
 */
export const zoom = (scale: number, left: number, top: number): (sample: Sample) => Sample => (sample) => {
  const enlarged = warpSample(sample, { xx: 1 / scale, xy: 0, x0: left, yx: 0, yy: 1 / scale, y0: top });
  const { intrinsics } = sample;
  return {
    ...enlarged,
    depth: nearer(enlarged.depth, scale),
    intrinsics: intrinsics &&
      { ...intrinsics, cx: scale * (intrinsics.cx - left), cy: scale * (intrinsics.cy - top) },
  };
};

/**
 * Enlarges a window by a factor drawn evenly from 1 … `maxScale` and divides depth by it, as {@link zoom} does; the window
 * lies anywhere in the picture. 1 changes nothing.
 *
 * @throws Error if `maxScale` is below 1: a bug of the caller.
 * @category Data
 */
export const randomScale = (maxScale: number): Augmentation => {
  if (!(maxScale >= 1)) throw new Error(`a random scale up to ${maxScale}, which is below 1`);
  return (key, sample): Sample => {
    if (maxScale === 1) return sample;
    const draws = uniforms(key, 3);
    const scale = 1 + (maxScale - 1) * draws[0]!;
    const rest = 1 - 1 / scale;
    return zoom(scale, draws[1]! * rest * sample.image.width, draws[2]! * rest * sample.image.height)(sample);
  };
};
