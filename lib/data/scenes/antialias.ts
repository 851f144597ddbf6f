import { intrinsicsOf } from "./camera.ts";
import { aimThrough, noExit, roomExit, type Visible } from "./cast.ts";
import type { Camera } from "./description.ts";
import { aimless, solidEntry, unitOrigins, unitRay } from "./entry.ts";
import type { Tracer } from "./tracer.ts";

/** Where an edge pixel is probed: a rotated grid, in pixels from the centre. */
const probes = [
  [-0.375, -0.125],
  [0.125, -0.375],
  [-0.125, 0.375],
  [0.375, 0.125],
] as const;

/** Lists pixels of the 3 × 3 around one, one for each surface that they show; returns how many. */
const distinct = (
  { surface, height, width }: Visible,
  at: number,
  into: Uint32Array,
): number => {
  const column = at % width;
  const row = (at - column) / width;
  let count = 0;
  for (let y = Math.max(row - 1, 0); y <= row + 1 && y < height; y++) {
    for (let x = Math.max(column - 1, 0); x <= column + 1 && x < width; x++) {
      const id = surface[y * width + x];
      let known = 0;
      while (known < count && surface[into[known]!] !== id) known++;
      if (known < count) continue;
      into[count] = y * width + x;
      count++;
    }
  }
  return count;
};

const onEdge = (
  { surface, height, width }: Visible,
  at: number,
): boolean => {
  const id = surface[at];
  const column = at % width;
  return (column > 0 && surface[at - 1] !== id) ||
    (column < width - 1 && surface[at + 1] !== id) ||
    (at >= width && surface[at - width] !== id) ||
    (at < width * (height - 1) && surface[at + width] !== id);
};

/**
 * Smooths the edges between surfaces: where neighbours differ, four points of the pixel are probed for which of the
 * surfaces nearby they show, and take the colour that it has in the neighbour ("multisampling": geometry is sampled more
 * finely than colour). `linear` holds height × width × 3 values; a new array comes back.
 */
export const smoothEdges = (
  camera: Camera,
  tracer: Tracer,
  seen: Visible,
  linear: Float32Array,
): Float32Array => {
  const { height, width, surface } = seen;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const smooth = linear.slice();
  const exit = noExit();
  const aim = aimless();
  const ray = unitRay();
  const pixels = new Uint32Array(9);
  const origins = unitOrigins(tracer, camera.position);

  /** The one of the first `count` pixels whose surface a ray through (x, y) of the picture meets first. */
  const probe = (at: number, count: number, x: number, y: number): number => {
    aimThrough(camera, x, y, aim);
    roomExit(tracer.roomSize, camera.position, aim, exit);
    let nearest = Infinity;
    let hit = at;
    for (let one = 0; one < count; one++) {
      const id = surface[pixels[one]!]!;
      const t = id < tracer.count
        ? solidEntry(tracer, origins, id, aim, ray)
        : id - tracer.count === exit.face
        ? exit.t
        : Infinity;
      if (t < nearest) {
        nearest = t;
        hit = pixels[one]!;
      }
    }
    return hit;
  };

  for (let at = 0; at < height * width; at++) {
    if (!onEdge(seen, at)) continue;
    const count = distinct(seen, at, pixels);
    const column = at % width;
    const x = (column + 0.5 - cx) / fx;
    const y = ((at - column) / width + 0.5 - cy) / fx;
    smooth.fill(0, 3 * at, 3 * at + 3);
    for (const [across, along] of probes) {
      const from = 3 * probe(at, count, x + across / fx, y + along / fx);
      for (let channel = 0; channel < 3; channel++) {
        smooth[3 * at + channel] = smooth[3 * at + channel]! + linear[from + channel]! / 4;
      }
    }
  }
  return smooth;
};
