import type { RgbImage } from "../../formats/raster.ts";
import { smoothEdges } from "./antialias.ts";
import { intrinsicsOf } from "./camera.ts";
import { aimThrough, type Visible } from "./cast.ts";
import { aimless } from "./entry.ts";
import { develop } from "./develop.ts";
import { shadeAt, type Shader } from "./shade.ts";

/** The linear colour at every pixel centre: height × width × 3, row-major. */
const shadeCentres = (shader: Shader, seen: Visible): Float32Array => {
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
export const pictureOf = (shader: Shader, seen: Visible): RgbImage => {
  const { description: { camera, exposure }, tracer } = shader;
  const linear = smoothEdges(camera, tracer, seen, shadeCentres(shader, seen));
  const { height, width } = seen;
  return { height, width, pixels: develop(linear, exposure) };
};
