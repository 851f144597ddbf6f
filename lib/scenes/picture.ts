import type { RgbImage } from "../formats/raster.ts";
import { intrinsicsOf } from "./camera.ts";
import { aimThrough, noExit, roomExit, type Visible } from "./cast.ts";
import type { Camera } from "./description.ts";
import { shadeAt, type SurfaceShader } from "./shade.ts";
import { aimless, solidEntry, type Tracer, unitOrigins, unitRay } from "./tracer.ts";

/** The linear colour at every pixel centre: height × width × 3, row-major. */
const shadeCentres = (shader: SurfaceShader, seen: Visible): Float32Array => {
  const { height, width, depth, surface } = seen;
  const { camera } = shader.description;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const linear = new Float32Array(height * width * 3);
  const colour = new Float64Array(3);
  const aim = aimless();
  for (let at = 0; at < height * width; at++) {
    const column = at % width;
    const x = (column + 0.5 - cx) / fx;
    const y = ((at - column) / width + 0.5 - cy) / fx;
    aimThrough(camera, x, y, aim);
    const length = Math.sqrt(1 + x * x + y * y);
    aim.x /= length;
    aim.y /= length;
    aim.z /= length;
    const distance = depth[at]! * length;
    const id = surface[at]!;
    shadeAt(shader, camera.position, aim, distance, id, 1 / fx, 0, colour);
    linear[3 * at] = colour[0]!;
    linear[3 * at + 1] = colour[1]!;
    linear[3 * at + 2] = colour[2]!;
  }
  return linear;
};

/** The colour picture of what the camera sees, with smooth edges between surfaces. */
export const pictureOf = (shader: SurfaceShader, seen: Visible): RgbImage => {
  const { description: { camera, exposure }, tracer } = shader;
  const linear = smoothEdges(camera, tracer, seen, shadeCentres(shader, seen));
  const { height, width } = seen;
  return { height, width, pixels: develop(linear, exposure) };
};

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
const smoothEdges = (
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

/** Linear up to a half, then ever flatter towards 1, so that bright lamps keep their colour. */
const shoulder = (value: number): number => value < 0.5 ? value : 1 - 0.25 / value;

/**
 * Linear light to 8-bit values as a camera with automatic exposure would: scaled so that the mean of the square roots
 * is `exposure`, compressed, and encoded with gamma 2 (a square root, the same on every platform).
 */
const develop = (
  linear: Float32Array,
  exposure: number,
): Uint8Array => {
  let sum = 0;
  for (let at = 0; at < linear.length; at++) sum += Math.sqrt(linear[at]!);
  const mean = sum / linear.length;
  const ratio = mean === 0 ? 0 : exposure / mean;
  const gain = ratio * ratio;
  const pixels = new Uint8Array(linear.length);
  for (let at = 0; at < linear.length; at++) {
    const value = Math.sqrt(shoulder(linear[at]! * gain));
    pixels[at] = Math.floor(value * 255 + 0.5);
  }
  return pixels;
};
