import type { DepthImage } from "../formats/raster.ts";
import { uniforms } from "../tensor/key.ts";
import type { Augmentation } from "./augment.ts";
import type { Sample } from "./sample.ts";
import { warpSample } from "./warp.ts";

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
