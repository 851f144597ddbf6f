import { uniforms } from "../tensor/key.ts";
import type { Augmentation } from "./augment.ts";
import type { Sample } from "./sample.ts";
import { warpSample } from "./warp.ts";

/**
 * The picture that the camera takes when it is rolled about its optical axis, so that what it sees turns counter-clockwise
 * by `degrees`. Depth along the axis does not change by it, nor do the intrinsics: the turn is about the principal point and
 * takes the pixels' aspect fx / fy into account. Without intrinsics it is about the middle of the picture, with square
 * pixels.
 *
 * Image and depth move alike, to the pixel: the image is interpolated bilinearly, the depth takes the nearest measurement.
 * What comes from beyond the edges has the colours of the edges and depth 0, no measurement.
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

/** Rotates by an angle drawn evenly from ± `maxDegrees`, as {@link rotate} does; 0 changes nothing. */
export const randomRotation = (maxDegrees: number): Augmentation => (key, sample): Sample =>
  maxDegrees === 0 ? sample : rotate(maxDegrees * (2 * uniforms(key, 1)[0]! - 1))(sample);
