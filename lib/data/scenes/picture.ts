import type { RgbImage } from "../../formats/raster.ts";
import { smoothEdges } from "./antialias.ts";
import { intrinsicsOf } from "./camera.ts";
import type { Visible } from "./cast.ts";
import { develop } from "./develop.ts";
import { shadeAt, type Shader } from "./shade.ts";
import type { Vector } from "./vector.ts";

/** The linear colour at every pixel centre: height × width × 3, row-major. */
const shadeCentres = (shader: Shader, seen: Visible): Float32Array => {
  const { height, width, depth, surface } = seen;
  const { camera } = shader.description;
  const { position, right, down, forward } = camera;
  const { fx, cx, cy } = intrinsicsOf(camera, height, width);
  const linear = new Float32Array(height * width * 3);
  const colour = new Float64Array(3);
  for (let at = 0; at < height * width; at++) {
    const x = (at % width + 0.5 - cx) / fx;
    const y = (Math.floor(at / width) + 0.5 - cy) / fx;
    const dx = forward[0] + x * right[0] + y * down[0];
    const dy = forward[1] + x * right[1] + y * down[1];
    const dz = forward[2] + x * right[2] + y * down[2];
    const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const ray: Vector = [dx / length, dy / length, dz / length];
    const distance = (depth[at] ?? 0) * length;
    const id = surface[at] ?? 0;
    shadeAt(shader, position, ray, distance, id, 1 / fx, false, colour);
    linear[3 * at] = colour[0] ?? 0;
    linear[3 * at + 1] = colour[1] ?? 0;
    linear[3 * at + 2] = colour[2] ?? 0;
  }
  return linear;
};

/** The colour picture of what the camera sees, with smooth edges between surfaces. */
export const pictureOf = (shader: Shader, seen: Visible): RgbImage => {
  const { description: { camera, exposure }, tracer } = shader;
  const linear = smoothEdges(camera, tracer, seen, shadeCentres(shader, seen));
  const { height, width } = seen;
  return { height, width, pixels: develop(linear, exposure) };
};
