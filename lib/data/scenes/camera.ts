import type { Camera } from "./description.ts";
import { cosine, sine } from "./trigonometry.ts";
import { add, normalise, scale, subtract, type Vector } from "./vector.ts";

/** A pinhole camera in pixels of its picture; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5). */
export interface PinholeIntrinsics {
  /** Focal length along a row. */
  readonly fx: number;
  /** Focal length along a column. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/**
 * A camera that looks from a position at a target (not straight up or down).
 *
 * @param fieldOfView degrees along the longer side of the picture
 * @param roll degrees by which the camera is tilted to the right
 */
export const lookAt = (
  position: Vector,
  target: Vector,
  fieldOfView: number,
  roll: number,
): Camera => {
  const forward = normalise(subtract(target, position));
  const level = normalise([forward[2], 0, -forward[0]]);
  const below: Vector = [
    forward[2] * level[1] - forward[1] * level[2],
    forward[0] * level[2] - forward[2] * level[0],
    forward[1] * level[0] - forward[0] * level[1],
  ];
  const [c, s] = [cosine(roll), sine(roll)];
  return {
    position,
    right: add(scale(level, c), scale(below, s)),
    down: add(scale(below, c), scale(level, -s)),
    forward,
    halfTangent: sine(fieldOfView / 2) / cosine(fieldOfView / 2),
  };
};

/** The intrinsics of a camera for a picture of a size: square pixels, the optical axis through the middle. */
export const intrinsicsOf = (
  camera: Camera,
  height: number,
  width: number,
): PinholeIntrinsics => {
  const focal = Math.max(height, width) / (2 * camera.halfTangent);
  return { fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
};
