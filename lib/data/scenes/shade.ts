import { roomExit } from "./cast.ts";
import type { Colour, Light, Material, SceneDescription } from "./description.ts";
import { solidEntry } from "./entry.ts";
import { inShadow, type LightBuffer, lightBufferOf, shadowCorners } from "./light_buffer.ts";
import { surfaceAt, type SurfacePoint } from "./surface.ts";
import { colourAt } from "./texture.ts";
import type { Tracer } from "./tracer.ts";
import type { Vector } from "./vector.ts";

interface ShadedLight {
  readonly light: Light;
  /** Points of the light, to look for what stands before them: one, or four with opposite ones next to each other. */
  readonly buffers: readonly LightBuffer[];
}

/** What shading needs to know of a scene. */
export interface Shader {
  readonly description: SceneDescription;
  readonly tracer: Tracer;
  readonly lights: readonly ShadedLight[];
}

const offsets = [[-1, -0.5], [1, 0.5], [-0.5, 1], [0.5, -1]] as const;

const pointsOf = ({ centre, spread }: Light): readonly Vector[] =>
  spread.every((side) => side === 0) ? [centre] : offsets.map(([a, b]): Vector => [
    centre[0] + a * spread[0],
    centre[1] + b * spread[1],
    centre[2] + (spread[1] === 0 ? b : a) * spread[2],
  ]);

/** Prepares a scene for shading. */
export const shaderOf = (
  description: SceneDescription,
  tracer: Tracer,
): Shader => {
  const corners = shadowCorners(description.solids);
  return {
    description,
    tracer,
    lights: description.lights.map((light) => ({
      light,
      buffers: pointsOf(light).map((point) => lightBufferOf(corners, point)),
    })),
  };
};

/** Corners where wall meets wall, floor or ceiling get less of the light from everywhere. */
const openness = (
  [width, height, length]: Vector,
  { x, y, z }: SurfacePoint,
): number => {
  const dark = (distance: number): number => 0.04 / (0.04 + distance * distance);
  return 1 - 0.22 * (dark(x) + dark(width - x) + dark(y) + dark(height - y) +
        dark(z) + dark(length - z) - 1);
};

/** Blinn and Phong's highlight with exponent 32, for a ray (dx, dy, dz) and the way to the light (lx, ly, lz). */
const highlight = (
  point: SurfacePoint,
  [dx, dy, dz]: Vector,
  lx: number,
  ly: number,
  lz: number,
): number => {
  const hx = lx - dx, hy = ly - dy, hz = lz - dz;
  const along = point.nx * hx + point.ny * hy + point.nz * hz;
  const square = along * along / (hx * hx + hy * hy + hz * hz);
  const fourth = square * square;
  const eighth = fourth * fourth;
  return eighth * eighth * eighth * eighth;
};

/** The share of a light that a point sees. Two opposite ends that agree speak for the whole light. */
const litShare = (
  tracer: Tracer,
  buffers: readonly LightBuffer[],
  id: number,
  { x, y, z }: SurfacePoint,
): number => {
  const lit = (at: number): number => {
    const buffer = buffers[at];
    return buffer === undefined || inShadow(tracer, buffer, id, x, y, z) ? 0 : 1;
  };
  const first = lit(0);
  if (buffers.length === 1) return first;
  const second = lit(1);
  return first === second ? first : (1 + lit(2) + lit(3)) / 4;
};

/** Adds the light that a surface sends back along a unit ray to `into` (3 numbers). */
const addLight = (
  { tracer, lights }: Shader,
  material: Material,
  point: SurfacePoint,
  id: number,
  albedo: Colour,
  ray: Vector,
  into: Float64Array,
): void => {
  for (let at = 0; at < lights.length; at++) {
    const one = lights[at];
    if (one === undefined) continue;
    const { light: { centre, colour }, buffers } = one;
    const x = centre[0] - point.x, y = centre[1] - point.y;
    const z = centre[2] - point.z;
    const facing = x * point.nx + y * point.ny + z * point.nz;
    if (facing <= 0) continue;
    const share = litShare(tracer, buffers, id, point);
    if (share === 0) continue;
    const square = x * x + y * y + z * z;
    const unit = 1 / Math.sqrt(square);
    const fall = share / (1 + square / 9);
    const diffuse = fall * facing * unit;
    const shine = material.gloss === 0 ? 0 : fall * material.gloss *
      highlight(point, ray, x * unit, y * unit, z * unit);
    into[0] = (into[0] ?? 0) + colour[0] * (diffuse * albedo[0] + shine);
    into[1] = (into[1] ?? 0) + colour[1] * (diffuse * albedo[1] + shine);
    into[2] = (into[2] ?? 0) + colour[2] * (diffuse * albedo[2] + shine);
  }
};

/** The surface that a ray from inside the room meets first: t, then its number. */
const nearest = (
  tracer: Tracer,
  from: Vector,
  [dx, dy, dz]: Vector,
): readonly [t: number, id: number] => {
  const exit = new Float64Array(2);
  roomExit(tracer.roomSize, from, dx, dy, dz, exit);
  let best = exit[0] ?? 0;
  let hit = tracer.count + (exit[1] ?? 0);
  for (let id = 0; id < tracer.count; id++) {
    const t = solidEntry(tracer, id, ...from, dx, dy, dz);
    if (t > 1e-6 && t < best) {
      best = t;
      hit = id;
    }
  }
  return [best, hit];
};

const reflected = (
  shader: Shader,
  point: SurfacePoint,
  [dx, dy, dz]: Vector,
  footprint: number,
  into: Float64Array,
): void => {
  const along = 2 * (dx * point.nx + dy * point.ny + dz * point.nz);
  const ray: Vector = [
    dx - along * point.nx,
    dy - along * point.ny,
    dz - along * point.nz,
  ];
  const from: Vector = [
    point.x + 1e-4 * point.nx,
    point.y + 1e-4 * point.ny,
    point.z + 1e-4 * point.nz,
  ];
  const [t, id] = nearest(shader.tracer, from, ray);
  shadeAt(shader, from, ray, t, id, footprint, true, into);
};

/**
 * Writes the linear colour that comes back along a unit ray from surface `id`, `distance` metres away, to `into`.
 *
 * @param pixel the size of a pixel at 1 m, metres
 * @param inMirror whether the ray has been reflected before
 */
export const shadeAt = (
  shader: Shader,
  from: Vector,
  ray: Vector,
  distance: number,
  id: number,
  pixel: number,
  inMirror: boolean,
  into: Float64Array,
): void => {
  const { tracer, description } = shader;
  const material = tracer.materials[id];
  if (material === undefined) return;
  const point = surfaceAt(
    tracer,
    id,
    from[0] + distance * ray[0],
    from[1] + distance * ray[1],
    from[2] + distance * ray[2],
  );
  const facing = Math.abs(
    ray[0] * point.nx + ray[1] * point.ny + ray[2] * point.nz,
  );
  const footprint = distance * pixel / (facing + 0.1);
  if (material.mirror > 0 && !inMirror) {
    reflected(shader, point, ray, pixel, into);
    for (let channel = 0; channel < 3; channel++) {
      into[channel] = (into[channel] ?? 0) * material.mirror;
    }
    return;
  }
  const albedo = colourAt(material, point, footprint);
  const open = openness(tracer.roomSize, point) *
    (0.8 + 0.14 * point.ny + 0.06 * point.nx);
  for (let channel = 0; channel < 3; channel++) {
    into[channel] = (albedo[channel] ?? 0) *
      ((description.ambient[channel] ?? 0) * open + material.glow);
  }
  addLight(shader, material, point, id, albedo, ray, into);
};
