import type { Tracer } from "./tracer.ts";

/** A point on a surface, with what its texture needs. */
export interface SurfacePoint {
  /** Metres in the room. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Unit normal, towards the outside of a solid or the inside of the room. */
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  /** Metres along the face from its middle; v is up on upright faces. */
  readonly u: number;
  readonly v: number;
  /** Half the extent of the face along u and v, metres. */
  readonly halfU: number;
  readonly halfV: number;
}

const roomPoint = (
  tracer: Tracer,
  face: number,
  x: number,
  y: number,
  z: number,
): SurfacePoint => {
  const [width, height, length] = tracer.roomSize;
  const level = face < 2;
  const sideways = face === 2 || face === 3;
  const inward = face % 2 === 0 ? 1 : -1;
  return {
    x,
    y,
    z,
    nx: sideways ? inward : 0,
    ny: level ? inward : 0,
    nz: level || sideways ? 0 : inward,
    u: sideways ? z - length / 2 : x - width / 2,
    v: level ? z - length / 2 : y - height / 2,
    halfU: sideways ? length / 2 : width / 2,
    halfV: level ? length / 2 : height / 2,
  };
};

/** The axis of the unit shape that its normal is nearest to. */
const mainAxis = (x: number, y: number, z: number): number => {
  const ax = x < 0 ? -x : x, ay = y < 0 ? -y : y, az = z < 0 ? -z : z;
  return ax > ay && ax > az ? 0 : ay >= az ? 1 : 2;
};

/** The point (x, y, z) of a solid's or the room's surface. */
export const surfaceAt = (
  tracer: Tracer,
  id: number,
  x: number,
  y: number,
  z: number,
): SurfacePoint => {
  if (id >= tracer.count) return roomPoint(tracer, id - tracer.count, x, y, z);
  const { centres, matrices } = tracer;
  const px = x - (centres[3 * id] ?? 0);
  const py = y - (centres[3 * id + 1] ?? 0);
  const pz = z - (centres[3 * id + 2] ?? 0);
  const m = 9 * id;
  const m0 = matrices[m] ?? 0, m1 = matrices[m + 1] ?? 0;
  const m2 = matrices[m + 2] ?? 0, m3 = matrices[m + 3] ?? 0;
  const m4 = matrices[m + 4] ?? 0, m5 = matrices[m + 5] ?? 0;
  const m6 = matrices[m + 6] ?? 0, m7 = matrices[m + 7] ?? 0;
  const m8 = matrices[m + 8] ?? 0;
  const qx = m0 * px + m1 * py + m2 * pz;
  const qy = m3 * px + m4 * py + m5 * pz;
  const qz = m6 * px + m7 * py + m8 * pz;
  const shape = tracer.shapes[id] ?? 0;
  const axis = mainAxis(qx, qy, qz);
  let gx = qx, gy = qy, gz = qz;
  if (shape === 0 || (shape === 1 && (qy > 0.999999 || qy < -0.999999))) {
    const face = shape === 0 ? axis : 1;
    gx = face === 0 ? qx : 0;
    gy = face === 1 ? qy : 0;
    gz = face === 2 ? qz : 0;
  } else if (shape === 1) {
    const slope = ((tracer.tapers[id] ?? 1) - 1) / 2;
    gy = -slope * (1 + slope + slope * qy);
  }
  const nx = m0 * gx + m3 * gy + m6 * gz;
  const ny = m1 * gx + m4 * gy + m7 * gz;
  const nz = m2 * gx + m5 * gy + m8 * gz;
  const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
  const half = tracer.halves[id] ?? [1, 1, 1];
  const alongU = axis === 0 ? 2 : 0;
  const alongV = axis === 1 ? 2 : 1;
  return {
    x,
    y,
    z,
    nx: nx * unit,
    ny: ny * unit,
    nz: nz * unit,
    u: (alongU === 0 ? qx : qz) * half[alongU],
    v: (alongV === 1 ? qy : qz) * half[alongV],
    halfU: half[alongU],
    halfV: half[alongV],
  };
};
