import type { Light, Solid } from "./description.ts";
import { type Bounds, boundsOf, type Corners, cornersOf } from "./solids.ts";
import type { SurfacePoint } from "./surface.ts";
import { type Aim, aimless, solidEntry, type Tracer, unitOrigins, type UnitRay, unitRay } from "./tracer.ts";
import { upright, type Vector } from "./vector.ts";

/**
 * A cube of `cells` × `cells` windows on each side around a point of light; each window lists the solids that a ray
 * through it can meet (Haines and Greenberg, "The light buffer: a shadow-testing accelerator", 1986).
 */
export interface LightBuffer {
  /** Where the light is, metres. */
  readonly position: Vector;
  /** The position in the coordinates of the solids' unit shapes. */
  readonly origins: Float64Array;
  /** Where the list of a window starts in `solids`; one more entry than windows. */
  readonly starts: Uint32Array;
  /** The lists of all windows, one after another: indices of solids. */
  readonly solids: Uint16Array;
  /** Filled anew for every ray. */
  readonly aim: Aim;
  /** Filled anew for every test. */
  readonly ray: UnitRay;
}

const cells = 24;

/** For each face of the cube, its axes: across, up, out; and whether it faces the positive or the negative side. */
const faces = [
  [1, 2, 0, 1],
  [1, 2, 0, -1],
  [0, 2, 1, 1],
  [0, 2, 1, -1],
  [0, 1, 2, 1],
  [0, 1, 2, -1],
] as const;

/** Corners in metres of the room, as the light sees them through a face of its cube. */
const throughFace = (
  corners: Corners,
  position: Vector,
  [across, up, out, sign]: typeof faces[number],
  into: Corners,
): void => {
  for (let at = 0; at < 24; at += 3) {
    into[at] = corners[at + across]! - position[across];
    into[at + 1] = corners[at + up]! - position[up];
    into[at + 2] = sign * (corners[at + out]! - position[out]);
  }
};

interface Touched {
  readonly id: number;
  readonly face: number;
  readonly bounds: Bounds;
}

/** Which solids a light can see through which parts of its cube. */
const touchedBy = (
  corners: readonly (Corners | null)[],
  position: Vector,
): readonly Touched[] => {
  const touched: Touched[] = [];
  const seen = new Float64Array(24);
  corners.forEach((own, id) => {
    if (own === null) return;
    faces.forEach((axes, face) => {
      throughFace(own, position, axes, seen);
      const bounds = boundsOf(seen, 1, 1, cells, cells);
      if (bounds !== null) touched.push({ id, face, bounds });
    });
  });
  return touched;
};

const eachWindow = (
  { row, column }: Bounds,
  face: number,
  visit: (window: number) => void,
): void => {
  for (let y = row[0]; y < row[1]; y++) {
    for (let x = column[0]; x < column[1]; x++) {
      visit((face * cells + y) * cells + x);
    }
  }
};

/** The corners of each solid in metres of the room; null for what casts no shadow. */
export const shadowCorners = (
  solids: readonly Solid[],
): readonly (Corners | null)[] =>
  solids.map((solid) => solid.material.glow > 0 ? null : cornersOf(solid, [0, 0, 0], upright));

/** The light buffer of a point for the solids with the given {@link shadowCorners}. */
export const lightBufferOf = (
  tracer: Tracer,
  corners: readonly (Corners | null)[],
  position: Vector,
): LightBuffer => {
  const touched = touchedBy(corners, position);
  const starts = new Uint32Array(6 * cells * cells + 1);
  for (const { face, bounds } of touched) {
    eachWindow(bounds, face, (window) => {
      starts[window + 1] = starts[window + 1]! + 1;
    });
  }
  for (let window = 1; window < starts.length; window++) {
    starts[window] = starts[window]! + starts[window - 1]!;
  }
  const next = starts.slice();
  const lists = new Uint16Array(starts[starts.length - 1]!);
  for (const { id, face, bounds } of touched) {
    eachWindow(bounds, face, (window) => {
      const at = next[window]!;
      lists[at] = id;
      next[window] = at + 1;
    });
  }
  return {
    position,
    origins: unitOrigins(tracer, position),
    starts,
    solids: lists,
    aim: aimless(),
    ray: unitRay(),
  };
};

const cellOf = (ratio: number): number => {
  const cell = Math.floor((ratio + 1) * (cells / 2));
  return cell < 0 ? 0 : cell >= cells ? cells - 1 : cell;
};

/** The window through which the light sees in a direction. */
const windowOf = ({ x, y, z }: Aim): number => {
  const ax = x < 0 ? -x : x, ay = y < 0 ? -y : y, az = z < 0 ? -z : z;
  if (ax >= ay && ax >= az) {
    const face = x > 0 ? 0 : 1;
    return (face * cells + cellOf(z / ax)) * cells + cellOf(y / ax);
  }
  if (ay >= az) {
    const face = y > 0 ? 2 : 3;
    return (face * cells + cellOf(z / ay)) * cells + cellOf(x / ay);
  }
  const face = z > 0 ? 4 : 5;
  return (face * cells + cellOf(y / az)) * cells + cellOf(x / az);
};

/** Whether a ray of a length passes the ball around a solid, or ends before it: then it cannot meet the solid. */
const misses = (
  { centres, radii }: Tracer,
  id: number,
  position: Vector,
  aim: Aim,
  length: number,
): boolean => {
  const x = centres[3 * id]! - position[0];
  const y = centres[3 * id + 1]! - position[1];
  const z = centres[3 * id + 2]! - position[2];
  const radius = radii[id]!;
  const along = (x * aim.x + y * aim.y + z * aim.z) / length;
  return along - radius > length ||
    x * x + y * y + z * z - along * along > radius * radius;
};

/** Whether a solid other than `own` stands between the light and a point. */
export const inShadow = (
  tracer: Tracer,
  { position, origins, starts, solids, aim, ray }: LightBuffer,
  own: number,
  point: Aim,
): boolean => {
  aim.x = point.x - position[0];
  aim.y = point.y - position[1];
  aim.z = point.z - position[2];
  const length = Math.sqrt(aim.x * aim.x + aim.y * aim.y + aim.z * aim.z);
  const window = windowOf(aim);
  const end = starts[window + 1]!;
  for (let at = starts[window]!; at < end; at++) {
    const id = solids[at]!;
    if (id === own || misses(tracer, id, position, aim, length)) continue;
    // What touches the point from behind does not hide it.
    if (solidEntry(tracer, origins, id, aim, ray) < 0.9999) return true;
  }
  return false;
};

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
