/**
 * Replaces Conv2DBackpropInput of the wasm backend, a plain loop some twenty times slower than this.
 *
 * The gradient of a convolution's input is a convolution of dy with the filter turned by 180° and its channels swapped.
 * With a stride, the input's pixels fall into one phase for each remainder of their (padded) coordinates; a pixel of phase
 * (a, b) is only read by the taps (a + stride t, b + stride u), so each phase is a convolution, of stride 1, with those
 * taps alone. This costs what the forward convolution costs.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { floatInputs, fourSizes, type Geometry, inputGradientGeometry, isMismatched } from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { winogradPaysFor } from "../winograd.ts";
import { isThin, rightFactor } from "./convolution.ts";
import {
  addressOf,
  allocate,
  framed,
  type Grid,
  type ImagesInMemory,
  pixelAddresses,
  release,
  releaseCopies,
  view,
  wasmBackend,
} from "./frames.ts";
import { panelColumns } from "./parts.ts";
import { multiplyInto, type Segment } from "./product.ts";
import { type Phase, phasesOf, reachOf } from "./stride_phases.ts";
import { convolveByWinograd, winogradFrame } from "./winograd.ts";

/** What all phases share: dy in a frame that holds all they read, its origin in dy, the filter and the gradient. */
interface Shared {
  readonly geometry: Geometry;
  readonly dy: ImagesInMemory;
  readonly beginDown: number;
  readonly beginAcross: number;
  readonly filter: number;
  readonly gradient: ImagesInMemory;
}

/** The channels of dy at each tap of a phase, turned by 180°, are a run along k. */
const segmentsOf = ({ geometry, dy, filter }: Shared, down: Phase, across: Phase): Segment[] => {
  const { filterWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry;
  return Array.from({ length: down.taps * across.taps }, (_, tap) => {
    const [t, u] = [Math.floor(tap / across.taps), tap % across.taps];
    const r = down.phase + (down.taps - 1 - t) * strideHeight;
    const s = across.phase + (across.taps - 1 - u) * strideWidth;
    return {
      left: 4 * (t * down.apart * dy.columns + u * across.apart) * outChannels,
      right: filter + 4 * (r * filterWidth + s) * inChannels * outChannels,
      length: outChannels,
    };
  });
};

/** Computes the gradient at the pixels of one phase. */
const phaseGradient = (backend: BackendWasm, shared: Shared, down: Phase, across: Phase): void => {
  const { geometry, dy, gradient } = shared;
  const size = { batch: geometry.batchSize, rows: down.count, columns: across.count };
  const read: Grid = {
    ...size,
    firstRow: down.begin - shared.beginDown,
    firstColumn: across.begin - shared.beginAcross,
    rowStep: 1,
    columnStep: 1,
  };
  const written: Grid = {
    ...size,
    firstRow: down.first,
    firstColumn: across.first,
    rowStep: geometry.strideHeight,
    columnStep: geometry.strideWidth,
  };
  multiplyInto(backend, {
    segments: segmentsOf(shared, down, across),
    left: { layout: "along k", addresses: pixelAddresses(dy, read), stride: 0 },
    right: { layout: "along k", stride: 4 * geometry.outChannels },
    outputs: pixelAddresses(gradient, written, -1),
    columns: geometry.inChannels,
  });
};

/** Whether every pixel of the input is in some phase. */
const reachAll = ({ strideHeight, strideWidth, filterHeight, filterWidth, outChannels }: Geometry): boolean =>
  filterHeight >= strideHeight && filterWidth >= strideWidth && outChannels > 0;

/** The filter turned by 180°, with its channels swapped. */
const turned = (backend: BackendWasm, filter: tf.TensorInfo, geometry: Geometry): tf.TensorInfo => {
  const { filterHeight, filterWidth, inChannels, outChannels } = geometry;
  const result = allocate(backend, [filterHeight, filterWidth, outChannels, inChannels]);
  const [from, to] = [view(backend, filter), view(backend, result)];
  const taps = filterHeight * filterWidth;
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < inChannels; c++) {
      for (let k = 0; k < outChannels; k++) {
        to[((taps - 1 - tap) * outChannels + k) * inChannels + c] = from[(tap * inChannels + c) * outChannels + k]!;
      }
    }
  }
  return result;
};

