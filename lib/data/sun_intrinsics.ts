import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Intrinsics } from "./sample.ts";

const expected = "nine numbers, fx 0 cx, 0 fy cy, 0 0 1, with fx and fy above 0";

/**
 * The camera of `intrinsics.txt`, a 3×3 matrix by rows. Its pixels have their centres at whole numbers from 1 on, as the
 * toolbox of SUN RGB-D projects them (`read_3d_pts_general.m`), so that half a pixel is taken off the optical axis. Null
 * for a camera with skew, which {@link Intrinsics} cannot tell.
 *
 * Errors: "data" for anything but such a matrix.
 */
export const parseSunIntrinsics = (path: string, text: string): Either<Failure, Intrinsics | null> => {
  const fields = text.trim().split(/\s+/);
  const numbers = fields.map(Number);
  const [fx = 0, skew = 0, cx = 0, below = 0, fy = 0, cy = 0, ...last] = numbers;
  const sound = numbers.length === 9 && numbers.every(Number.isFinite) && fx > 0 && fy > 0 && below === 0 &&
    last.join() === "0,0,1";
  if (!sound) {
    const found = numbers.length === 9 ? `the numbers ${fields.join(" ").slice(0, 200)}` : `${fields.length} fields`;
    return E.left(failure("data", path, found, expected));
  }
  return E.right(skew === 0 ? { fx, fy, cx: cx - 0.5, cy: cy - 0.5 } : null);
};
