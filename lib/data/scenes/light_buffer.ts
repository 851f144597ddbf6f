import { type Bounds, boundsOf } from "./bounds.ts";
import { cornersOf } from "./corners.ts";
import type { Solid } from "./description.ts";
import { solidEntry } from "./entry.ts";
import type { Tracer } from "./tracer.ts";
import type { Rotation, Vector } from "./vector.ts";

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

/** For each face of the cube: across, up, out. */
const faces: readonly Rotation[] = [
  [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
  [[0, 1, 0], [0, 0, 1], [-1, 0, 0]],
  [[1, 0, 0], [0, 0, 1], [0, 1, 0]],
  [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[1, 0, 0], [0, 1, 0], [0, 0, -1]],
];

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

/** The light buffer of a point for the solids that cast shadows. */
export const lightBufferOf = (
  solids: readonly Solid[],
  position: Vector,
): LightBuffer => {
  const touched = solids.flatMap((solid, id) =>
    solid.material.glow > 0 ? [] : faces.flatMap((axes, face) => {
      const corners = cornersOf(solid, position, axes);
      const bounds = boundsOf(corners, 1, 1, cells, cells);
      return bounds === null ? [] : [{ id, face, bounds }];
    })
  );
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
