import type { Corners } from "./bounds.ts";
import type { Solid } from "./description.ts";
import { extentOf } from "./solids.ts";
import { add, dot, rotate, type Rotation, subtract, type Vector } from "./vector.ts";

/** The corners of a solid's box as seen from a point along three axes. */
export const cornersOf = (
  solid: Solid,
  from: Vector,
  axes: Rotation,
): Corners => {
  const { centre, rotation } = solid;
  const half = extentOf(solid);
  const corners = new Float64Array(24);
  const middle = subtract(centre, from);
  for (let corner = 0; corner < 8; corner++) {
    const offset: Vector = [
      (corner & 1 ? 1 : -1) * half[0],
      (corner & 2 ? 1 : -1) * half[1],
      (corner & 4 ? 1 : -1) * half[2],
    ];
    const point = add(middle, rotate(rotation, offset));
    corners[3 * corner] = dot(point, axes[0]);
    corners[3 * corner + 1] = dot(point, axes[1]);
    corners[3 * corner + 2] = dot(point, axes[2]);
  }
  return corners;
};
