import type { Material, SceneDescription, Solid } from "./description.ts";
import { extentOf } from "./solids.ts";
import { dot, scaleVector, type Vector } from "./vector.ts";

/** The solids as flat arrays, for speed. Surface `count + face` is a face of the room: floor, ceiling, then the walls. */
export interface Tracer {
  /** How many solids. */
  readonly count: number;
  /** 0 box, 1 cylinder, 2 ellipsoid. */
  readonly shapes: Uint8Array;
  /** Count × 3. */
  readonly centres: Float64Array;
  /** Count × 3 × 3, row-major: takes metres around the centre to the unit shape. */
  readonly matrices: Float64Array;
  /** As {@link Solid.taper}. */
  readonly tapers: Float64Array;
  /** Half the size along each solid's own axes, count × 3, metres. */
  readonly halves: Float64Array;
  /** Of the ball around each solid, metres. */
  readonly radii: Float64Array;
  /** Of the solids, then of the six faces of the room. */
  readonly materials: readonly Material[];
  /** Width, height and length of the room, metres. */
  readonly roomSize: Vector;
}

const shapeCodes = { box: 0, cylinder: 1, ellipsoid: 2 } as const;

const matrixOf = ({ rotation, half }: Solid): readonly number[] => [
  ...scaleVector(rotation[0], 1 / half[0]),
  ...scaleVector(rotation[1], 1 / half[1]),
  ...scaleVector(rotation[2], 1 / half[2]),
];

/** The flat arrays of a description. */
export const tracerOf = ({ room, solids }: SceneDescription): Tracer => ({
  count: solids.length,
  shapes: Uint8Array.from(solids, (one) => shapeCodes[one.shape]),
  centres: Float64Array.from(solids.flatMap((one) => one.centre)),
  matrices: Float64Array.from(solids.flatMap(matrixOf)),
  tapers: Float64Array.from(solids, (one) => one.taper),
  halves: Float64Array.from(solids.flatMap((one) => one.half)),
  radii: Float64Array.from(solids, (one) => {
    const extent = extentOf(one);
    return Math.sqrt(dot(extent, extent));
  }),
  materials: [
    ...solids.map((one) => one.material),
    room.floor,
    room.ceiling,
    ...room.walls,
  ],
  roomSize: room.size,
});

/**
 * What a surface looks like, a solid's or the room's.
 *
 * @throws RangeError if there is no such surface.
 */
export const materialOf = ({ materials }: Tracer, surface: number): Material => {
  const material = materials[surface];
  if (material === undefined) throw new RangeError(`surface ${surface} of a scene with ${materials.length} surfaces`);
  return material;
};

/**
 * A ray in the coordinates of a unit shape: origin + t · direction, where t means what it means outside. One ray is
 * filled anew for every test, because in the innermost loop an allocation costs more than the test.
 */
export interface UnitRay {
  /** The origin, along the shape's x axis. */
  ox: number;
  /** The origin, along its y axis. */
  oy: number;
  /** The origin, along its z axis. */
  oz: number;
  /** The direction, along its x axis. */
  dx: number;
  /** The direction, along its y axis. */
  dy: number;
  /** The direction, along its z axis. */
  dz: number;
}

/** A direction in the room, filled anew for every ray. */
export interface Aim {
  /** To the right. */
  x: number;
  /** Up. */
  y: number;
  /** Ahead. */
  z: number;
}

/** A ray to fill. The halves tell the engine that the fields are no integers. */
export const unitRay = (): UnitRay => ({
  ox: 0.5,
  oy: 0.5,
  oz: 0.5,
  dx: 0.5,
  dy: 0.5,
  dz: 0.5,
});

/** A direction to fill. */
export const aimless = (): Aim => ({ x: 0.5, y: 0.5, z: 0.5 });

const boxEntry = ({ ox, oy, oz, dx, dy, dz }: UnitRay): number => {
  // A ray along a face must not make 0 · ∞.
  const ix = 1 / (dx === 0 ? 1e-200 : dx);
  const iy = 1 / (dy === 0 ? 1e-200 : dy);
  const iz = 1 / (dz === 0 ? 1e-200 : dz);
  const ax = ix > 0 ? ix : -ix, ay = iy > 0 ? iy : -iy;
  const az = iz > 0 ? iz : -iz;
  const mx = -ox * ix, my = -oy * iy, mz = -oz * iz;
  const nx = mx - ax, ny = my - ay, nz = mz - az;
  const fx = mx + ax, fy = my + ay, fz = mz + az;
  const near = nx > ny ? (nx > nz ? nx : nz) : (ny > nz ? ny : nz);
  const far = fx < fy ? (fx < fz ? fx : fz) : (fy < fz ? fy : fz);
  return near > 0 && near < far ? near : Infinity;
};

