import type { Tracer } from "./tracer.ts";

// A ray is origin + t · direction in the coordinates of the unit shape, where t means what it means outside.

const boxEntry = (
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number => {
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

const ballEntry = (
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number => {
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
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
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

const cylinderEntry = (
  taper: number,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number => {
  const side = sideEntry(taper, ox, oy, oz, dx, dy, dz);
  // Only the cap on the side that the ray comes from can be where it enters.
  const cap = ((dy > 0 ? -1 : 1) - oy) / dy;
  const x = ox + cap * dx, z = oz + cap * dz;
  const radius = dy > 0 ? 1 : taper;
  const hit = cap > 0 && x * x + z * z <= radius * radius;
  return hit && cap < side ? cap : side;
};

/** The t > 0 at which a ray enters a unit shape from outside, or Infinity. */
export const unitEntry = (
  shape: number,
  taper: number,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number =>
  shape === 0
    ? boxEntry(ox, oy, oz, dx, dy, dz)
    : shape === 1
    ? cylinderEntry(taper, ox, oy, oz, dx, dy, dz)
    : ballEntry(ox, oy, oz, dx, dy, dz);

/** The t > 0 at which a ray in metres enters a solid of the tracer from outside, or Infinity. */
export const solidEntry = (
  tracer: Tracer,
  id: number,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number => {
  const { centres, matrices } = tracer;
  const px = ox - (centres[3 * id] ?? 0);
  const py = oy - (centres[3 * id + 1] ?? 0);
  const pz = oz - (centres[3 * id + 2] ?? 0);
  const m = 9 * id;
  const m0 = matrices[m] ?? 0, m1 = matrices[m + 1] ?? 0;
  const m2 = matrices[m + 2] ?? 0, m3 = matrices[m + 3] ?? 0;
  const m4 = matrices[m + 4] ?? 0, m5 = matrices[m + 5] ?? 0;
  const m6 = matrices[m + 6] ?? 0, m7 = matrices[m + 7] ?? 0;
  const m8 = matrices[m + 8] ?? 0;
  return unitEntry(
    tracer.shapes[id] ?? 0,
    tracer.tapers[id] ?? 1,
    m0 * px + m1 * py + m2 * pz,
    m3 * px + m4 * py + m5 * pz,
    m6 * px + m7 * py + m8 * pz,
    m0 * dx + m1 * dy + m2 * dz,
    m3 * dx + m4 * dy + m5 * dz,
    m6 * dx + m7 * dy + m8 * dz,
  );
};
