import type { Tracer } from "./tracer.ts";

/** A point on a surface, with what its texture needs; filled anew for every ray. */
export interface SurfacePoint {
  /** Metres in the room. */
  x: number;
  /** Metres in the room. */
  y: number;
  /** Metres in the room. */
  z: number;
  /** Unit normal, towards the outside of a solid or the inside of the room. */
  nx: number;
  /** Unit normal. */
  ny: number;
  /** Unit normal. */
  nz: number;
  /** Metres along the face from its middle. */
  u: number;
  /** Metres along the face from its middle; up on upright faces. */
  v: number;
  /** Half the extent of the face along u, metres. */
  halfU: number;
  /** Half the extent of the face along v, metres. */
  halfV: number;
}

/** A point to fill. */
export const nowhere = (): SurfacePoint => ({
  x: 0.5,
  y: 0.5,
  z: 0.5,
  nx: 0.5,
  ny: 0.5,
  nz: 0.5,
  u: 0.5,
  v: 0.5,
  halfU: 0.5,
  halfV: 0.5,
});

const onRoom = (tracer: Tracer, face: number, point: SurfacePoint): void => {
  const [width, height, length] = tracer.roomSize;
  const level = face < 2;
  const sideways = face === 2 || face === 3;
  const inward = face % 2 === 0 ? 1 : -1;
  point.nx = sideways ? inward : 0;
  point.ny = level ? inward : 0;
  point.nz = level || sideways ? 0 : inward;
  point.u = sideways ? point.z - length / 2 : point.x - width / 2;
  point.v = level ? point.z - length / 2 : point.y - height / 2;
  point.halfU = sideways ? length / 2 : width / 2;
  point.halfV = level ? length / 2 : height / 2;
};

/** The axis of the unit shape that its normal is nearest to. */
const mainAxis = (x: number, y: number, z: number): number => {
  const ax = x < 0 ? -x : x, ay = y < 0 ? -y : y, az = z < 0 ? -z : z;
  return ax > ay && ax > az ? 0 : ay >= az ? 1 : 2;
};

/** Completes a point on a solid's or the room's surface, of which x, y and z are given. */
export const completePoint = (
  tracer: Tracer,
  id: number,
  point: SurfacePoint,
): void => {
  if (id >= tracer.count) return onRoom(tracer, id - tracer.count, point);
  const { centres, matrices } = tracer;
  const px = point.x - centres[3 * id]!;
  const py = point.y - centres[3 * id + 1]!;
  const pz = point.z - centres[3 * id + 2]!;
  const m = 9 * id;
  const m0 = matrices[m]!, m1 = matrices[m + 1]!;
  const m2 = matrices[m + 2]!, m3 = matrices[m + 3]!;
  const m4 = matrices[m + 4]!, m5 = matrices[m + 5]!;
  const m6 = matrices[m + 6]!, m7 = matrices[m + 7]!;
  const m8 = matrices[m + 8]!;
  const qx = m0 * px + m1 * py + m2 * pz;
  const qy = m3 * px + m4 * py + m5 * pz;
  const qz = m6 * px + m7 * py + m8 * pz;
  const shape = tracer.shapes[id]!;
  const axis = mainAxis(qx, qy, qz);
  let gx = qx, gy = qy, gz = qz;
  if (shape === 0 || (shape === 1 && (qy > 0.999999 || qy < -0.999999))) {
    const face = shape === 0 ? axis : 1;
    gx = face === 0 ? qx : 0;
    gy = face === 1 ? qy : 0;
    gz = face === 2 ? qz : 0;
  } else if (shape === 1) {
    const slope = (tracer.tapers[id]! - 1) / 2;
    gy = -slope * (1 + slope + slope * qy);
  }
  const nx = m0 * gx + m3 * gy + m6 * gz;
  const ny = m1 * gx + m4 * gy + m7 * gz;
  const nz = m2 * gx + m5 * gy + m8 * gz;
  const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
  point.nx = nx * unit;
  point.ny = ny * unit;
  point.nz = nz * unit;
  point.halfU = tracer.halves[3 * id + (axis === 0 ? 2 : 0)]!;
  point.halfV = tracer.halves[3 * id + (axis === 1 ? 2 : 1)]!;
  point.u = (axis === 0 ? qz : qx) * point.halfU;
  point.v = (axis === 1 ? qz : qy) * point.halfV;
};
