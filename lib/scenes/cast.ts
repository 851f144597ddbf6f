import { intrinsicsOf } from "./camera.ts";
import type { Camera, SceneDescription, Solid } from "./description.ts";
import { boundsOf, cornersOf } from "./solids.ts";
import { type Aim, aimless, type Tracer, unitEntry, unitRay } from "./tracer.ts";
import type { Vector } from "./vector.ts";

/** What each pixel centre sees; row-major, height × width. */
export interface Visible {
  /** Rows. */
  readonly height: number;
  /** Columns. */
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

/** Where a ray leaves the room, filled anew for every ray. */
export interface Exit {
  /** How far along the ray, in lengths of its direction. */
  t: number;
  /** 0 floor, 1 ceiling, then the walls at x = 0, x = width, z = 0, z = length. */
  face: number;
}

/** An exit to fill. */
export const noExit = (): Exit => ({ t: 0.5, face: 0 });

/** Finds where a ray from inside leaves an empty room. */
export const roomExit = (
  size: Vector,
  from: Vector,
  { x, y, z }: Aim,
  exit: Exit,
): void => {
  const tx = x === 0 ? Infinity : ((x > 0 ? size[0] : 0) - from[0]) / x;
  const ty = y === 0 ? Infinity : ((y > 0 ? size[1] : 0) - from[1]) / y;
  const tz = z === 0 ? Infinity : ((z > 0 ? size[2] : 0) - from[2]) / z;
  if (ty <= tx && ty <= tz) {
    exit.t = ty;
    exit.face = y > 0 ? 1 : 0;
  } else if (tx <= tz) {
    exit.t = tx;
    exit.face = x > 0 ? 3 : 2;
  } else {
    exit.t = tz;
    exit.face = z > 0 ? 5 : 4;
  }
};

/** Aims along the ray of depth 1 through (x, y) of the picture, in pictures of focal length 1 from the middle. */
export const aimThrough = (
  { right, down, forward }: Camera,
  x: number,
  y: number,
  aim: Aim,
): void => {
  aim.x = forward[0] + x * right[0] + y * down[0];
  aim.y = forward[1] + x * right[1] + y * down[1];
  aim.z = forward[2] + x * right[2] + y * down[2];
};

const castRoom = (raster: Raster, tracer: Tracer, seen: Visible): void => {
  const { camera, x0, y0, step } = raster;
  const exit = noExit();
  const aim = aimless();
  for (let row = 0; row < seen.height; row++) {
    const y = y0 + row * step;
    for (let column = 0; column < seen.width; column++) {
      aimThrough(camera, x0 + column * step, y, aim);
      roomExit(tracer.roomSize, camera.position, aim, exit);
      const at = row * seen.width + column;
      seen.depth[at] = exit.t;
      seen.surface[at] = tracer.count + exit.face;
    }
  }
};

const toUnit = (tracer: Tracer, id: number, v: Vector): Vector => {
  const row = (at: number): number =>
    tracer.matrices[at]! * v[0] + tracer.matrices[at + 1]! * v[1] +
    tracer.matrices[at + 2]! * v[2];
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
  const ray = unitRay();
  [ray.ox, ray.oy, ray.oz] = toUnit(tracer, id, [
    camera.position[0] - solid.centre[0],
    camera.position[1] - solid.centre[1],
    camera.position[2] - solid.centre[2],
  ]);
  const a = toUnit(tracer, id, camera.right);
  const b = toUnit(tracer, id, camera.down);
  const c = toUnit(tracer, id, camera.forward);
  const shape = tracer.shapes[id]!;
  for (let row = bounds.row[0]; row < bounds.row[1]; row++) {
    const y = y0 + row * step;
    const rx = c[0] + y * b[0], ry = c[1] + y * b[1], rz = c[2] + y * b[2];
    for (let column = bounds.column[0]; column < bounds.column[1]; column++) {
      const x = x0 + column * step;
      ray.dx = rx + x * a[0];
      ray.dy = ry + x * a[1];
      ray.dz = rz + x * a[2];
      const t = unitEntry(shape, solid.taper, ray);
      const at = row * seen.width + column;
      if (t < seen.depth[at]!) {
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
