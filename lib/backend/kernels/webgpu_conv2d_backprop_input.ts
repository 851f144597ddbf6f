/**
 * Replaces Conv2DBackpropInput of the WebGPU backend. The gradient of a convolution's input is a convolution of the
 * output's gradient, whose filter is read in place, turned and with its channels swapped. With a stride, the input's
 * pixels fall into phases that the same taps read (see webgpu_convolution_form.ts): each phase has workgroups of its own,
 * in the same dispatch, so that no invocation waits for another's taps.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import { runConvolution } from "./webgpu_convolution.ts";
import type { ConvolutionVariant } from "./webgpu_convolution_variants.ts";
import { webGpuBackend } from "./webgpu_shader.ts";
import { inputOf, isOrdinary, runStock } from "./webgpu_stock.ts";

const run = (
  backend: WebGPUBackend,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  variant: ConvolutionVariant | undefined,
): tf.TensorInfo => {
  const [read, weights] = [inputOf(inputs, "dy"), inputOf(inputs, "filter")];
  const inputShape = fourSizes("inputShape", attrs.inputShape);
  const geometry = convolutionGeometry(attrs, inputShape, fourSizes("filter", weights.shape));
  return runConvolution(backend, { direction: "gradient", geometry, read, weights, variant });
};

/** Conv2DBackpropInput computed by one variant, or by the table's choice. */
export const conv2DBackpropInputKernel =
  (variant?: ConvolutionVariant): tf.KernelFunc => ({ inputs, backend, attrs = {} }) =>
    isOrdinary(attrs, inputs)
      ? run(webGpuBackend(backend), inputs, attrs, variant)
      : runStock("Conv2DBackpropInput", { inputs, backend, attrs });

/** Conv2DBackpropInput on WebGPU: {dy [N, outH, outW, K], filter [R, S, C, K]} to the input's gradient [N, H, W, C]. */
export const webGpuConv2DBackpropInput: tf.KernelConfig = {
  kernelName: "Conv2DBackpropInput",
  backendName: "webgpu",
  kernelFunc: conv2DBackpropInputKernel(),
};
