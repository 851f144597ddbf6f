/** Eight corners of a solid's box as 24 numbers: x, y, z of the first, … in some camera's coordinates. */
export type Corners = Float64Array;

/** Which rows and columns of a picture a solid can touch; `to` is excluded. */
export interface Bounds {
  /** Rows. */
  readonly row: readonly [from: number, to: number];
  /** Columns. */
  readonly column: readonly [from: number, to: number];
}

// Only what reaches in front of the viewpoint can be seen; how near does not matter, short of dividing by 0.
const near = 1e-6;

const clamp = (value: number, count: number): number => Math.min(Math.max(value, 0), count);

/** True if all corners lie beyond one side of the view. */
const outside = (corners: Corners, axis: 0 | 1, limit: number): boolean => {
  let allLow = true;
  let allHigh = true;
  for (let at = 0; at < 24; at += 3) {
    const across = corners[at + axis]!;
    const reach = limit * corners[at + 2]!;
    allLow = allLow && across < -reach;
    allHigh = allHigh && across > reach;
  }
  return allLow || allHigh;
};

const span = (
  corners: Corners,
  axis: 0 | 1,
  limit: number,
  count: number,
): readonly [number, number] => {
  let low = Infinity;
  let high = -Infinity;
  for (let at = 0; at < 24; at += 3) {
    const ratio = corners[at + axis]! / corners[at + 2]!;
    low = ratio < low ? ratio : low;
    high = ratio > high ? ratio : high;
  }
  const unit = count / (2 * limit);
  return [
    clamp(Math.floor((low + limit) * unit - 0.001), count),
    clamp(Math.ceil((high + limit) * unit + 0.001), count),
  ];
};

/**
 * The part of a view that a convex solid can touch, or null if it is out of sight. The view reaches to the tangents
 * ±`across` sideways and ±`upright` up and down.
 */
export const boundsOf = (
  corners: Corners,
  across: number,
  upright: number,
  height: number,
  width: number,
): Bounds | null => {
  let behind = 0;
  for (let at = 2; at < 24; at += 3) {
    if (corners[at]! < near) behind++;
  }
  if (behind === 8) return null;
  if (outside(corners, 0, across) || outside(corners, 1, upright)) return null;
  if (behind > 0) return { row: [0, height], column: [0, width] };
  return {
    row: span(corners, 1, upright, height),
    column: span(corners, 0, across, width),
  };
};
