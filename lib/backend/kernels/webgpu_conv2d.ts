/**
 * Replaces Conv2D of the WebGPU backend, whose tiles of workgroup memory are too small for GPUs to reach half of their
 * speed, and make a software adapter several times slower than registers alone.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import { runConvolution } from "./webgpu_convolution.ts";
import type { ConvolutionVariant } from "./webgpu_convolution_variants.ts";
import { inputOf, isOrdinary, runStock } from "./webgpu_stock.ts";
import { webGpuBackend } from "./webgpu_shader.ts";

const run = (
  backend: WebGPUBackend,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  variant: ConvolutionVariant | undefined,
): tf.TensorInfo => {
  const [read, weights] = [inputOf(inputs, "x"), inputOf(inputs, "filter")];
  const geometry = convolutionGeometry(attrs, fourSizes("x", read.shape), fourSizes("filter", weights.shape));
  return runConvolution(backend, { direction: "forward", geometry, read, weights, variant });
};

/** Conv2D computed by one variant, or by the table's choice. */
export const conv2DKernel = (variant?: ConvolutionVariant): tf.KernelFunc => ({ inputs, backend, attrs = {} }) =>
  isOrdinary(attrs, inputs)
    ? run(webGpuBackend(backend), inputs, attrs, variant)
    : runStock("Conv2D", { inputs, backend, attrs });

/**
 * Conv2D on WebGPU: {x [N, H, W, C], filter [R, S, C, K]} to [N, outH, outW, K]. Dilated filters and channels first are
 * left to TensorFlow.js's own.
 */
export const webGpuConv2D: tf.KernelConfig = {
  kernelName: "Conv2D",
  backendName: "webgpu",
  kernelFunc: conv2DKernel(),
};
