/**
 * Adds up partial sums that lie one after the other, always in the same order, so that a repeat gives the same bits.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { dispatch, type Element, lengthOf, type Shader, workgroupsOf } from "./webgpu_shader.ts";

const shaderOf = (element: Element) =>
  ({
    name: `sum of slices of ${element}`,
    workgroup: [64, 1, 1],
    writes: { total: element },
    reads: { slices: element },
    parameters: { size: "i32", count: "i32" },
    code: `
fn main() {
  let at = i32(workgroupId.y * numWorkgroups.x + workgroupId.x) * 64 + i32(localIndex);
  if (at >= parameters.size) { return; }
  let step = parameters.size;
  var sum = slices[at];
  var next = at + step;
  var left = parameters.count - 1;
  // Four loads at a time, which do not wait for each other.
  for (; left >= 4; left -= 4) {
    let a = slices[next];
    let b = slices[next + step];
    let c = slices[next + 2 * step];
    let d = slices[next + 3 * step];
    sum = sum + a + b + c + d;
    next += 4 * step;
  }
  for (; left > 0; left--) {
    sum += slices[next];
    next += step;
  }
  total[at] = sum;
}`,
  }) as const satisfies Shader;

/** Records sum = Σ slices, where `slices` holds `count` tensors of the form of `sum` one after the other. */
export const sumSlices = (
  backend: WebGPUBackend,
  slices: tf.TensorInfo,
  count: number,
  sum: tf.TensorInfo,
): void => {
  const length = lengthOf(sum);
  const width = length % 4 === 0 ? 4 : 1;
  dispatch(backend, {
    shader: shaderOf(width === 4 ? "vec4f" : "f32"),
    writes: { total: sum },
    reads: { slices },
    parameters: { size: length / width, count },
    workgroups: workgroupsOf(Math.ceil(length / width / 64)),
  });
};
