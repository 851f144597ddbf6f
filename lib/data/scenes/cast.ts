import { boundsOf } from "./bounds.ts";
import { intrinsicsOf } from "./camera.ts";
import { cornersOf } from "./corners.ts";
import type { Camera, SceneDescription, Solid } from "./description.ts";
import { unitEntry } from "./entry.ts";
import type { Tracer } from "./tracer.ts";
import type { Vector } from "./vector.ts";

/** What each pixel centre sees; row-major, height × width. */
export interface Visible {
  readonly height: number;
  readonly width: number;
  /** Metres along the optical axis (not along the ray). */
  readonly depth: Float64Array;
  /** The surface: a solid's index, or the number of solids plus a face of the room. */
  readonly surface: Uint16Array;
}

/**
 * Rays of a camera through every pixel: pixel (column, row) looks along
 * `forward + (x0 + column · step) · right + (y0 + row · step) · down`, so that t along the ray is the depth.
 */
interface Raster {
  readonly camera: Camera;
  readonly x0: number;
  readonly y0: number;
  readonly step: number;
}

const rasterOf = (camera: Camera, height: number, width: number): Raster => {
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  return { camera, x0: (0.5 - cx) / fx, y0: (0.5 - cy) / fx, step: 1 / fx };
};

/** The t at which a ray from inside leaves an empty room, and through which face (`into[0]`, `into[1]`). */
export const roomExit = (
  size: Vector,
  from: Vector,
  dx: number,
  dy: number,
  dz: number,
  into: Float64Array,
): void => {
  const tx = (dx > 0 ? size[0] - from[0] : -from[0]) / dx;
  const ty = (dy > 0 ? size[1] - from[1] : -from[1]) / dy;
  const tz = (dz > 0 ? size[2] - from[2] : -from[2]) / dz;
  const x = dx === 0 ? Infinity : tx;
  const y = dy === 0 ? Infinity : ty;
  const z = dz === 0 ? Infinity : tz;
  into[0] = x < y ? (x < z ? x : z) : (y < z ? y : z);
  into[1] = into[0] === y ? (dy > 0 ? 1 : 0) : into[0] === x ? (dx > 0 ? 3 : 2) : (dz > 0 ? 5 : 4);
};

const castRoom = (raster: Raster, tracer: Tracer, seen: Visible): void => {
  const { camera: { position, right, down, forward }, x0, y0, step } = raster;
  const exit = new Float64Array(2);
  for (let row = 0; row < seen.height; row++) {
    const y = y0 + row * step;
    for (let column = 0; column < seen.width; column++) {
      const x = x0 + column * step;
      roomExit(
        tracer.roomSize,
        position,
        forward[0] + x * right[0] + y * down[0],
        forward[1] + x * right[1] + y * down[1],
        forward[2] + x * right[2] + y * down[2],
        exit,
      );
      const at = row * seen.width + column;
      seen.depth[at] = exit[0] ?? 0;
      seen.surface[at] = tracer.count + (exit[1] ?? 0);
    }
  }
};

const toUnit = (tracer: Tracer, id: number, v: Vector): Vector => {
  const row = (at: number): number =>
    (tracer.matrices[at] ?? 0) * v[0] + (tracer.matrices[at + 1] ?? 0) * v[1] +
    (tracer.matrices[at + 2] ?? 0) * v[2];
  return [row(9 * id), row(9 * id + 3), row(9 * id + 6)];
};

const castSolid = (
  raster: Raster,
  tracer: Tracer,
  solid: Solid,
  id: number,
  seen: Visible,
): void => {
  const { camera, x0, y0, step } = raster;
  const bounds = boundsOf(
    cornersOf(solid, camera.position, [
      camera.right,
      camera.down,
      camera.forward,
    ]),
    -x0 + step / 2,
    -y0 + step / 2,
    seen.height,
    seen.width,
  );
  if (bounds === null) return;
  const [ox, oy, oz] = toUnit(tracer, id, [
    camera.position[0] - solid.centre[0],
    camera.position[1] - solid.centre[1],
    camera.position[2] - solid.centre[2],
  ]);
  const a = toUnit(tracer, id, camera.right);
  const b = toUnit(tracer, id, camera.down);
  const c = toUnit(tracer, id, camera.forward);
  const shape = tracer.shapes[id] ?? 0;
  for (let row = bounds.row[0]; row < bounds.row[1]; row++) {
    const y = y0 + row * step;
    const rx = c[0] + y * b[0], ry = c[1] + y * b[1], rz = c[2] + y * b[2];
    for (let column = bounds.column[0]; column < bounds.column[1]; column++) {
      const x = x0 + column * step;
      const dx = rx + x * a[0], dy = ry + x * a[1], dz = rz + x * a[2];
      const t = unitEntry(shape, solid.taper, ox, oy, oz, dx, dy, dz);
      const at = row * seen.width + column;
      if (t < (seen.depth[at] ?? 0)) {
        seen.depth[at] = t;
        seen.surface[at] = id;
      }
    }
  }
};

/**
 * Exact depth and surface at each pixel centre of a picture of height × width. Solid after solid is cast into the part
 * of the picture that it can touch, and the nearest wins.
 */
export const castScene = (
  description: SceneDescription,
  tracer: Tracer,
  height: number,
  width: number,
): Visible => {
  const seen: Visible = {
    height,
    width,
    depth: new Float64Array(height * width),
    surface: new Uint16Array(height * width),
  };
  const raster = rasterOf(description.camera, height, width);
  castRoom(raster, tracer, seen);
  description.solids.forEach((solid, id) => castSolid(raster, tracer, solid, id, seen));
  return seen;
};
