import { intrinsicsOf } from "./camera.ts";
import { roomExit, type Visible } from "./cast.ts";
import type { Camera } from "./description.ts";
import { solidEntry } from "./entry.ts";
import type { Tracer } from "./tracer.ts";

/** Where an edge pixel is probed: a rotated grid, in pixels from the centre. */
const probes = [
  [-0.375, -0.125],
  [0.125, -0.375],
  [-0.125, 0.375],
  [0.375, 0.125],
] as const;

/** The pixels of the 3 × 3 around one that show different surfaces, one for each surface, itself first. */
const distinct = (
  { surface, height, width }: Visible,
  at: number,
): readonly number[] => {
  const column = at % width;
  const row = (at - column) / width;
  const found = [at];
  for (let y = Math.max(row - 1, 0); y <= row + 1 && y < height; y++) {
    for (let x = Math.max(column - 1, 0); x <= column + 1 && x < width; x++) {
      const id = surface[y * width + x];
      if (!found.some((other) => surface[other] === id)) {
        found.push(y * width + x);
      }
    }
  }
  return found;
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
  const { position, right, down, forward } = camera;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const smooth = linear.slice();
  const exit = new Float64Array(2);

  /** The one of the pixels whose surface a ray through (x, y) of the picture meets first. */
  const probe = (pixels: readonly number[], x: number, y: number): number => {
    const dx = forward[0] + x * right[0] + y * down[0];
    const dy = forward[1] + x * right[1] + y * down[1];
    const dz = forward[2] + x * right[2] + y * down[2];
    roomExit(tracer.roomSize, position, dx, dy, dz, exit);
    let nearest = exit[0] ?? 0;
    const wall = tracer.count + (exit[1] ?? 0);
    let hit = pixels.find((pixel) => surface[pixel] === wall) ?? pixels[0] ?? 0;
    for (const pixel of pixels) {
      const id = surface[pixel] ?? 0;
      if (id >= tracer.count) continue;
      const t = solidEntry(tracer, id, ...position, dx, dy, dz);
      if (t < nearest) {
        nearest = t;
        hit = pixel;
      }
    }
    return hit;
  };

  for (let at = 0; at < height * width; at++) {
    if (!onEdge(seen, at)) continue;
    const pixels = distinct(seen, at);
    const sum = [0, 0, 0];
    for (const [across, along] of probes) {
      const x = (at % width + 0.5 + across - cx) / fx;
      const y = (Math.floor(at / width) + 0.5 + along - cy) / fx;
      const from = 3 * probe(pixels, x, y);
      sum[0] = (sum[0] ?? 0) + (linear[from] ?? 0);
      sum[1] = (sum[1] ?? 0) + (linear[from + 1] ?? 0);
      sum[2] = (sum[2] ?? 0) + (linear[from + 2] ?? 0);
    }
    smooth[3 * at] = (sum[0] ?? 0) / 4;
    smooth[3 * at + 1] = (sum[1] ?? 0) / 4;
    smooth[3 * at + 2] = (sum[2] ?? 0) / 4;
  }
  return smooth;
};
