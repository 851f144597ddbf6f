/**
 * Replaces Conv2DBackpropInput of the wasm backend, a plain loop some ten times slower than its convolution.
 *
 * The gradient of a convolution's input is a convolution of dy with the filter turned by 180° and its channels
 * swapped. With a stride, the input's pixels fall into one phase for each remainder of their (padded) coordinates; a
 * pixel of phase (a, b) is only read by the taps (a + stride t, b + stride u), so each phase is a convolution, of
 * stride 1, with those taps alone, and the phases are interleaved. This costs what the forward convolution costs.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import { type Phase, phasesOf } from "./stride_phases.ts";
import { allocate, floatInput, release, runKernel, view, wasmBackend } from "./wasm_memory.ts";

type Geometry = tf.backend_util.Conv2DInfo;

/** Writes the transpose of a [rows, columns] matrix that begins at `from` to `to`. */
const transposeMatrix = (
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  rows: number,
  columns: number,
): void => {
  const block = 16;
  for (let first = 0; first < rows; first += block) {
    const end = Math.min(rows, first + block);
    for (let column = 0; column < columns; column++) {
      for (let row = first; row < end; row++) {
        target[to + column * rows + row] = source[from + row * columns + column] ?? 0;
      }
    }
  }
};

/** The taps of one phase, turned by 180°, as a filter [taps down, taps across, channels out, channels in]. */
const phaseFilter = (
  backend: BackendWasm,
  filter: tf.TensorInfo,
  geometry: Geometry,
  down: Phase,
  across: Phase,
): tf.TensorInfo => {
  const { filterWidth, inChannels, outChannels } = geometry;
  const turned = allocate(backend, [
    down.taps,
    across.taps,
    outChannels,
    inChannels,
  ]);
  const source = view(backend, filter);
  const target = view(backend, turned);
  const size = inChannels * outChannels;
  for (let t = 0, to = 0; t < down.taps; t++) {
    const r = down.phase + (down.taps - 1 - t) * geometry.strideHeight;
    for (let u = 0; u < across.taps; u++, to += size) {
      const s = across.phase + (across.taps - 1 - u) * geometry.strideWidth;
      const from = (r * filterWidth + s) * size;
      transposeMatrix(source, from, target, to, inChannels, outChannels);
    }
  }
  return turned;
};

/**
 * The gradient at the pixels of one phase: [batch, rows, columns, channels in], with `down.skip` rows too many on top.
 */
const phaseGradient = (
  backend: BackendWasm,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry,
  down: Phase,
  across: Phase,
): tf.TensorInfo => {
  const turned = phaseFilter(backend, filter, geometry, down, across);
  const gradient = runKernel(backend, "Conv2D", { x: dy, filter: turned }, {
    strides: [1, 1],
    dilations: [1, 1],
    pad: [[0, 0], [down.before, down.after], [across.before, across.after], [
      0,
      0,
    ]],
    dataFormat: "NHWC",
  });
  release(backend, turned);
  return gradient;
};

/** Copies the pixels of one phase to their places in the gradient of the input. */
const interleave = (
  source: Float32Array,
  sourceShape: readonly number[],
  target: Float32Array,
  geometry: Geometry,
  down: Phase,
  across: Phase,
): void => {
  const { batchSize, inHeight, inWidth, inChannels, strideWidth } = geometry;
  const [, rows = 0, columns = 0] = sourceShape;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < down.count; i++) {
      const h = down.first + i * geometry.strideHeight;
      const row = (n * rows + down.skip + i) * columns + across.skip;
      const to = ((n * inHeight + h) * inWidth + across.first) * inChannels;
      for (let j = 0; j < across.count; j++) {
        const pixel = (row + j) * inChannels;
        const place = to + j * strideWidth * inChannels;
        for (let c = 0; c < inChannels; c++) {
          target[place + c] = source[pixel + c] ?? 0;
        }
      }
    }
  }
};

const isWhole = (phase: Phase, size: number): boolean =>
  phase.taps > 0 && phase.skip === 0 && phase.excess === 0 &&
  phase.count === size;

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const dy = floatInput(inputs, "dy");
  const filter = floatInput(inputs, "filter");
  const inputShape = fourSizes("inputShape", attrs?.inputShape);
  const filterShape = fourSizes("filter", filter.shape);
  const geometry = convolutionGeometry(attrs ?? {}, inputShape, filterShape);
  const downs = phasesOf(geometry, "height");
  const acrosses = phasesOf(geometry, "width");
  const [down] = downs;
  const [across] = acrosses;
  if (
    down !== undefined && across !== undefined &&
    isWhole(down, geometry.inHeight) && isWhole(across, geometry.inWidth)
  ) {
    return phaseGradient(wasm, dy, filter, geometry, down, across);
  }
  const dx = allocate(wasm, inputShape);
  view(wasm, dx).fill(0);
  for (const down of downs) {
    for (const across of acrosses) {
      const part = phaseGradient(wasm, dy, filter, geometry, down, across);
      interleave(
        view(wasm, part),
        part.shape,
        view(wasm, dx),
        geometry,
        down,
        across,
      );
      release(wasm, part);
    }
  }
  return dx;
};

/** Conv2DBackpropInput on wasm: {dy [N, outH, outW, K], filter [R, S, C, K]} to the input's gradient [N, H, W, C]. */
export const wasmConv2DBackpropInput: tf.KernelConfig = {
  kernelName: "Conv2DBackpropInput",
  backendName: "wasm",
  kernelFunc,
};
