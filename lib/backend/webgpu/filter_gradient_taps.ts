/**
 * The gradient of a filter of any stride and dilation, of all channels or of each by itself: an invocation sums one weight,
 * or four side by side, over a slice of the rows of output pixels, and a second dispatch adds the slices in order.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { type Geometry, lengthOf } from "../kernel_arguments.ts";
import { sumSlices } from "./filter_gradient_shaders.ts";
import {
  allocate,
  dispatch,
  elementOf,
  itemCode,
  release,
  type Shader,
  type Width,
  widthOf,
  windowNumbers,
  workgroupsFor,
} from "./shader.ts";

/** Whether an output channel is a sum over all input channels, or is made of one. */
export type Channels = "all" | "each by itself";

const invocations = 64;

const parameters = {
  size: "i32",
  rows: "i32",
  slice: "i32",
  slices: "i32",
  channels: "i32",
  outputs: "i32",
  multiplier: "i32",
  height: "i32",
  width: "i32",
  outHeight: "i32",
  outWidth: "i32",
  filterHeight: "i32",
  filterWidth: "i32",
  strideHeight: "i32",
  strideWidth: "i32",
  dilationHeight: "i32",
  dilationWidth: "i32",
  top: "i32",
  left: "i32",
} as const;

/** `group` numbers a tap's vectors of weights: what of x, and of dy, they are the product of. */
const channelCode = (channels: Channels, input: Width): string =>
  channels === "all"
    ? `
  let channel = group / p.outputs;
  let output = group % p.outputs;`
    : `
  let channel = ${input === 4 ? "group" : "group / p.multiplier"};
  let output = group;`;

/** `channels`, `outputs` and `multiplier` are counted in what is read at once. */
const shaderOf = (channels: Channels, input: Width, output: Width) =>
  ({
    name: `filter gradient by taps, channels ${channels}, ${input} and ${output}`,
    workgroup: [invocations, 1, 1],
    writes: { partials: elementOf(output) },
    reads: { x: elementOf(input), dy: elementOf(output) },
    parameters,
    code: `
fn main() {
  let p = parameters;
  let id = ${itemCode(invocations)};
  if (id >= p.size * p.slices) { return; }
  let slice = id / p.size;
  let perTap = p.size / (p.filterHeight * p.filterWidth);
  let group = id % perTap;
  let tap = id % p.size / perTap;
  let row = tap / p.filterWidth * p.dilationHeight - p.top;
  let column = tap % p.filterWidth * p.dilationWidth - p.left;
${channelCode(channels, input)}
  var sum = ${elementOf(output)}();
  for (var line = slice * p.slice; line < min((slice + 1) * p.slice, p.rows); line++) {
    let h = line % p.outHeight * p.strideHeight + row;
    if (h < 0 || h >= p.height) { continue; }
    for (var j = 0; j < p.outWidth; j++) {
      let w = j * p.strideWidth + column;
      if (w < 0 || w >= p.width) { continue; }
      let pixel = (line / p.outHeight * p.height + h) * p.width + w;
      sum += x[pixel * p.channels + channel] * dy[(line * p.outWidth + j) * p.outputs + output];
    }
  }
  partials[id] = sum;
}`,
  }) as const satisfies Shader;

/** Invocations that are worth having on a GPU. */
const wanted = 16384;

/** The gradient of the filter as a new tensor. */
export const filterGradientByTaps = (
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  geometry: Geometry,
  channels: Channels,
): tf.TensorInfo => {
  const { batchSize, inChannels, outChannels, outHeight, filterShape, dilationHeight, dilationWidth } = geometry;
  const multiplier = channels === "all" ? 1 : outChannels / inChannels;
  const output = channels === "all" || multiplier === 1 ? widthOf(outChannels) : widthOf(multiplier);
  const input = channels === "all" || multiplier > 1 ? 1 : output;
  const gradient = allocate(backend, filterShape);
  const [size, rows] = [lengthOf(gradient) / output, batchSize * outHeight];
  const slice = Math.max(1, Math.ceil(rows / Math.ceil(wanted / size)));
  const slices = Math.max(1, Math.ceil(rows / slice));
  const partials = slices === 1 ? gradient : allocate(backend, [slices, ...filterShape]);
  dispatch(backend, {
    shader: shaderOf(channels, input, output),
    writes: { partials },
    reads: { x, dy },
    parameters: {
      ...{ ...windowNumbers(geometry), dilationHeight, dilationWidth, size, rows, slice, slices },
      ...{ channels: inChannels / input, outputs: outChannels / output, multiplier: Math.max(1, multiplier / output) },
    },
    workgroups: workgroupsFor(size * slices, invocations),
  });
  if (slices === 1) return gradient;
  sumSlices(backend, partials, slices, gradient);
  release(backend, partials);
  return gradient;
};
