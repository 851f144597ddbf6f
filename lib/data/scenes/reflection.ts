import { noExit, roomExit } from "./cast.ts";
import { type Aim, solidEntry, unitOrigins, unitRay } from "./entry.ts";
import type { SurfacePoint } from "./surface.ts";
import type { Tracer } from "./tracer.ts";
import type { Vector } from "./vector.ts";

/** The direction of a ray after a mirror. */
export const aimAtMirrored = (
  ray: Aim,
  { nx, ny, nz }: SurfacePoint,
): Aim => {
  const twice = 2 * (ray.x * nx + ray.y * ny + ray.z * nz);
  return {
    x: ray.x - twice * nx,
    y: ray.y - twice * ny,
    z: ray.z - twice * nz,
  };
};

/** The surface other than `own` that a ray from inside the room meets first, and how far along. */
export const nearestAlong = (
  tracer: Tracer,
  from: Vector,
  aim: Aim,
  own: number,
): { readonly t: number; readonly id: number } => {
  const exit = noExit();
  roomExit(tracer.roomSize, from, aim, exit);
  const origins = unitOrigins(tracer, from);
  const ray = unitRay();
  let nearest = exit.t;
  let hit = tracer.count + exit.face;
  for (let id = 0; id < tracer.count; id++) {
    if (id === own) continue;
    const t = solidEntry(tracer, origins, id, aim, ray);
    if (t < nearest) {
      nearest = t;
      hit = id;
    }
  }
  return { t: nearest, id: hit };
};
