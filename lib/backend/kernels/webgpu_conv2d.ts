import type { tf } from "../../dependencies/tensorflow.ts";
import { conv2DGeometry, type Geometry, inputGradientGeometry, inputOf, isPlainConvolution } from "./attributes.ts";
import { runStockKernel } from "./register.ts";
import { runConvolution } from "./webgpu_convolution.ts";
import type { ConvolutionForm } from "./webgpu_convolution_form.ts";
import type { ConvolutionVariant } from "./webgpu_convolution_variants.ts";
import { webGpuBackend } from "./webgpu_shader.ts";

/** A kernel that is one convolution. */
interface Convolution {
  readonly kernelName: string;
  readonly direction: ConvolutionForm["direction"];
  /** The input that is convolved. */
  readonly read: string;
  readonly geometryOf: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => Geometry;
}

/** Dilated filters, channels first and other numbers than floats are left to TensorFlow.js's own kernel. */
const isOwn = (attrs: tf.NamedAttrMap, inputs: tf.NamedTensorInfoMap): boolean =>
  isPlainConvolution(attrs) && Object.values(inputs).every((input) => input?.dtype === "float32");

const kernelOf =
  ({ kernelName, direction, read, geometryOf }: Convolution) =>
  (variant?: ConvolutionVariant): tf.KernelFunc =>
  ({ inputs, backend, attrs = {} }) => {
    if (!isOwn(attrs, inputs)) return runStockKernel("webgpu", kernelName, { inputs, backend, attrs });
    return runConvolution(webGpuBackend(backend), {
      direction,
      geometry: geometryOf(inputs, attrs),
      read: inputOf(inputs, read),
      weights: inputOf(inputs, "filter"),
      variant,
    });
  };

const forward: Convolution = {
  kernelName: "Conv2D",
  direction: "forward",
  read: "x",
  geometryOf: conv2DGeometry,
};

const gradient: Convolution = {
  kernelName: "Conv2DBackpropInput",
  direction: "gradient",
  read: "dy",
  geometryOf: inputGradientGeometry,
};

/** Conv2D computed by one variant, or by the table's choice. */
export const conv2DKernel: (variant?: ConvolutionVariant) => tf.KernelFunc = kernelOf(forward);

/** Conv2DBackpropInput computed by one variant, or by the table's choice. */
export const conv2DBackpropInputKernel: (variant?: ConvolutionVariant) => tf.KernelFunc = kernelOf(gradient);

/**
 * Conv2D on WebGPU: {x [N, H, W, C], filter [R, S, C, K]} to [N, outH, outW, K].
 *
 * It takes the place of TensorFlow.js's own, whose tiles of workgroup memory are too small for GPUs to reach half of their
 * speed, and make a software adapter several times slower than registers alone.
 */
export const webGpuConv2D: tf.KernelConfig = {
  kernelName: forward.kernelName,
  backendName: "webgpu",
  kernelFunc: conv2DKernel(),
};

/**
 * Conv2DBackpropInput on WebGPU: {dy [N, outH, outW, K], filter [R, S, C, K]} to the input's gradient [N, H, W, C].
 *
 * It is a convolution of the output's gradient, whose filter is read in place, turned and with its channels swapped. With a
 * stride, the input's pixels fall into phases that the same taps read: each phase has workgroups of its own, in the same
 * dispatch, so that no invocation waits for another's taps.
 */
export const webGpuConv2DBackpropInput: tf.KernelConfig = {
  kernelName: gradient.kernelName,
  backendName: "webgpu",
  kernelFunc: conv2DBackpropInputKernel(),
};