/** Whether TensorFlow.js's own convolution of dy with the turned filter is the gradient, and the faster way to it. */
const isThinConvolution = (geometry: Geometry): boolean => {
  const { batchSize, filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth, padInfo } =
    geometry;
  const solid = geometry.dilationHeight === 1 && geometry.dilationWidth === 1;
  const middle = (filterHeight - 1) / 2;
  const centred = filterHeight === filterWidth && padInfo.top === middle && padInfo.left === middle &&
    padInfo.bottom === middle && padInfo.right === middle;
  return solid && batchSize * inChannels > 0 && strideHeight === 1 && strideWidth === 1 && centred &&
    isThin(filterHeight, filterWidth, outChannels, inChannels);
};

const thinGradient = (
  backend: BackendWasm,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry,
): tf.TensorInfo => {
  const transposed = turned(backend, filter, geometry);
  const attrs = {
    strides: 1,
    pad: geometry.padInfo.top,
    dataFormat: "NHWC",
    dilations: 1,
    dimRoundingMode: "floor",
  };
  const inputs = { x: dy, filter: transposed };
  const dx = runStockKernel("wasm", "Conv2D", { inputs, backend, attrs });
  release(backend, transposed);
  return dx;
};

/** The gradient as Winograd's convolution, for filters of 3×3 at stride 1. */
export const tiledGradient = (
  backend: BackendWasm,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry,
): tf.TensorInfo => {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, padInfo } = geometry;
  const dx = allocate(backend, geometry.inShape);
  // The filter is turned: what its first tap reads is the last tap's.
  const frame = winogradFrame(inHeight, inWidth, 2 - padInfo.top, 2 - padInfo.left);
  const images = framed(backend, dy, fourSizes("dy", dy.shape), frame);
  convolveByWinograd(backend, {
    images,
    direction: "gradient",
    filter: addressOf(backend, filter),
    output: addressOf(backend, dx),
    batch: batchSize,
    height: inHeight,
    width: inWidth,
    summed: outChannels,
    made: inChannels,
  });
  releaseCopies(backend, [images]);
  return dx;
};

/** The gradient phase by phase. */
const phasedGradient = (
  wasm: BackendWasm,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry,
): tf.TensorInfo => {
  const { inHeight, inWidth, inChannels, outChannels } = geometry;
  const dx = allocate(wasm, geometry.inShape);
  if (!reachAll(geometry)) view(wasm, dx).fill(0);
  const [downs, acrosses] = [phasesOf(geometry, "height"), phasesOf(geometry, "width")];
  if (downs.length * acrosses.length * geometry.batchSize * inChannels * outChannels === 0) return dx;
  const [rows, columns] = [reachOf(downs), reachOf(acrosses)];
  const frame = { top: rows.begin, left: columns.begin, rows: rows.length, columns: columns.length };
  const images = framed(wasm, dy, fourSizes("dy", dy.shape), frame);
  const right = rightFactor(wasm, filter, inChannels, panelColumns * outChannels);
  const shared: Shared = {
    geometry,
    dy: images,
    beginDown: rows.begin,
    beginAcross: columns.begin,
    filter: right.address,
    gradient: { address: addressOf(wasm, dx), rows: inHeight, columns: inWidth, channels: inChannels },
  };
  downs.forEach((down) => acrosses.forEach((across) => phaseGradient(wasm, shared, down, across)));
  releaseCopies(wasm, [images, right]);
  return dx;
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const { dy, filter } = floatInputs(inputs, "dy", "filter");
  const geometry = inputGradientGeometry(inputs, attrs);
  if (isMismatched(dy, geometry)) return runStockKernel("wasm", "Conv2DBackpropInput", { inputs, backend, attrs });
  const compute = isThinConvolution(geometry)
    ? thinGradient
    : winogradPaysFor(geometry, "gradient")
    ? tiledGradient
    : phasedGradient;
  return compute(wasmBackend(backend), dy, filter, geometry);
};

/** Conv2DBackpropInput on wasm: {dy [N, outH, outW, K], filter [R, S, C, K]} to the input's gradient [N, H, W, C]. */
export const wasmConv2DBackpropInput: tf.KernelConfig = {
  kernelName: "Conv2DBackpropInput",
  backendName: "wasm",
  kernelFunc,
};
