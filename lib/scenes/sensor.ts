import type { DepthImage } from "../formats/raster.ts";
import { foldIn, type Key, uniforms } from "../tensor/key.ts";
import { intrinsicsOf } from "./camera.ts";
import { aimThrough, type Visible } from "./cast.ts";
import { type Camera, smoothNoise } from "./description.ts";
import { luminance } from "./materials.ts";
import { completePoint, nowhere, type SurfacePoint } from "./surface.ts";
import { type Aim, aimless, materialOf, type Tracer } from "./tracer.ts";

/** Metres between the camera and the projector of a structured-light sensor, which stands to its right. */
const baseline = 0.075;

/** Step of the inverse depth that the sensor tells apart, 1/m (Khoshelham and Oude Elberink, Sensors 2012). */
const inverseStep = 0.00285;

/** A standard normal value, nearly: the sum of four uniform ones, scaled. */
const bell = (draws: Float64Array, at: number): number =>
  Math.sqrt(3) * (draws[at]! + draws[at + 1]! +
    draws[at + 2]! + draws[at + 3]! - 2);

/**
 * Depth as a structured-light sensor measures it: axial noise with σ = 0.0012 + 0.0019 (z − 0.4)² m (Nguyen, Izadi and
 * Lovell, 3DIMPVT 2012), then steps in inverse depth. Kept within 0.5…10 m, the range of the sensor; 0 stays 0.
 */
export const noisyDepth = (key: Key, depth: DepthImage): DepthImage => {
  const draws = uniforms(foldIn(key, "depth noise"), 4 * depth.metres.length);
  const metres = depth.metres.map((z, at) => {
    if (z === 0) return 0;
    const sigma = 0.0012 + 0.0019 * (z - 0.4) * (z - 0.4);
    const inverse = 1 / (z + sigma * bell(draws, 4 * at));
    const steps = Math.round(inverse / inverseStep);
    return Math.min(Math.max(1 / (steps * inverseStep), 0.5), 10);
  });
  return { ...depth, metres };
};

/** A picture with the noise of its sensor: σ of about 2.5 of 255. */
export const noisyPixels = (key: Key, pixels: Uint8Array): Uint8Array => {
  const draws = uniforms(foldIn(key, "image noise"), pixels.length);
  return pixels.map((value, at) => {
    const shifted = value + 8.7 * (draws[at]! - 0.5);
    return Math.round(Math.min(Math.max(shifted, 0), 255));
  });
};

/** Marks what the projector cannot light, because something nearer to the right of it stands in the way. */
const markShadows = (
  { height, width, depth }: Visible,
  focal: number,
  holes: Uint8Array,
): void => {
  for (let row = 0; row < height; row++) {
    let leftmost = Infinity;
    for (let column = width - 1; column >= 0; column--) {
      const at = row * width + column;
      const lit = column - focal * baseline / depth[at]!;
      if (lit > leftmost) holes[at] = 1;
      leftmost = Math.min(leftmost, lit);
    }
  }
};

/** How likely a surface is to send nothing back: glass and lamps most, then gloss and darkness. */
const dullness = (tracer: Tracer, id: number): number => {
  const material = materialOf(tracer, id);
  if (material.mirror > 0 || material.glow > 0) return 0.85;
  const dark = Math.max(0, 1 - luminance(material.colour) / 0.04);
  return Math.min(0.1 + 0.3 * material.gloss + 0.25 * dark, 0.4);
};

/** The cosine of the angle at which the camera's ray of depth 1 along `aim` meets a surface. */
const facingOf = (
  { position }: Camera,
  tracer: Tracer,
  id: number,
  depth: number,
  aim: Aim,
  point: SurfacePoint,
): number => {
  point.x = position[0] + depth * aim.x;
  point.y = position[1] + depth * aim.y;
  point.z = position[2] + depth * aim.z;
  completePoint(tracer, id, point);
  const along = aim.x * point.nx + aim.y * point.ny + aim.z * point.nz;
  const length = Math.sqrt(aim.x * aim.x + aim.y * aim.y + aim.z * aim.z);
  return Math.abs(along) / length;
};

/**
 * Where a structured-light sensor measures nothing (1; 0 elsewhere), row-major: in the projector's shadow left of near
 * objects, on surfaces seen at a grazing angle, and in patches on lamps, glass, glossy and dark surfaces.
 */
export const sensorHoles = (
  key: Key,
  camera: Camera,
  tracer: Tracer,
  seen: Visible,
): Uint8Array => {
  const { height, width } = seen;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const holes = new Uint8Array(height * width);
  markShadows(seen, fx, holes);
  const grain = foldIn(key, "holes")[0] | 0;
  const aim = aimless();
  const point = nowhere();
  for (let at = 0; at < holes.length; at++) {
    const x = (at % width + 0.5 - cx) / fx;
    const y = (Math.floor(at / width) + 0.5 - cy) / fx;
    const id = seen.surface[at]!;
    aimThrough(camera, x, y, aim);
    const depth = seen.depth[at]!;
    const facing = facingOf(camera, tracer, id, depth, aim, point);
    const patch = smoothNoise(x * 14, y * 14, grain ^ id);
    if (facing < 0.05 + 0.15 * patch || patch < dullness(tracer, id)) {
      holes[at] = 1;
    }
  }
  return holes;
};
