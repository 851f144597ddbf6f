import { fold, type Key, permutation, uniforms } from "../tensor/key.ts";
import type { Augmentation } from "./augment.ts";
import { luma } from "./luma.ts";
import type { Sample } from "./sample.ts";

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
 */
export const colourJitter = (strength: number): Augmentation => (key: Key, sample: Sample): Sample => {
  if (strength === 0) return sample;
  const factors = uniforms(fold(key, "factors"), changes.length);
  const levels = new Float32Array(sample.image.pixels);
  for (const which of permutation(fold(key, "order"), changes.length)) {
    const change = changes[which];
    if (change === undefined) throw new RangeError(`no change ${which} of colours`);
    change(levels, 1 + strength * (2 * factors[which]! - 1));
  }
  return { ...sample, image: { ...sample.image, pixels: rounded(levels) } };
};
