import type { Material, Solid } from "./description.ts";
import {
  addVectors,
  composeRotations,
  dot,
  rotateVector,
  type Rotation,
  subtractVectors,
  upright,
  type Vector,
  yaw,
} from "./vector.ts";

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

/** The corners of a solid's box as seen from a point along three axes. */
export const cornersOf = (
  solid: Solid,
  from: Vector,
  axes: Rotation,
): Corners => {
  const { centre, rotation } = solid;
  const half = extentOf(solid);
  const corners = new Float64Array(24);
  const middle = subtractVectors(centre, from);
  for (let corner = 0; corner < 8; corner++) {
    const offset: Vector = [
      (corner & 1 ? 1 : -1) * half[0],
      (corner & 2 ? 1 : -1) * half[1],
      (corner & 4 ? 1 : -1) * half[2],
    ];
    const point = addVectors(middle, rotateVector(rotation, offset));
    corners[3 * corner] = dot(point, axes[0]);
    corners[3 * corner + 1] = dot(point, axes[1]);
    corners[3 * corner + 2] = dot(point, axes[2]);
  }
  return corners;
};

/** From low to high, metres. */
export type Interval = readonly [number, number];

const solid = (
  shape: Solid["shape"],
  material: Material,
  centre: Vector,
  half: Vector,
  taper = 1,
): Solid => ({ shape, centre, half, rotation: upright, taper, material });

/** An upright box that fills three intervals. */
export const box = (
  material: Material,
  x: Interval,
  y: Interval,
  z: Interval,
): Solid =>
  solid(
    "box",
    material,
    [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2, (z[0] + z[1]) / 2],
    [(x[1] - x[0]) / 2, (y[1] - y[0]) / 2, (z[1] - z[0]) / 2],
  );

/** A standing cylinder over the point `base`; `taper` is the radius at the top over that at the bottom. */
export const cylinder = (
  material: Material,
  base: Vector,
  radius: number,
  height: number,
  taper = 1,
): Solid =>
  solid(
    "cylinder",
    material,
    [base[0], base[1] + height / 2, base[2]],
    [radius, height / 2, radius],
    taper,
  );

/** A cylinder with an elliptic foot: `half` holds its two radii and half its height. */
export const oval = (
  material: Material,
  centre: Vector,
  half: Vector,
  taper = 1,
): Solid => solid("cylinder", material, centre, half, taper);

/** A ball with three radii. */
export const ellipsoid = (
  material: Material,
  centre: Vector,
  half: Vector,
): Solid => solid("ellipsoid", material, centre, half);

/** The solids turned about a point. */
export const turned = (
  solids: readonly Solid[],
  rotation: Rotation,
  pivot: Vector = [0, 0, 0],
): readonly Solid[] =>
  solids.map((one) => ({
    ...one,
    centre: addVectors(pivot, rotateVector(rotation, subtractVectors(one.centre, pivot))),
    rotation: composeRotations(rotation, one.rotation),
  }));

/** The solids moved. */
export const moved = (
  solids: readonly Solid[],
  by: Vector,
): readonly Solid[] => solids.map((one) => ({ ...one, centre: addVectors(one.centre, by) }));

/** The solids turned about the vertical through their origin, then moved. */
export const placed = (
  solids: readonly Solid[],
  rotation: Rotation,
  at: Vector,
): readonly Solid[] => moved(turned(solids, rotation), at);

/** Half the sides of the box around a solid, along the solid's axes, metres: more than `half` if it widens upwards. */
export const extentOf = ({ half, taper }: Solid): Vector => {
  const wider = Math.max(1, taper);
  return [half[0] * wider, half[1], half[2] * wider];
};

/** A wall of the room: north lies ahead (z = length), south at z = 0, west at x = 0, east at x = width. */
export type Wall = "north" | "south" | "west" | "east";

/**
 * Furniture whose back is at z = 0 and whose front looks along z, put against a wall.
 *
 * @param along metres from the room's origin along the wall (x for north and south, z for west and east)
 * @param gap metres between the wall and the back
 * @param above metres above the floor
 */
export const against = (
  [width, , length]: Vector,
  wall: Wall,
  along: number,
  solids: readonly Solid[],
  gap = 0,
  above = 0,
): readonly Solid[] => {
  switch (wall) {
    case "north":
      return placed(solids, yaw(180), [along, above, length - gap]);
    case "south":
      return placed(solids, yaw(0), [along, above, gap]);
    case "west":
      return placed(solids, yaw(90), [gap, above, along]);
    case "east":
      return placed(solids, yaw(-90), [width - gap, above, along]);
  }
};
