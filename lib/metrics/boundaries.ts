import type { DepthImage } from "../formats/raster.ts";
import { usualBoundaries } from "./protocols.ts";

/** A depth map with marks of the pixels that count, row-major.
 * @category Metrics */
export interface MaskedDepth {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Metres, above 0 where `valid` is 1. */
  readonly depth: Float32Array | Float64Array;
  /** 1 where depth counts, 0 elsewhere. */
  readonly valid: Uint8Array;
}

/** 1 where a pixel and its eight neighbours are valid: only there is it known whether depth has a boundary. */
const inside = ({ height, width, valid }: MaskedDepth): Uint8Array => {
  const output = new Uint8Array(height * width);
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const at = row * width + column;
      let known = 1;
      for (let step = -width; step <= width; step += width) {
        known &= valid[at + step - 1]! & valid[at + step]! & valid[at + step + 1]!;
      }
      output[at] = known;
    }
  }
  return output;
};

/** The derivatives of ln depth, per pixel: Sobel's filters divided by 8, 0 where `known` is 0. */
interface Slopes {
  readonly across: Float64Array;
  readonly down: Float64Array;
  readonly size: Float64Array;
}

const logarithmsOf = (depth: Float32Array | Float64Array): Float64Array => {
  const logarithms = new Float64Array(depth.length);
  for (let at = 0; at < depth.length; at++) {
    const metres = depth[at]!;
    if (metres > 0) logarithms[at] = Math.log(metres);
  }
  return logarithms;
};

const slopesOf = ({ width, depth }: MaskedDepth, known: Uint8Array): Slopes => {
  const l = logarithmsOf(depth);
  const [across, down, size] = [new Float64Array(l.length), new Float64Array(l.length), new Float64Array(l.length)];
  for (let at = 0; at < l.length; at++) {
    if (known[at] !== 1) continue;
    const [above, below] = [at - width, at + width];
    const falling = (l[below + 1]! - l[above - 1]!) / 8;
    const rising = (l[above + 1]! - l[below - 1]!) / 8;
    const x = falling + rising + (l[at + 1]! - l[at - 1]!) / 4;
    const y = falling - rising + (l[below]! - l[above]!) / 4;
    across[at] = x;
    down[at] = y;
    size[at] = Math.sqrt(x * x + y * y);
  }
  return { across, down, size };
};

/** The tangent of 22.5°: directions are rounded to eighths of a turn. */
const eighth = Math.SQRT2 - 1;

const stepAlong = (along: number, other: number): number =>
  Math.abs(along) > eighth * Math.abs(other) ? Math.sign(along) : 0;

/**
 * Marks the depth boundaries, one pixel wide: where |∇ ln d|, by Sobel's filters per pixel, is at least `slope`, not
 * less than at the next pixel in the direction of the gradient, rounded to eighths of a turn, and greater than at the
 * pixel before. On a diagonal the two pixels that lie between are compared likewise, as the boundary would be two
 * pixels wide. This is the rule of Canny (1986) without smoothing, on the logarithm, so that the unit of depth does not
 * matter. Of two that are equal, as at a step, the nearer one is marked, to which the occluding boundary belongs. A
 * pixel is only marked if it and its eight neighbours are valid.
 * @category Metrics
 */
export const depthBoundaries = (map: MaskedDepth, slope: number): Uint8Array => {
  const known = inside(map);
  const { across, down, size } = slopesOf(map, known);
  const marks = new Uint8Array(size.length);
  for (let at = 0; at < size.length; at++) {
    const steepness = size[at]!;
    if (steepness < slope) continue;
    const [x, y] = [across[at]!, down[at]!];
    const [right, below] = [stepAlong(x, y), stepAlong(y, x) * map.width];
    const isSteepest = [right + below, right, below].every((step) =>
      step === 0 || (steepness >= size[at + step]! && steepness > size[at - step]!)
    );
    if (isSteepest) marks[at] = 1;
  }
  return marks;
};

/** For each pixel the distance to the nearest mark in its column, in pixels; infinite where there is none. */
const columnDistances = (marks: Uint8Array, width: number): Float64Array => {
  const distances = new Float64Array(marks.length).fill(Infinity);
  for (let at = 0; at < marks.length; at++) {
    distances[at] = marks[at] === 1 ? 0 : at < width ? Infinity : distances[at - width]! + 1;
  }
  for (let at = marks.length - 1 - width; at >= 0; at--) {
    distances[at] = Math.min(distances[at]!, distances[at + width]! + 1);
  }
  return distances;
};

/**
 * For each mark of `from`, in row-major order, the Euclidean distance from its centre to that of the nearest mark of
 * `to`, in pixels; infinite beyond `reach`. Both are row-major maps of the same size, 1 at marks.
 */
export const markDistances = (from: Uint8Array, to: Uint8Array, width: number, reach: number): Float64Array => {
  const vertical = columnDistances(to, width);
  const distances: number[] = [];
  for (let at = 0; at < from.length; at++) {
    if (from[at] !== 1) continue;
    const column = at % width;
    let least = Infinity;
    const last = Math.min(column + Math.floor(reach), width - 1);
    for (let other = Math.max(column - Math.floor(reach), 0); other <= last; other++) {
      least = Math.min(least, (other - column) ** 2 + vertical[at - column + other]! ** 2);
    }
    distances.push(least <= reach ** 2 ? Math.sqrt(least) : Infinity);
  }
  return Float64Array.from(distances);
};

/**
 * Marks the valid pixels of ground truth (metres above 0) that are on a depth boundary or within `reach` pixels of one, by
 * the usual rule of {@link depthBoundaries}: row-major, 1 where it is so, 0 elsewhere.
 * @category Metrics
 */
export const nearBoundaries = ({ height, width, metres }: DepthImage, reach: number): Uint8Array => {
  const valid = Uint8Array.from(metres, (depth) => depth > 0 ? 1 : 0);
  const boundaries = depthBoundaries({ height, width, depth: metres, valid }, usualBoundaries.slope);
  const distances = markDistances(valid, boundaries, width, reach);
  let next = 0;
  return valid.map((each) => each === 1 && distances[next++]! <= reach ? 1 : 0);
};
