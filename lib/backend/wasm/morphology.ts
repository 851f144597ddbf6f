/**
 * Dilation of pictures by a structuring element, and its gradients. TensorFlow.js's kernels begin at the smallest positive
 * float, as those of maxima do: what is negative everywhere came out wrong.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { floatInput, fourSizes } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

type Four = [number, number, number, number];
type Geometry = tf.backend_util.Conv2DInfo;

const geometryOf = (x: tf.TensorInfo, filter: tf.TensorInfo, attrs: tf.NamedAttrMap): Geometry => {
  const [height, width, channels] = filter.shape;
  if (height === undefined || width === undefined || channels === undefined) {
    throw new Error(`found a structuring element [${filter.shape.join(", ")}], expected [height, width, channels]`);
  }
  const [n, h, w, c] = fourSizes("x", x.shape);
  return tf.backend_util.computeDilation2DInfo(
    [n, h, w, c] satisfies Four,
    [height, width, channels],
    attrs.strides as number | [number, number],
    attrs.pad as "same" | "valid" | number,
    "NHWC",
    attrs.dilations as number | [number, number],
  );
};

/** What is told of each number of a result: where its maximum stands in the picture and in the structuring element. */
type Visit = (at: number, pixel: number, tap: number) => void;

/** Calls `visit` with the maximum of x + filter for each number of the result; of equal ones the first counts. */
const eachMaximum = (g: Geometry, x: Float32Array, filter: Float32Array, visit: Visit): void => {
  const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels, filterHeight, filterWidth, padInfo } = g;
  let at = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < inChannels; c++, at++) {
          let [best, bestPixel, bestTap] = [-Infinity, -1, -1];
          for (let a = 0; a < filterHeight; a++) {
            const row = i * g.strideHeight - padInfo.top + a * g.dilationHeight;
            if (row < 0 || row >= inHeight) continue;
            for (let b = 0; b < filterWidth; b++) {
              const column = j * g.strideWidth - padInfo.left + b * g.dilationWidth;
              if (column < 0 || column >= inWidth) continue;
              const pixel = ((n * inHeight + row) * inWidth + column) * inChannels + c;
              const tap = (a * filterWidth + b) * inChannels + c;
              const value = x[pixel]! + filter[tap]!;
              if (value > best) [best, bestPixel, bestTap] = [value, pixel, tap];
            }
          }
          visit(at, bestPixel, bestTap);
        }
      }
    }
  }
};

const dilation: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const [x, filter] = [floatInput(inputs, "x"), floatInput(inputs, "filter")];
  const geometry = geometryOf(x, filter, attrs);
  const result = allocate(wasm, geometry.outShape);
  const [pixels, taps, to] = [view(wasm, x), view(wasm, filter), view(wasm, result)];
  eachMaximum(geometry, pixels, taps, (at, pixel, tap) => to[at] = pixel < 0 ? 0 : pixels[pixel]! + taps[tap]!);
  return result;
};

/** The gradient of one of both operands: each number of dy is added where its maximum stood. */
const gradient = (of: "x" | "filter"): tf.KernelFunc => ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const [x, filter, dy] = [floatInput(inputs, "x"), floatInput(inputs, "filter"), floatInput(inputs, "dy")];
  const result = allocate(wasm, (of === "x" ? x : filter).shape);
  const [slopes, to] = [view(wasm, dy), view(wasm, result)];
  to.fill(0);
  eachMaximum(geometryOf(x, filter, attrs), view(wasm, x), view(wasm, filter), (at, pixel, tap) => {
    const place = of === "x" ? pixel : tap;
    if (place >= 0) to[place]! += slopes[at]!;
  });
  return result;
};

/** Dilation2D on wasm: pictures x [N, H, W, C] and a structuring element [h, w, C], and the gradients of both. */
export const wasmMorphology: readonly tf.KernelConfig[] = [
  { kernelName: "Dilation2D", backendName: "wasm", kernelFunc: dilation },
  { kernelName: "Dilation2DBackpropInput", backendName: "wasm", kernelFunc: gradient("x") },
  { kernelName: "Dilation2DBackpropFilter", backendName: "wasm", kernelFunc: gradient("filter") },
];
