import type { Corners } from "./bounds.ts";
import type { Light } from "./description.ts";
import { inShadow, type LightBuffer, lightBufferOf } from "./light_buffer.ts";
import type { SurfacePoint } from "./surface.ts";
import type { Tracer } from "./tracer.ts";
import type { Vector } from "./vector.ts";

/** A light with what tells its shadows. */
export interface ShadedLight {
  /** The light. */
  readonly light: Light;
  /** Points of it, to look for what stands before them: none for light without shadows, one, or two opposite pairs. */
  readonly buffers: readonly LightBuffer[];
  /** What was found for the point before, which mostly holds for its neighbour; filled anew for every point. */
  readonly last: { surface: number; share: number; odd: boolean };
}

const offsets = [[-1, -0.5], [1, 0.5], [-0.5, 1], [0.5, -1]] as const;

const pointsOf = ({ centre, spread, shadows }: Light): readonly Vector[] => {
  if (!shadows) return [];
  if (spread.every((side) => side === 0)) return [centre];
  return offsets.map(([a, b]): Vector => [
    centre[0] + a * spread[0],
    centre[1] + b * spread[1],
    centre[2] + (spread[1] === 0 ? b : a) * spread[2],
  ]);
};

/** Prepares a light, from the corners of what casts shadows. */
export const shadedLightOf = (
  tracer: Tracer,
  corners: readonly (Corners | null)[],
  light: Light,
): ShadedLight => ({
  light,
  buffers: pointsOf(light).map((at) => lightBufferOf(tracer, corners, at)),
  last: { surface: -1, share: 0.5, odd: false },
});

/** The share of a light that a point sees. Two opposite ends that agree speak for the whole light. */
const litShare = (
  tracer: Tracer,
  [first, second, third, fourth]: readonly LightBuffer[],
  id: number,
  point: SurfacePoint,
): number => {
  if (first === undefined) return 1;
  const one = inShadow(tracer, first, id, point) ? 0 : 1;
  if (second === undefined || third === undefined) return one;
  const two = inShadow(tracer, second, id, point) ? 0 : 1;
  if (one === two || fourth === undefined) return one;
  const three = inShadow(tracer, third, id, point) ? 0 : 1;
  return (1 + three + (inShadow(tracer, fourth, id, point) ? 0 : 1)) / 4;
};

/**
 * The share of a light that a point sees, for one point after another along a row: while one end of the light, by turns the first and the second,
 * looks as it did for the whole light at the neighbour on the same surface, the others are not asked.
 */
export const litShareInRow = (
  tracer: Tracer,
  { buffers, last }: ShadedLight,
  id: number,
  point: SurfacePoint,
): number => {
  last.odd = !last.odd;
  const end = buffers[last.odd ? 1 : 0];
  if (end !== undefined && last.surface === id) {
    const lit = inShadow(tracer, end, id, point) ? 0 : 1;
    if (lit === last.share) return lit;
  }
  last.surface = id;
  last.share = litShare(tracer, buffers, id, point);
  return last.share;
};
