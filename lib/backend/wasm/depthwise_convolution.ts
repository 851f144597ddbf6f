/**
 * The convolution of each channel by itself on wasm, and its gradients, which the wasm backend does not have. Four channels
 * are computed at once; where their number is no multiple of 4, the tensors are copied with channels of zeros.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { depthwiseGeometry, floatInputs, type Geometry, lengthOf } from "../kernel_arguments.ts";
import { type DepthwisePass, type Images, runDepthwise } from "./depthwise_pass.ts";
import { addressOf, allocate, release, releaseCopies, view, wasmBackend } from "./frames.ts";
import { forwardRuns, gradientRuns } from "./window_runs.ts";

/** A tensor as vectors of channels read it. */
interface Wide {
  readonly address: number;
  readonly copy?: tf.TensorInfo;
}

const wideChannels = ({ outChannels }: Geometry): number => 4 * Math.ceil(outChannels / 4);

/** A tensor of so many channels, each of them as many times as fills the output's, in channels to a multiple of 4. */
const widened = (backend: BackendWasm, tensor: tf.TensorInfo, channels: number, geometry: Geometry): Wide => {
  const wide = wideChannels(geometry);
  if (channels === wide) return { address: addressOf(backend, tensor) };
  const [pixels, times] = [lengthOf(tensor) / channels, geometry.outChannels / channels];
  const copy = allocate(backend, [pixels * wide]);
  const [from, to] = [view(backend, tensor), view(backend, copy).fill(0)];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0, at = pixel * wide; c < channels; c++) {
      const value = from[pixel * channels + c]!;
      for (let k = 0; k < times; k++) to[at++] = value;
    }
  }
  return { address: addressOf(backend, copy), copy };
};

/** The tensor that a wide one becomes, which is not cleared: itself, or one of fewer channels, sums of several each. */
const resultOf = (
  backend: BackendWasm,
  shape: readonly number[],
  channels: number,
  geometry: Geometry,
  compute: (address: number) => void,
): tf.TensorInfo => {
  const [result, wide] = [allocate(backend, shape), wideChannels(geometry)];
  if (channels === wide) {
    compute(addressOf(backend, result));
    return result;
  }
  const [pixels, times] = [lengthOf(result) / channels, geometry.outChannels / channels];
  const sums = allocate(backend, [pixels * wide]);
  compute(addressOf(backend, sums));
  const [from, to] = [view(backend, sums), view(backend, result)];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0, at = pixel * wide; c < channels; c++) {
      let sum = from[at++]!;
      for (let k = 1; k < times; k++) sum += from[at++]!;
      to[pixel * channels + c] = sum;
    }
  }
  release(backend, sums);
  return result;
};

const inputImages = ({ inHeight, inWidth }: Geometry, address: number): Images => ({
  address,
  height: inHeight,
  width: inWidth,
});

const outputImages = ({ outHeight, outWidth }: Geometry, address: number): Images => ({
  address,
  height: outHeight,
  width: outWidth,
});

/** What all passes of a geometry share. */
const shared = (geometry: Geometry) => ({
  batch: geometry.batchSize,
  channels: wideChannels(geometry),
  filterHeight: geometry.filterHeight,
  filterWidth: geometry.filterWidth,
});

const forwardPass = (geometry: Geometry): Pick<DepthwisePass, "downs" | "acrosses"> => ({
  downs: forwardRuns(geometry, "height"),
  acrosses: forwardRuns(geometry, "width"),
});

const forward: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { x, filter } = floatInputs(inputs, "x", "filter");
  const geometry = depthwiseGeometry(inputs, attrs);
  const { inChannels, outChannels } = geometry;
  const [read, weights] = [widened(wasm, x, inChannels, geometry), widened(wasm, filter, outChannels, geometry)];
  const y = resultOf(wasm, geometry.outShape, outChannels, geometry, (address) =>
    runDepthwise(wasm, {
      ...{ ...shared(geometry), ...forwardPass(geometry), work: "sum", filter: weights.address },
      made: outputImages(geometry, address),
      read: inputImages(geometry, read.address),
    }));
  releaseCopies(wasm, [read, weights]);
  return y;
};

const inputGradient: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { dy, filter } = floatInputs(inputs, "dy", "filter");
  const geometry = depthwiseGeometry(inputs, attrs);
  const { inChannels, outChannels } = geometry;
  const [read, weights] = [widened(wasm, dy, outChannels, geometry), widened(wasm, filter, outChannels, geometry)];
  const dx = resultOf(wasm, geometry.inShape, inChannels, geometry, (address) =>
    runDepthwise(wasm, {
      ...{ ...shared(geometry), work: "sum", filter: weights.address },
      downs: gradientRuns(geometry, "height"),
      acrosses: gradientRuns(geometry, "width"),
      made: inputImages(geometry, address),
      read: outputImages(geometry, read.address),
    }));
  releaseCopies(wasm, [read, weights]);
  return dx;
};

const filterGradient: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { x, dy } = floatInputs(inputs, "x", "dy");
  const geometry = depthwiseGeometry(inputs, attrs);
  const { inChannels, outChannels, filterShape } = geometry;
  const [read, made] = [widened(wasm, x, inChannels, geometry), widened(wasm, dy, outChannels, geometry)];
  const wide = [filterShape[0], filterShape[1], wideChannels(geometry)];
  const sums = allocate(wasm, wide);
  view(wasm, sums).fill(0);
  runDepthwise(wasm, {
    ...{ ...shared(geometry), ...forwardPass(geometry), work: "filter gradient", filter: addressOf(wasm, sums) },
    made: outputImages(geometry, made.address),
    read: inputImages(geometry, read.address),
  });
  const gradient = allocate(wasm, filterShape);
  const [from, to] = [view(wasm, sums), view(wasm, gradient)];
  const [columns, row] = [outChannels, wideChannels(geometry)];
  for (let tap = 0; tap < filterShape[0] * filterShape[1]; tap++) {
    to.set(from.subarray(tap * row, tap * row + columns), tap * columns);
  }
  release(wasm, sums);
  releaseCopies(wasm, [read, made]);
  return gradient;
};

/**
 * DepthwiseConv2dNative on wasm: {x [N, H, W, C], filter [R, S, C, M]} to [N, outH, outW, C · M]. It takes the place of one
 * that has no gradient.
 */
export const wasmDepthwiseConv2d: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNative",
  backendName: "wasm",
  kernelFunc: forward,
};

/** DepthwiseConv2dNativeBackpropInput on wasm: {dy [N, outH, outW, C · M], filter} to the gradient of x. */
export const wasmDepthwiseConv2dBackpropInput: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNativeBackpropInput",
  backendName: "wasm",
  kernelFunc: inputGradient,
};

/** DepthwiseConv2dNativeBackpropFilter on wasm: {x, dy} to the gradient of the filter. */
export const wasmDepthwiseConv2dBackpropFilter: tf.KernelConfig = {
  kernelName: "DepthwiseConv2dNativeBackpropFilter",
  backendName: "wasm",
  kernelFunc: filterGradient,
};
