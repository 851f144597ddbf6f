import type { RgbImage } from "../../formats/raster.ts";
import { intrinsicsOf } from "./camera.ts";
import { roomExit, type Visible } from "./cast.ts";
import { solidEntry } from "./entry.ts";
import { shadeAt, type Shader } from "./shade.ts";
import { develop } from "./develop.ts";
import type { Camera } from "./description.ts";
import type { Vector } from "./vector.ts";

/** Where in a pixel the edges are sampled again: a rotated grid, in pixels from the centre. */
const offsets = [[-0.375, -0.125], [0.125, -0.375], [-0.125, 0.375], [
  0.375,
  0.125,
]] as const;

/** A ray of the camera with depth 1. */
const rayOf = (
  { right, down, forward }: Camera,
  x: number,
  y: number,
): Vector => [
  forward[0] + x * right[0] + y * down[0],
  forward[1] + x * right[1] + y * down[1],
  forward[2] + x * right[2] + y * down[2],
];

/** The surfaces in the 3 × 3 pixels around one, each once. */
const neighbours = (
  { surface, height, width }: Visible,
  row: number,
  column: number,
): readonly number[] => {
  const found: number[] = [];
  for (let y = Math.max(row - 1, 0); y <= row + 1 && y < height; y++) {
    for (let x = Math.max(column - 1, 0); x <= column + 1 && x < width; x++) {
      const id = surface[y * width + x] ?? 0;
      if (!found.includes(id)) found.push(id);
    }
  }
  return found;
};

/** Shades one ray of depth 1 that meets surface `id` at a depth. */
const shadeRay = (
  shader: Shader,
  ray: Vector,
  depth: number,
  id: number,
  pixel: number,
  sample: number,
  into: Float64Array,
): void => {
  const length = Math.sqrt(ray[0] ** 2 + ray[1] ** 2 + ray[2] ** 2);
  const unit: Vector = [ray[0] / length, ray[1] / length, ray[2] / length];
  const from = shader.description.camera.position;
  shadeAt(shader, from, unit, depth * length, id, pixel, sample, false, into);
};

/** Averages four samples of a pixel that shows more than one of the surfaces `ids`. */
const shadeEdge = (
  shader: Shader,
  ids: readonly number[],
  x: number,
  y: number,
  pixel: number,
  into: Float64Array,
): void => {
  const { tracer, description: { camera } } = shader;
  const sum = new Float64Array(3);
  const exit = new Float64Array(2);
  offsets.forEach(([across, along], sample) => {
    const ray = rayOf(camera, x + across * pixel, y + along * pixel);
    roomExit(tracer.roomSize, camera.position, ...ray, exit);
    let depth = exit[0] ?? 0;
    let hit = tracer.count + (exit[1] ?? 0);
    for (const id of ids) {
      if (id >= tracer.count) continue;
      const t = solidEntry(tracer, id, ...camera.position, ...ray);
      if (t < depth) {
        depth = t;
        hit = id;
      }
    }
    shadeRay(shader, ray, depth, hit, pixel, sample, into);
    for (let at = 0; at < 3; at++) sum[at] = (sum[at] ?? 0) + (into[at] ?? 0);
  });
  for (let at = 0; at < 3; at++) into[at] = (sum[at] ?? 0) / offsets.length;
};

/** The colour picture of what the camera sees; pixels on edges are sampled four times, the others at their centre. */
export const pictureOf = (shader: Shader, seen: Visible): RgbImage => {
  const { height, width, depth, surface } = seen;
  const { camera, exposure } = shader.description;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const linear = new Float32Array(height * width * 3);
  const colour = new Float64Array(3);
  for (let row = 0; row < height; row++) {
    const y = (row + 0.5 - cy) / fx;
    for (let column = 0; column < width; column++) {
      const x = (column + 0.5 - cx) / fx;
      const at = row * width + column;
      const ids = neighbours(seen, row, column);
      if (ids.length > 1) shadeEdge(shader, ids, x, y, 1 / fx, colour);
      else {
        const ray = rayOf(camera, x, y);
        const metres = depth[at] ?? 0;
        shadeRay(shader, ray, metres, surface[at] ?? 0, 1 / fx, -1, colour);
      }
      linear.set(colour, 3 * at);
    }
  }
  return { height, width, pixels: develop(linear, exposure) };
};
