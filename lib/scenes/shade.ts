import { noExit, roomExit } from "./cast.ts";
import type { Colour, Material, SceneDescription } from "./description.ts";
import { litShareInRow, type ShadedLight, shadedLightOf, shadowCorners } from "./shadows.ts";
import { completePoint, nowhere, type SurfacePoint } from "./surface.ts";
import { colourAt } from "./textures.ts";
import { type Aim, materialOf, solidEntry, type Tracer, unitOrigins, unitRay } from "./tracer.ts";
import type { Vector } from "./vector.ts";

/** The direction of a ray after a mirror. */
const aimAtMirrored = (
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
const nearestAlong = (
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

/** What shading needs to know of a scene. */
export interface SurfaceShader {
  /** The scene. */
  readonly description: SceneDescription;
  /** Its solids as flat arrays. */
  readonly tracer: Tracer;
  /** Its lights. */
  readonly lights: readonly ShadedLight[];
  /** The surface point of the ray in hand; [1] is for what a mirror shows. */
  readonly points: readonly [SurfacePoint, SurfacePoint];
}

/** Prepares a scene for shading. */
export const shaderOf = (
  description: SceneDescription,
  tracer: Tracer,
): SurfaceShader => {
  const corners = shadowCorners(description.solids);
  const lights = description.lights.map((light) => shadedLightOf(tracer, corners, light));
  return { description, tracer, lights, points: [nowhere(), nowhere()] };
};

const dark = (distance: number): number => 0.04 / (0.04 + distance * distance);

/** Corners where wall meets wall, floor or ceiling get less of the light from everywhere. */
const openness = (
  [width, height, length]: Vector,
  { x, y, z }: SurfacePoint,
): number =>
  1 - 0.22 * (dark(x) + dark(width - x) + dark(y) + dark(height - y) +
      dark(z) + dark(length - z) - 1);

/** Blinn and Phong's highlight with exponent 32, for a unit ray and the unit way (lx, ly, lz) to the light. */
const highlight = (
  point: SurfacePoint,
  ray: Aim,
  lx: number,
  ly: number,
  lz: number,
): number => {
  const hx = lx - ray.x, hy = ly - ray.y, hz = lz - ray.z;
  const along = point.nx * hx + point.ny * hy + point.nz * hz;
  const square = along * along / (hx * hx + hy * hy + hz * hz);
  const fourth = square * square;
  const eighth = fourth * fourth;
  return eighth * eighth * eighth * eighth;
};

/** Adds the light that a surface sends back along a unit ray to `into` (3 numbers). */
const addLight = (
  tracer: Tracer,
  shaded: ShadedLight,
  material: Material,
  point: SurfacePoint,
  id: number,
  albedo: Colour,
  ray: Aim,
  into: Float64Array,
): void => {
  const { centre, colour } = shaded.light;
  const x = centre[0] - point.x;
  const y = centre[1] - point.y;
  const z = centre[2] - point.z;
  const facing = x * point.nx + y * point.ny + z * point.nz;
  if (facing <= 0) return;
  const share = litShareInRow(tracer, shaded, id, point);
  if (share === 0) return;
  const square = x * x + y * y + z * z;
  const unit = 1 / Math.sqrt(square);
  const fall = share / (1 + square / 9);
  const diffuse = fall * facing * unit;
  const shine = material.gloss === 0 ? 0 : fall * material.gloss *
    highlight(point, ray, x * unit, y * unit, z * unit);
  into[0] = into[0]! + colour[0] * (diffuse * albedo[0] + shine);
  into[1] = into[1]! + colour[1] * (diffuse * albedo[1] + shine);
  into[2] = into[2]! + colour[2] * (diffuse * albedo[2] + shine);
};

/** Writes what comes back from a point: its own glow, and its share of the ambient light and of each light. */
const shadePoint = (
  { tracer, description: { ambient }, lights }: SurfaceShader,
  material: Material,
  point: SurfacePoint,
  id: number,
  ray: Aim,
  footprint: number,
  into: Float64Array,
): void => {
  const albedo = colourAt(material, point, footprint);
  const open = openness(tracer.roomSize, point) *
    (0.8 + 0.14 * point.ny + 0.06 * point.nx);
  into[0] = albedo[0] * (ambient[0] * open + material.glow);
  into[1] = albedo[1] * (ambient[1] * open + material.glow);
  into[2] = albedo[2] * (ambient[2] * open + material.glow);
  for (const light of lights) addLight(tracer, light, material, point, id, albedo, ray, into);
};

/**
 * Writes the linear colour (3 numbers) that comes back along a ray from surface `id`, `distance` metres away.
 *
 * @param from where the ray starts
 * @param ray its unit direction
 * @param pixel the size of a pixel at 1 m, metres
 * @param bounces how many mirrors the ray has met; it follows only one
 */
export const shadeAt = (
  shader: SurfaceShader,
  from: Vector,
  ray: Aim,
  distance: number,
  id: number,
  pixel: number,
  bounces: 0 | 1,
  into: Float64Array,
): void => {
  const { tracer } = shader;
  const material = materialOf(tracer, id);
  const point = shader.points[bounces];
  point.x = from[0] + distance * ray.x;
  point.y = from[1] + distance * ray.y;
  point.z = from[2] + distance * ray.z;
  completePoint(tracer, id, point);
  if (material.mirror > 0 && bounces === 0) {
    const aim = aimAtMirrored(ray, point);
    const next: Vector = [point.x, point.y, point.z];
    const hit = nearestAlong(tracer, next, aim, id);
    shadeAt(shader, next, aim, hit.t, hit.id, pixel, 1, into);
    for (let at = 0; at < 3; at++) {
      into[at] = into[at]! * material.mirror;
    }
    return;
  }
  const facing = Math.abs(
    ray.x * point.nx + ray.y * point.ny + ray.z * point.nz,
  );
  const footprint = distance * pixel / (facing + 0.1);
  shadePoint(shader, material, point, id, ray, footprint, into);
};
