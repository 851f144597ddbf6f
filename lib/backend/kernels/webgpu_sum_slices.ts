import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { lengthOf } from "./attributes.ts";
import { dispatch, type Element, elementOf, itemCode, type Shader, widthOf, workgroupsFor } from "./webgpu_shader.ts";

const sumShader = (element: Element) =>
  ({
    name: `sum of slices of ${element}`,
    workgroup: [64, 1, 1],
    writes: { total: element },
    reads: { slices: element },
    parameters: { size: "i32", count: "i32" },
    code: `
fn main() {
  let at = ${itemCode(64)};
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

/**
 * Records sum = Σ slices, where `slices` holds `count` tensors of the form of `sum` one after the other. They are always
 * added in the same order, so that a repeat gives the same bits.
 */
export const sumSlices = (
  backend: WebGPUBackend,
  slices: tf.TensorInfo,
  count: number,
  sum: tf.TensorInfo,
): void => {
  const length = lengthOf(sum);
  const width = widthOf(length);
  dispatch(backend, {
    shader: sumShader(elementOf(width)),
    writes: { total: sum },
    reads: { slices },
    parameters: { size: length / width, count },
    workgroups: workgroupsFor(length / width, 64),
  });
};
