/**
 * The convolution of each channel by itself on WebGPU, and the gradients of its input and filter, for any stride and
 * dilation; TensorFlow.js's own have no gradient with a dilation. An invocation sums one number, or four channels.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { depthwiseGeometry, floatInputs, type Geometry, lengthOf } from "../kernel_arguments.ts";
import { filterGradientByTaps } from "./filter_gradient_taps.ts";
import {
  allocate,
  dispatch,
  elementOf,
  itemCode,
  type Shader,
  webGpuBackend,
  type Width,
  widthOf,
  windowNumbers,
  workgroupsFor,
} from "./shader.ts";

type Direction = "forward" | "gradient";

const invocations = 64;

const parameters = {
  size: "i32",
  madeHeight: "i32",
  madeWidth: "i32",
  made: "i32",
  readHeight: "i32",
  readWidth: "i32",
  read: "i32",
  multiplier: "i32",
  filterHeight: "i32",
  filterWidth: "i32",
  strideHeight: "i32",
  strideWidth: "i32",
  dilationHeight: "i32",
  dilationWidth: "i32",
  top: "i32",
  left: "i32",
} as const;

/** What a tap at a distance reads; `there` is false between pixels, which are `stride` apart. */
const readCode: Readonly<Record<Direction, string>> = {
  forward: `
fn readAt(made: i32, tap: i32, stride: i32, padding: i32) -> i32 { return made * stride + tap - padding; }`,
  gradient: `
fn readAt(made: i32, tap: i32, stride: i32, padding: i32) -> i32 {
  let at = made + padding - tap;
  return select(-1, at / stride, at >= 0 && at % stride == 0);
}`,
};

/** Forward, a channel has one product a tap; its input's gradient one for each channel that it makes. */
const productCode: Readonly<Record<Direction, string>> = {
  forward: `
      sum += source[pixel * p.read + channel / p.multiplier] * weights[tap * p.made + channel];`,
  gradient: `
      for (var m = channel * p.multiplier; m < (channel + 1) * p.multiplier; m++) {
        sum += source[pixel * p.read + m] * weights[tap * p.read + m];
      }`,
};

const shaderOf = (direction: Direction, width: Width) =>
  ({
    name: `depthwise convolution, ${direction}, ${width}`,
    workgroup: [invocations, 1, 1],
    writes: { output: elementOf(width) },
    reads: { source: elementOf(width), weights: elementOf(width) },
    parameters,
    code: `${readCode[direction]}

fn main() {
  let p = parameters;
  let id = ${itemCode(invocations)};
  if (id >= p.size) { return; }
  let channel = id % p.made;
  let w = id / p.made % p.madeWidth;
  let h = id / (p.made * p.madeWidth) % p.madeHeight;
  let n = id / (p.made * p.madeWidth * p.madeHeight);
  var sum = ${elementOf(width)}();
  for (var r = 0; r < p.filterHeight; r++) {
    let row = readAt(h, r * p.dilationHeight, p.strideHeight, p.top);
    if (row < 0 || row >= p.readHeight) { continue; }
    for (var s = 0; s < p.filterWidth; s++) {
      let column = readAt(w, s * p.dilationWidth, p.strideWidth, p.left);
      if (column < 0 || column >= p.readWidth) { continue; }
      let pixel = (n * p.readHeight + row) * p.readWidth + column;
      let tap = r * p.filterWidth + s;${productCode[direction]}
    }
  }
  output[id] = sum;
}`,
  }) as const satisfies Shader;

type Images = Readonly<Record<"shape", readonly [number, number, number, number]>>;

const shapesOf = (
  { inShape, outShape }: Geometry,
  direction: Direction,
): { readonly read: Images; readonly made: Images } =>
  direction === "forward"
    ? { read: { shape: inShape }, made: { shape: outShape } }
    : { read: { shape: outShape }, made: { shape: inShape } };

const kernelOf = (direction: Direction, name: "x" | "dy"): tf.KernelFunc => ({ inputs, backend, attrs = {} }) => {
  const webgpu = webGpuBackend(backend);
  const { [name]: source, filter: weights } = floatInputs(inputs, name, "filter");
  const geometry = depthwiseGeometry(inputs, attrs);
  const { inChannels, outChannels, dilationHeight, dilationWidth } = geometry;
  const multiplier = outChannels / inChannels;
  const width = multiplier === 1 ? widthOf(inChannels) : 1;
  const { read, made } = shapesOf(geometry, direction);
  const result = allocate(webgpu, made.shape);
  const size = lengthOf(result) / width;
  const { filterHeight, filterWidth, strideHeight, strideWidth, top, left } = windowNumbers(geometry);
  dispatch(webgpu, {
    shader: shaderOf(direction, width),
    writes: { output: result },
    reads: { source, weights },
    parameters: {
      ...{
        size,
        multiplier,
        filterHeight,
        filterWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        top,
        left,
      },
      ...{ madeHeight: made.shape[1], madeWidth: made.shape[2], made: made.shape[3] / width },
      ...{ readHeight: read.shape[1], readWidth: read.shape[2], read: read.shape[3] / width },
    },
    workgroups: workgroupsFor(size, invocations),
  });
  return result;
};

/** DepthwiseConv2dNative on WebGPU: {x [N, H, W, C], filter [R, S, C, M]} to [N, outH, outW, C · M]. */
export const webGpuDepthwiseConv2d: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNative",
  backendName: "webgpu",
  kernelFunc: kernelOf("forward", "x"),
};

/** DepthwiseConv2dNativeBackpropInput on WebGPU: {dy [N, outH, outW, C · M], filter} to the gradient of x. */
export const webGpuDepthwiseConv2dBackpropInput: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNativeBackpropInput",
  backendName: "webgpu",
  kernelFunc: kernelOf("gradient", "dy"),
};

/** DepthwiseConv2dNativeBackpropFilter on WebGPU: {x, dy} to the gradient of the filter. */
export const webGpuDepthwiseConv2dBackpropFilter: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNativeBackpropFilter",
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs = {} }) => {
    const { x, dy } = floatInputs(inputs, "x", "dy");
    return filterGradientByTaps(webGpuBackend(backend), x, dy, depthwiseGeometry(inputs, attrs), "each by itself");
  },
};
