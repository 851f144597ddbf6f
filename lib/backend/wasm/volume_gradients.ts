/** The gradients of a convolution of volumes, which TensorFlow.js's wasm kernels have wrong beyond cubes. */
import { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

type Five = [number, number, number, number, number];

const geometryOf = (
  input: readonly number[],
  filter: readonly number[],
  attrs: tf.NamedAttrMap,
): tf.backend_util.Conv3DInfo =>
  tf.backend_util.computeConv3DInfo(
    [...input] as Five,
    [...filter] as Five,
    attrs.strides as number | [number, number, number],
    1,
    attrs.pad as "same" | "valid",
  );

/** Where an output pixel and a tap of the filter meet the input: the first numbers of all three. */
type Visit = (pixel: number, output: number, tap: number) => void;

const eachTap = (g: tf.backend_util.Conv3DInfo, visit: Visit): void => {
  const { inDepth, inHeight, inWidth, inChannels, outChannels, filterDepth, filterHeight, filterWidth, padInfo } = g;
  let output = 0;
  for (let n = 0; n < g.batchSize; n++) {
    for (let a = 0; a < g.outDepth; a++) {
      for (let b = 0; b < g.outHeight; b++) {
        for (let c = 0; c < g.outWidth; c++, output += outChannels) {
          for (let i = 0; i < filterDepth * filterHeight * filterWidth; i++) {
            const d = a * g.strideDepth - padInfo.front + Math.floor(i / (filterHeight * filterWidth));
            const h = b * g.strideHeight - padInfo.top + Math.floor(i / filterWidth) % filterHeight;
            const w = c * g.strideWidth - padInfo.left + i % filterWidth;
            if (d < 0 || d >= inDepth || h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
            const pixel = ((n * inDepth + d) * inHeight + h) * inWidth + w;
            visit(pixel * inChannels, output, i * inChannels * outChannels);
          }
        }
      }
    }
  }
};

const inputGradient: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { dy, filter } = floatInputs(inputs, "dy", "filter");
  const geometry = geometryOf(attrs.inputShape as Five, filter.shape, attrs);
  const { inChannels, outChannels, inShape } = geometry;
  const dx = allocate(wasm, inShape);
  const [slopes, weights, to] = [view(wasm, dy), view(wasm, filter), view(wasm, dx)];
  to.fill(0);
  eachTap(geometry, (pixel, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      let sum = 0;
      for (let o = 0; o < outChannels; o++) sum += slopes[output + o]! * weights[tap + c * outChannels + o]!;
      to[pixel + c]! += sum;
    }
  });
  return dx;
};

const filterGradient: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { x, dy } = floatInputs(inputs, "x", "dy");
  const geometry = geometryOf(x.shape, attrs.filterShape as Five, attrs);
  const { inChannels, outChannels, filterShape } = geometry;
  const dFilter = allocate(wasm, filterShape);
  const [pixels, slopes, to] = [view(wasm, x), view(wasm, dy), view(wasm, dFilter)];
  to.fill(0);
  eachTap(geometry, (pixel, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      for (let o = 0; o < outChannels; o++) to[tap + c * outChannels + o]! += pixels[pixel + c]! * slopes[output + o]!;
    }
  });
  return dFilter;
};

/** On wasm: dy [N, D, H, W, O] with the filter [d, h, w, C, O] to the gradient of the input, with x to that of the filter. */
export const wasmVolumeGradients: readonly tf.KernelConfig[] = [
  { kernelName: "Conv3DBackpropInputV2", backendName: "wasm", kernelFunc: inputGradient },
  { kernelName: "Conv3DBackpropFilterV2", backendName: "wasm", kernelFunc: filterGradient },
];
