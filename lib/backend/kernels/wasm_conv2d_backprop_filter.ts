/**
 * Adds Conv2DBackpropFilter, which the wasm backend does not have, so that no convolution could be trained on it.
 *
 * The gradient of one tap (r, s) of the filter is a matrix product over all output pixels: X(r, s)ᵀ dy, where row c of
 * X(r, s)ᵀ holds, for each output pixel, the pixel of input channel c that the tap reads there. All taps of one filter
 * column s are one product: rows (r, c). Their matrix is made in two steps: the columns of the input that s reads are
 * transposed once, channels first and the rows sorted by their phase in the stride; then each tap's rows are one
 * contiguous run of them.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import { allocate, floatInput, release, runStockKernel, view, wasmBackend } from "./wasm_memory.ts";

type Geometry = tf.backend_util.Conv2DInfo;

/** How many phases in the stride there are among the rows that the filter reads. */
const phasesOf = (geometry: Geometry): number => Math.min(geometry.strideHeight, geometry.filterHeight);

/** How many rows of each phase are read. */
const rowsOfPhase = (geometry: Geometry): number =>
  geometry.outHeight +
  Math.floor((geometry.filterHeight - 1) / geometry.strideHeight);

/**
 * Transposes one row of pixels: those that tap column `s` reads, to `target[c * stride + j]`; padding is left as it
 * is.
 */
const transposeRow = (
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  stride: number,
  geometry: Geometry,
  s: number,
): void => {
  const { inChannels, inWidth, outWidth, strideWidth, padInfo } = geometry;
  const shift = s - padInfo.left;
  const first = Math.max(0, Math.ceil(-shift / strideWidth));
  const last = Math.min(
    outWidth - 1,
    Math.floor((inWidth - 1 - shift) / strideWidth),
  );
  for (let c = 0; c < inChannels; c++) {
    const pixel = from + shift * inChannels + c;
    const row = to + c * stride;
    for (let j = first; j <= last; j++) {
      target[row + j] = source[pixel + j * strideWidth * inChannels] ?? 0;
    }
  }
};

/** The input as tap column `s` sees it: [channels, batch, phase, row of that phase, output width], padding as zeros. */
const transposeColumns = (
  x: Float32Array,
  columns: Float32Array,
  geometry: Geometry,
  s: number,
): void => {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight } = geometry;
  const rows = rowsOfPhase(geometry);
  const phases = phasesOf(geometry);
  const image = phases * rows * geometry.outWidth;
  columns.fill(0);
  for (let n = 0; n < batchSize; n++) {
    for (let phase = 0; phase < phases; phase++) {
      for (let i = 0; i < rows; i++) {
        const h = i * strideHeight + phase - geometry.padInfo.top;
        if (h < 0 || h >= inHeight) continue;
        const from = (n * inHeight + h) * inWidth * inChannels;
        const to = n * image + (phase * rows + i) * geometry.outWidth;
        transposeRow(x, from, columns, to, batchSize * image, geometry, s);
      }
    }
  }
};

/** Copies one run; a short one number by number, which takes less than making a view of it. */
const copyRun = (source: Float32Array, from: number, target: Float32Array, to: number, length: number): void => {
  if (length > 64) return target.set(source.subarray(from, from + length), to);
  for (let at = 0; at < length; at++) target[to + at] = source[from + at] ?? 0;
};

/** Copies each tap's run out of the transposed columns: [filter height, channels, batch, output height × width]. */
const gatherTaps = (
  columns: Float32Array,
  taps: Float32Array,
  geometry: Geometry,
): void => {
  const { filterHeight, strideHeight, outHeight, outWidth } = geometry;
  const rows = rowsOfPhase(geometry);
  const image = phasesOf(geometry) * rows * outWidth;
  const run = outHeight * outWidth;
  const images = geometry.inChannels * geometry.batchSize;
  for (let r = 0, to = 0; r < filterHeight; r++) {
    const row = (r % strideHeight) * rows + Math.floor(r / strideHeight);
    for (let k = 0; k < images; k++, to += run) {
      const from = k * image + row * outWidth;
      copyRun(columns, from, taps, to, run);
    }
  }
};

/** The left factor of the product of tap column `s`: [filter height × channels, batch × output pixels]. */
const tapMatrix = (
  backend: BackendWasm,
  x: tf.TensorInfo,
  geometry: Geometry,
  s: number,
): tf.TensorInfo => {
  const { filterHeight, inChannels, batchSize, outHeight, outWidth } = geometry;
  const rows = batchSize * phasesOf(geometry) * rowsOfPhase(geometry);
  const columns = allocate(backend, [inChannels, rows * outWidth]);
  if (filterHeight === 1) {
    transposeColumns(view(backend, x), view(backend, columns), geometry, s);
    return columns;
  }
  const pixels = batchSize * outHeight * outWidth;
  const taps = allocate(backend, [filterHeight * inChannels, pixels]);
  const columnValues = view(backend, columns);
  transposeColumns(view(backend, x), columnValues, geometry, s);
  gatherTaps(columnValues, view(backend, taps), geometry);
  release(backend, columns);
  return taps;
};

/** Writes the product [filter height × channels in, channels out] of tap column `s` into the gradient. */
const placeColumn = (
  product: Float32Array,
  gradient: Float32Array,
  geometry: Geometry,
  s: number,
): void => {
  const tap = geometry.inChannels * geometry.outChannels;
  for (let r = 0; r < geometry.filterHeight; r++) {
    gradient.set(
      product.subarray(r * tap, (r + 1) * tap),
      (r * geometry.filterWidth + s) * tap,
    );
  }
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const x = floatInput(inputs, "x");
  const dy = floatInput(inputs, "dy");
  const filterShape = fourSizes("filterShape", attrs?.filterShape);
  const geometry = convolutionGeometry(
    attrs ?? {},
    fourSizes("x", x.shape),
    filterShape,
  );
  const gradient = allocate(wasm, filterShape);
  const pixels = geometry.batchSize * geometry.outHeight * geometry.outWidth;
  // A copy, because the backend keeps a packed right factor by the identity of its data and forgets the shape it had:
  // the same dy as the right factor of another shape elsewhere would give wrong numbers.
  const right = {
    ...runStockKernel(wasm, "Identity", { x: dy }, {}),
    shape: [pixels, geometry.outChannels],
  };
  for (let s = 0; s < geometry.filterWidth; s++) {
    const left = tapMatrix(wasm, x, geometry, s);
    const product = runStockKernel(wasm, "BatchMatMul", { a: left, b: right }, {
      transposeA: false,
      transposeB: false,
    });
    placeColumn(view(wasm, product), view(wasm, gradient), geometry, s);
    release(wasm, left);
    release(wasm, product);
  }
  release(wasm, right);
  return gradient;
};

/** Conv2DBackpropFilter on wasm: {x [N, H, W, C], dy [N, outH, outW, K]} to the filter's gradient [R, S, C, K]. */
export const wasmConv2DBackpropFilter: tf.KernelConfig = {
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc,
};