const ballEntry = ({ ox, oy, oz, dx, dy, dz }: UnitRay): number => {
  const a = dx * dx + dy * dy + dz * dz;
  const b = ox * dx + oy * dy + oz * dz;
  const c = ox * ox + oy * oy + oz * oz - 1;
  const discriminant = b * b - a * c;
  if (discriminant <= 0) return Infinity;
  const near = (-b - Math.sqrt(discriminant)) / a;
  return near > 0 ? near : Infinity;
};

/** Where the ray meets the slanted side x² + z² = (a + b·y)², |y| ≤ 1. */
const sideEntry = (
  taper: number,
  { ox, oy, oz, dx, dy, dz }: UnitRay,
): number => {
  const slope = (taper - 1) / 2;
  const radius = (1 + taper) / 2 + slope * oy;
  const a = dx * dx + dz * dz - slope * slope * dy * dy;
  const b = ox * dx + oz * dz - slope * dy * radius;
  const c = ox * ox + oz * oz - radius * radius;
  const discriminant = b * b - a * c;
  if (discriminant <= 0 || a === 0) return Infinity;
  const root = Math.sqrt(discriminant);
  const first = (-b - root) / a, second = (-b + root) / a;
  const y1 = oy + first * dy, y2 = oy + second * dy;
  const t1 = first > 0 && y1 > -1 && y1 < 1 ? first : Infinity;
  const t2 = second > 0 && y2 > -1 && y2 < 1 ? second : Infinity;
  return t1 < t2 ? t1 : t2;
};

const cylinderEntry = (taper: number, ray: UnitRay): number => {
  const side = sideEntry(taper, ray);
  const { ox, oy, oz, dx, dy, dz } = ray;
  // Only the cap on the side that the ray comes from can be where it enters.
  const cap = ((dy > 0 ? -1 : 1) - oy) / dy;
  const x = ox + cap * dx, z = oz + cap * dz;
  const radius = dy > 0 ? 1 : taper;
  const hit = cap > 0 && x * x + z * z <= radius * radius;
  return hit && cap < side ? cap : side;
};

/** The t > 0 at which a ray enters a unit shape (0 box, 1 cylinder, 2 ball) from outside, or Infinity. */
export const unitEntry = (
  shape: number,
  taper: number,
  ray: UnitRay,
): number => shape === 0 ? boxEntry(ray) : shape === 1 ? cylinderEntry(taper, ray) : ballEntry(ray);

/** A point that many rays start from, in the coordinates of every solid's unit shape: 3 numbers for each. */
export const unitOrigins = (
  { count, centres, matrices }: Tracer,
  [x, y, z]: Vector,
): Float64Array => {
  const origins = new Float64Array(3 * count);
  for (let at = 0; at < 3 * count; at++) {
    const id = (at - at % 3) / 3;
    origins[at] = matrices[3 * at]! * (x - centres[3 * id]!) +
      matrices[3 * at + 1]! * (y - centres[3 * id + 1]!) +
      matrices[3 * at + 2]! * (z - centres[3 * id + 2]!);
  }
  return origins;
};

/**
 * The t > 0 at which a ray enters a solid from outside, or Infinity. The ray starts where `origins` of
 * {@link unitOrigins} were made for; `ray` is overwritten.
 */
export const solidEntry = (
  { matrices, shapes, tapers }: Tracer,
  origins: Float64Array,
  id: number,
  { x, y, z }: Aim,
  ray: UnitRay,
): number => {
  const m = 9 * id;
  ray.ox = origins[3 * id]!;
  ray.oy = origins[3 * id + 1]!;
  ray.oz = origins[3 * id + 2]!;
  ray.dx = matrices[m]! * x + matrices[m + 1]! * y +
    matrices[m + 2]! * z;
  ray.dy = matrices[m + 3]! * x + matrices[m + 4]! * y +
    matrices[m + 5]! * z;
  ray.dz = matrices[m + 6]! * x + matrices[m + 7]! * y +
    matrices[m + 8]! * z;
  return unitEntry(shapes[id]!, tapers[id]!, ray);
};
