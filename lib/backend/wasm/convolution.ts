/** The convolution of the wasm backend, forward: one product of the pixels that each output sees and the filter. */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import {
  conv2DGeometry,
  floatInputs,
  type Geometry,
  hasChannelsLast,
  paddingAtSides,
  sizesOf,
} from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { winogradPaysFor } from "../winograd.ts";
import {
  addressOf,
  allocate,
  copyWithSlack,
  type Frame,
  framedSource,
  type Grid,
  type ImagesInMemory,
  pixelAddresses,
  releaseCopies,
  type Source,
  view,
  wasmBackend,
} from "./frames.ts";
import { panelColumns } from "./parts.ts";
import { multiplyInto, type Segment } from "./product.ts";
import { convolveByWinograd, winogradFrame } from "./winograd.ts";

/** The frame of the input that the filter sees. */
export const frameOf = (geometry: Geometry): Frame => ({
  top: -geometry.padInfo.top,
  left: -geometry.padInfo.left,
  rows: (geometry.outHeight - 1) * geometry.strideHeight + geometry.effectiveFilterHeight,
  columns: (geometry.outWidth - 1) * geometry.strideWidth + geometry.effectiveFilterWidth,
});

/** The right factor of a product: a tensor, or a copy of it with memory after it where vectors reach beyond its end. */
export const rightFactor = (
  backend: BackendWasm,
  tensor: tf.TensorInfo,
  columns: number,
  slack: number,
): { readonly address: number; readonly copy?: tf.TensorInfo } => {
  if (columns % panelColumns === 0) return { address: addressOf(backend, tensor) };
  const copy = copyWithSlack(backend, tensor, slack);
  return { address: addressOf(backend, copy), copy };
};

/** Each row of the filter is a run along k, as its taps' pixels lie side by side; with holes between them, each tap is. */
const segmentsOf = (
  { filterHeight, filterWidth, dilationHeight, dilationWidth, inChannels, outChannels }: Geometry,
  images: ImagesInMemory,
  filter: number,
): Segment[] => {
  const [runs, taps] = dilationWidth === 1 ? [1, filterWidth] : [filterWidth, 1];
  return Array.from({ length: filterHeight * runs }, (_, run) => {
    const [r, s] = [Math.floor(run / runs), run % runs];
    return {
      left: 4 * (r * dilationHeight * images.columns + s * dilationWidth) * inChannels,
      right: filter + 4 * run * taps * inChannels * outChannels,
      length: taps * inChannels,
    };
  });
};

const gridOf = (geometry: Geometry): Grid => ({
  batch: geometry.batchSize,
  rows: geometry.outHeight,
  columns: geometry.outWidth,
  firstRow: 0,
  firstColumn: 0,
  rowStep: geometry.strideHeight,
  columnStep: geometry.strideWidth,
});

const convolveTiles = (
  backend: BackendWasm,
  source: Source,
  filter: tf.TensorInfo,
  geometry: Geometry,
  finished?: (address: number, pixels: number, first: number) => void,
): tf.TensorInfo => {
  const { batchSize, outHeight, outWidth, inChannels, outChannels, padInfo } = geometry;
  const output = allocate(backend, geometry.outShape);
  const frame = winogradFrame(outHeight, outWidth, padInfo.top, padInfo.left);
  const images = framedSource(backend, source, geometry.inShape, frame);
  convolveByWinograd(backend, {
    images,
    direction: "forward",
    filter: addressOf(backend, filter),
    output: addressOf(backend, output),
    batch: batchSize,
    height: outHeight,
    width: outWidth,
    summed: inChannels,
    made: outChannels,
    finished,
  });
  releaseCopies(backend, [images]);
  return output;
};

/**
 * source [N, H, W, C] ∗ filter [R, S, C, K] as a new tensor [N, outH, outW, K]. `finished` is called for pixels of the
 * result when they are done, with their address, their number and that of the first; only if K is a multiple of 8.
 */
export const convolve = (
  backend: BackendWasm,
  source: Source,
  filter: tf.TensorInfo,
  geometry: Geometry,
  finished?: (address: number, pixels: number, first: number) => void,
  winograd = winogradPaysFor(geometry, "forward"),
): tf.TensorInfo => {
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = geometry;
  if (winograd) return convolveTiles(backend, source, filter, geometry, finished);
  const output = allocate(backend, geometry.outShape);
  const pixels = batchSize * outHeight * outWidth;
  if (pixels * outChannels === 0) return output;
  if (inChannels === 0) view(backend, output).fill(0);
  const images = framedSource(backend, source, geometry.inShape, frameOf(geometry));
  const right = rightFactor(backend, filter, outChannels, panelColumns);
  const address = addressOf(backend, output);
  const pixelBytes = 4 * outChannels;
  const grid = gridOf(geometry);
  const placed = { address, rows: outHeight, columns: outWidth, channels: outChannels };
  multiplyInto(backend, {
    segments: inChannels === 0 ? [] : segmentsOf(geometry, images, right.address),
    left: { layout: "along k", addresses: pixelAddresses(images, grid), stride: 0 },
    right: { layout: "side by side", stride: pixelBytes },
    outputs: pixelAddresses(placed, { ...grid, rowStep: 1, columnStep: 1 }, -1),
    columns: outChannels,
    ...(finished === undefined ? {} : {
      finished: (first: number, rows: number) =>
        finished(address + first * pixelBytes, Math.min(rows, pixels - first), first),
    }),
  });
  releaseCopies(backend, [images, right]);
  return output;
};

/** Whether the filter has so few channels, in or out, that TensorFlow.js's own kernel is the faster one (measured). */
export const isThin = (filterHeight: number, filterWidth: number, inChannels: number, outChannels: number): boolean => {
  const terms = filterHeight * filterWidth * inChannels;
  return terms > 0 && (terms < 16 || (outChannels < panelColumns && terms < 1024));
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  if (!hasChannelsLast(attrs)) return runStockKernel("wasm", "Conv2D", { inputs, backend, attrs });
  const { x, filter } = floatInputs(inputs, "x", "filter");
  if (isThin(...sizesOf(inputs, "filter")) && x.shape[0] !== 0) {
    const given = { dataFormat: "NHWC", ...attrs, pad: paddingAtSides(attrs), dilations: attrs.dilations ?? 1 };
    return runStockKernel("wasm", "Conv2D", { inputs, backend, attrs: given });
  }
  return convolve(wasmBackend(backend), { x }, filter, conv2DGeometry(inputs, attrs));
};

/**
 * Conv2D on wasm: {x [N, H, W, C], filter [R, S, C, K]} to [N, outH, outW, K].
 *
 * It takes the place of the wasm backend's own, which computes with separate multiplications and additions and sums all
 * products one after the other: this one takes half of the time and rounds less. Filters with so few channels that panels of 8
 * would be mostly empty, or sums too short to repay copying, are left to TensorFlow.js's own.
 */
export const wasmConv2D: tf.KernelConfig = { kernelName: "Conv2D", backendName: "wasm", kernelFunc };
