import { type Bounds, boundsOf, type Corners } from "./bounds.ts";
import { cornersOf } from "./corners.ts";
import type { Solid } from "./description.ts";
import { solidEntry } from "./entry.ts";
import type { Tracer } from "./tracer.ts";
import { upright, type Vector } from "./vector.ts";

/**
 * A cube of `cells` × `cells` windows on each side around a point of light; each window lists the solids that a ray
 * through it can meet (Haines and Greenberg, "The light buffer: a shadow-testing accelerator", 1986).
 */
export interface LightBuffer {
  readonly position: Vector;
  /** Where the list of a window starts in `solids`; one more entry than windows. */
  readonly starts: Uint32Array;
  readonly solids: Uint16Array;
}

const cells = 16;

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
  face: number,
  into: Corners,
): void => {
  const [across, up, out, sign] = faces[face] ?? faces[0];
  for (let at = 0; at < 24; at += 3) {
    into[at] = (corners[at + across] ?? 0) - position[across];
    into[at + 1] = (corners[at + up] ?? 0) - position[up];
    into[at + 2] = sign * ((corners[at + out] ?? 0) - position[out]);
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
    for (let face = 0; face < 6; face++) {
      throughFace(own, position, face, seen);
      const bounds = boundsOf(seen, 1, 1, cells, cells);
      if (bounds !== null) touched.push({ id, face, bounds });
    }
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
  corners: readonly (Corners | null)[],
  position: Vector,
): LightBuffer => {
  const touched = touchedBy(corners, position);
  const starts = new Uint32Array(6 * cells * cells + 1);
  for (const { face, bounds } of touched) {
    eachWindow(bounds, face, (window) => {
      starts[window + 1] = (starts[window + 1] ?? 0) + 1;
    });
  }
  for (let window = 1; window < starts.length; window++) {
    starts[window] = (starts[window] ?? 0) + (starts[window - 1] ?? 0);
  }
  const next = starts.slice();
  const lists = new Uint16Array(starts[starts.length - 1] ?? 0);
  for (const { id, face, bounds } of touched) {
    eachWindow(bounds, face, (window) => {
      const at = next[window] ?? 0;
      lists[at] = id;
      next[window] = at + 1;
    });
  }
  return { position, starts, solids: lists };
};

const cellOf = (ratio: number): number => {
  const cell = Math.floor((ratio + 1) * (cells / 2));
  return cell < 0 ? 0 : cell >= cells ? cells - 1 : cell;
};

/** The window through which the light sees a point in direction (x, y, z). */
const windowOf = (x: number, y: number, z: number): number => {
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

/** Whether a solid other than `own` stands between a point (x, y, z) and the light. */
export const inShadow = (
  tracer: Tracer,
  buffer: LightBuffer,
  own: number,
  x: number,
  y: number,
  z: number,
): boolean => {
  const dx = buffer.position[0] - x;
  const dy = buffer.position[1] - y;
  const dz = buffer.position[2] - z;
  const window = windowOf(-dx, -dy, -dz);
  const end = buffer.starts[window + 1] ?? 0;
  for (let at = buffer.starts[window] ?? 0; at < end; at++) {
    const id = buffer.solids[at] ?? 0;
    if (id !== own && solidEntry(tracer, id, x, y, z, dx, dy, dz) < 1) {
      return true;
    }
  }
  return false;
};
