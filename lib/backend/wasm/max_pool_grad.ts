/**
 * Replaces MaxPoolGrad of the wasm backend, which is wrong twice: it seeks the maximum from the smallest positive
 * float (numeric_limits<float>::min) up, so that a window with none above it sends its gradient to the first pixel of
 * the whole tensor or nowhere, and of equal maxima it takes the last. Here, as in PyTorch, the gradient goes to the
 * first maximum in row-major order. (WebGPU's own kernel finds negative maxima but also takes the last of equal ones,
 * which is of no effect after a ReLU, as only zeros tie there and the ReLU stops their gradient.)
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, fourSizes, type Geometry, poolingGeometry } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

interface Maxima {
  /** The greatest value found so far, by channel. */
  readonly value: Float32Array;
  /** Where it lies in the input, by channel. */
  readonly position: Int32Array;
}

/** Brings the maxima of one window up to date with one pixel of it, whose channels begin at `offset`. */
const visit = (maxima: Maxima, x: Float32Array, offset: number): void => {
  const { value, position } = maxima;
  for (let c = 0; c < value.length; c++) {
    const candidate = x[offset + c]!;
    if (position[c] === -1 || candidate > value[c]!) {
      value[c] = candidate;
      position[c] = offset + c;
    }
  }
};

/** Finds the maxima of the window whose first pixel, padding included, is (top, left) of image `n`. */
const visitWindow = (
  maxima: Maxima,
  x: Float32Array,
  geometry: Geometry,
  n: number,
  top: number,
  left: number,
): void => {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth } = geometry;
  maxima.position.fill(-1);
  const bottom = Math.min(inHeight, top + filterHeight);
  const right = Math.min(inWidth, left + filterWidth);
  for (let h = Math.max(0, top); h < bottom; h++) {
    for (let w = Math.max(0, left); w < right; w++) {
      visit(maxima, x, ((n * inHeight + h) * inWidth + w) * inChannels);
    }
  }
};

/** Adds the gradient of every output to that of the input that was its window's maximum. */
const scatter = (
  geometry: Geometry,
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
): void => {
  const { batchSize, outHeight, outWidth, inChannels, padInfo } = geometry;
  const value = new Float32Array(inChannels);
  const position = new Int32Array(inChannels);
  dx.fill(0);
  let offset = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * geometry.strideHeight - padInfo.top;
      for (let j = 0; j < outWidth; j++, offset += inChannels) {
        const left = j * geometry.strideWidth - padInfo.left;
        visitWindow({ value, position }, x, geometry, n, top, left);
        for (let c = 0; c < inChannels; c++) {
          const at = position[c]!;
          if (at >= 0) dx[at] = dx[at]! + dy[offset + c]!;
        }
      }
    }
  }
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const { input: x, dy } = floatInputs(inputs, "input", "dy");
  const geometry = poolingGeometry(attrs ?? {}, fourSizes("input", x.shape));
  const dx = allocate(wasm, x.shape);
  scatter(geometry, view(wasm, x), view(wasm, dy), view(wasm, dx));
  return dx;
};

/** MaxPoolGrad on wasm: {dy [N, outH, outW, C], input [N, H, W, C]} to the gradient of the input. */
export const wasmMaxPoolGrad: tf.KernelConfig = {
  kernelName: "MaxPoolGrad",
  backendName: "wasm",
  kernelFunc,
};
