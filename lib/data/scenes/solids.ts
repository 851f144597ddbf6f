import type { Material, Solid } from "./description.ts";
import { add, compose, rotate, type Rotation, subtract, upright, type Vector } from "./vector.ts";

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
    centre: add(pivot, rotate(rotation, subtract(one.centre, pivot))),
    rotation: compose(rotation, one.rotation),
  }));

/** The solids moved. */
export const moved = (
  solids: readonly Solid[],
  by: Vector,
): readonly Solid[] => solids.map((one) => ({ ...one, centre: add(one.centre, by) }));

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
