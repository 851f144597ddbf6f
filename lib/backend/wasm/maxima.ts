/**
 * Maxima of windows. TensorFlow.js's kernels begin at the smallest positive float, so that a window of negative numbers alone
 * has a maximum above all of them. Here they begin below everything, and of equal maxima the first in row-major order counts.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { floatInput, floatInputs, fourSizes, poolingGeometry } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

type Five = [number, number, number, number, number];
type Three = [number, number, number];

const fiveSizes = ({ shape }: tf.TensorInfo): Five => {
  const [n, d, h, w, c, ...more] = shape;
  if (
    n !== undefined && d !== undefined && h !== undefined && w !== undefined && c !== undefined && more.length === 0
  ) {
    return [n, d, h, w, c];
  }
  throw new Error(`found a tensor [${shape.join(", ")}], expected five dimensions`);
};

const volumeGeometry = (x: tf.TensorInfo, attrs: tf.NamedAttrMap): tf.backend_util.Conv3DInfo =>
  tf.backend_util.computePool3DInfo(
    fiveSizes(x),
    attrs.filterSize as Three,
    attrs.strides as Three,
    1,
    attrs.pad as "same" | "valid" | number,
    attrs.dimRoundingMode as "floor" | "round" | "ceil" | undefined,
  );

/** One axis of a volume's windows. */
interface Axis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly before: number;
}

const axesOf = (g: tf.backend_util.Conv3DInfo): readonly [Axis, Axis, Axis] => [
  { size: g.inDepth, window: g.filterDepth, stride: g.strideDepth, before: g.padInfo.front },
  { size: g.inHeight, window: g.filterHeight, stride: g.strideHeight, before: g.padInfo.top },
  { size: g.inWidth, window: g.filterWidth, stride: g.strideWidth, before: g.padInfo.left },
];

const spanOf = ({ size, window, stride, before }: Axis, at: number): readonly [number, number] => {
  const begin = at * stride - before;
  return [Math.max(0, begin), Math.min(size, begin + window)];
};

/** Where the maximum of each window and channel stands, in the order of the result; −1 for a window of padding alone. */
const placesIn = (g: tf.backend_util.Conv3DInfo, x: Float32Array): Int32Array => {
  const [planes, rows, columns] = axesOf(g);
  const { batchSize, outDepth, outHeight, outWidth, inDepth, inHeight, inWidth, inChannels } = g;
  const places = new Int32Array(batchSize * outDepth * outHeight * outWidth * inChannels).fill(-1);
  let first = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let a = 0; a < outDepth; a++) {
      const [d0, d1] = spanOf(planes, a);
      for (let b = 0; b < outHeight; b++) {
        const [h0, h1] = spanOf(rows, b);
        for (let c = 0; c < outWidth; c++, first += inChannels) {
          const [w0, w1] = spanOf(columns, c);
          for (let d = d0; d < d1; d++) {
            for (let h = h0; h < h1; h++) {
              for (let w = w0; w < w1; w++) {
                const pixel = (((n * inDepth + d) * inHeight + h) * inWidth + w) * inChannels;
                for (let k = 0; k < inChannels; k++) {
                  const best = places[first + k]!;
                  // What is no number gives way to any that is.
                  if (best < 0 || x[pixel + k]! > x[best]! || x[best]! !== x[best]!) places[first + k] = pixel + k;
                }
              }
            }
          }
        }
      }
    }
  }
  return places;
};

const maxPool3D: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const x = floatInput(inputs, "x");
  const geometry = volumeGeometry(x, attrs);
  const maxima = allocate(wasm, geometry.outShape);
  const [from, to] = [view(wasm, x), view(wasm, maxima)];
  placesIn(geometry, from).forEach((place, at) => to[at] = place < 0 ? 0 : from[place]!);
  return maxima;
};

const maxPool3DGrad: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { input, dy } = floatInputs(inputs, "input", "dy");
  const dx = allocate(wasm, input.shape);
  const [slopes, to] = [view(wasm, dy), view(wasm, dx)];
  to.fill(0);
  placesIn(volumeGeometry(input, attrs), view(wasm, input)).forEach((place, at) => {
    if (place >= 0) to[place]! += slopes[at]!;
  });
  return dx;
};

/** Of pictures, as of volumes of one plane; the places are those of TensorFlow.js, with the batch or within each picture. */
const maxPoolWithArgmax: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const x = floatInput(inputs, "x");
  const [batch, height, width, channels] = fourSizes("x", x.shape);
  const flat = poolingGeometry(attrs, [batch, height, width, channels]);
  const { outShape, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = flat;
  const plane = tf.backend_util.computePool3DInfo(
    [batch, 1, height, width, channels],
    [1, 1, 1],
    [1, 1, 1],
    1,
    "valid",
  );
  const geometry: tf.backend_util.Conv3DInfo = {
    ...plane,
    ...{ outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth },
    padInfo: { ...padInfo, front: 0, back: 0 },
  };
  const [maxima, indices] = [allocate(wasm, outShape), wasm.makeOutput(outShape, "int32")];
  const [from, to, places] = [view(wasm, x), view(wasm, maxima), wasm.typedArrayFromHeap(indices)];
  const each = height * width * channels;
  placesIn(geometry, from).forEach((place, at) => {
    to[at] = place < 0 ? 0 : from[place]!;
    places[at] = attrs.includeBatchInIndex === true ? place : place % each;
  });
  return [maxima, indices];
};

/** Maxima of windows on wasm: x [N, D, H, W, C] or [N, H, W, C] to the windows' maxima, and gradients back to where they stood. */
export const wasmMaxima: readonly tf.KernelConfig[] = [
  { kernelName: "MaxPool3D", backendName: "wasm", kernelFunc: maxPool3D },
  { kernelName: "MaxPool3DGrad", backendName: "wasm", kernelFunc: maxPool3DGrad },
  { kernelName: "MaxPoolWithArgmax", backendName: "wasm", kernelFunc: maxPoolWithArgmax },
];
