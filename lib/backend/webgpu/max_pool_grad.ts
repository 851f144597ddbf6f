/**
 * Replaces MaxPoolGrad of the WebGPU backend, which gives the gradient to the last of equal maxima; here, as in
 * PyTorch and in this library's kernel for wasm, the first in row-major order gets it. One dispatch instead of two: an
 * invocation asks of each window over its pixel whether the pixel is the window's maximum, which the forward pass has
 * found already.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, fourSizes, poolingGeometry } from "../kernel_arguments.ts";
import {
  allocate,
  dispatch,
  type Element,
  elementOf,
  itemCode,
  type Shader,
  webGpuBackend,
  widthOf,
  windowNumbers,
  workgroupsFor,
} from "./shader.ts";

const invocations = 64;

const shaderOf = (element: Element) => ({
  name: `gradient of maxPool of ${element}`,
  workgroup: [invocations, 1, 1],
  writes: { dx: element },
  reads: { x: element, y: element, dy: element },
  parameters: {
    size: "i32",
    groups: "i32",
    height: "i32",
    width: "i32",
    outHeight: "i32",
    outWidth: "i32",
    filterHeight: "i32",
    filterWidth: "i32",
    strideHeight: "i32",
    strideWidth: "i32",
    top: "i32",
    left: "i32",
  },
  code: `
fn main() {
  let p = parameters;
  let id = ${itemCode(invocations)};
  if (id >= p.size) { return; }
  let group = id % p.groups;
  let w = id / p.groups % p.width;
  let h = id / (p.groups * p.width) % p.height;
  let n = id / (p.groups * p.width * p.height);
  let value = x[id];
  let firstRow = max(0, (h + p.top - p.filterHeight + p.strideHeight) / p.strideHeight);
  let firstColumn = max(0, (w + p.left - p.filterWidth + p.strideWidth) / p.strideWidth);
  var sum = ${element}();
  for (var i = firstRow; i <= min(p.outHeight - 1, (h + p.top) / p.strideHeight); i++) {
    for (var j = firstColumn; j <= min(p.outWidth - 1, (w + p.left) / p.strideWidth); j++) {
      let at = ((n * p.outHeight + i) * p.outWidth + j) * p.groups + group;
      var own = value == y[at];
      if (!any(own)) { continue; }
      let left = j * p.strideWidth - p.left;
      for (var a = max(0, i * p.strideHeight - p.top); a <= h; a++) {
        let end = select(min(left + p.filterWidth, p.width), w, a == h);
        for (var b = max(0, left); b < end; b++) {
          own = own & (x[((n * p.height + a) * p.width + b) * p.groups + group] != value);
        }
      }
      sum += select(${element}(), dy[at], own);
    }
  }
  dx[id] = sum;
}`,
} as const satisfies Shader);

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const webgpu = webGpuBackend(backend);
  const { input: x, output: y, dy } = floatInputs(inputs, "input", "output", "dy");
  const geometry = poolingGeometry(attrs ?? {}, fourSizes("input", x.shape));
  const { batchSize, inHeight, inWidth, inChannels } = geometry;
  const dx = allocate(webgpu, x.shape);
  const width = widthOf(inChannels);
  const size = batchSize * inHeight * inWidth * inChannels / width;
  dispatch(webgpu, {
    shader: shaderOf(elementOf(width)),
    writes: { dx },
    reads: { x, y, dy },
    parameters: { size, groups: inChannels / width, ...windowNumbers(geometry) },
    workgroups: workgroupsFor(size, invocations),
  });
  return dx;
};

/** MaxPoolGrad on WebGPU: {dy, output [N, outH, outW, C], input [N, H, W, C]} to the gradient of the input. */
export const webGpuMaxPoolGrad: tf.KernelConfig = { kernelName: "MaxPoolGrad", backendName: "webgpu", kernelFunc };
