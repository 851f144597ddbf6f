/**
 * Adds FusedConvolution to WebGPU: a convolution and the bias, batch norm, residual and activation that follow it, in one
 * dispatch where TensorFlow.js's own operations take up to ten, each of which reads and writes the whole output.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { convolutionGeometry, fourSizes, numberAttribute } from "./attributes.ts";
import { runConvolution } from "./webgpu_convolution.ts";
import type { Epilogue } from "./webgpu_convolution_form.ts";
import type { ConvolutionVariant } from "./webgpu_convolution_variants.ts";
import { release, webGpuBackend } from "./webgpu_shader.ts";
import { inputOf } from "./webgpu_stock.ts";

const activationOf = (value: unknown): Epilogue["activation"] => {
  if (value === "none" || value === "relu" || value === "leakyRelu") return value;
  throw new Error(
    `kernel attribute activation: found ${JSON.stringify(value)}, expected "none", "relu" or "leakyRelu".`,
  );
};

/** Of these names, the inputs that are there. */
const present = (inputs: tf.NamedTensorInfoMap, names: readonly string[]): Record<string, tf.TensorInfo> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const input = inputs[name];
      return input === undefined ? [] : [[name, input] as const];
    }),
  );

const vectors = ["bias", "gamma", "beta", "mean", "variance"];

const convolve = (
  backend: WebGPUBackend,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  activation: Epilogue["activation"],
  variant: ConvolutionVariant | undefined,
): tf.TensorInfo => {
  const [read, weights] = [inputOf(inputs, "x"), inputOf(inputs, "filter")];
  const filterShape = fourSizes("filter", weights.shape);
  const [height, width] = [Math.floor(filterShape[0] / 2), Math.floor(filterShape[1] / 2)];
  const pad = [[0, 0], [height, height], [width, width], [0, 0]];
  const strides = numberAttribute("stride", attrs.stride);
  const geometry = convolutionGeometry({ strides, pad }, fourSizes("x", read.shape), filterShape);
  const others = present(inputs, [...vectors, "residual"]);
  const epilogue = { bias: "bias" in others, norm: "gamma" in others, residual: "residual" in others, activation };
  const [epsilon, slope] = [numberAttribute("epsilon", attrs.epsilon), numberAttribute("slope", attrs.slope)];
  return runConvolution(backend, {
    direction: "forward",
    geometry,
    read,
    weights,
    epilogue,
    others,
    epsilon,
    slope,
    variant,
  });
};

const one = (result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo => {
  if (!Array.isArray(result)) return result;
  throw new Error(`found a kernel with ${result.length} results, expected one`);
};

const runKernel = (
  backend: WebGPUBackend,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo => one(tf.getKernel(name, "webgpu").kernelFunc({ inputs, backend, attrs }));

const activate = (
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  activation: Epilogue["activation"],
  attrs: tf.NamedAttrMap,
): tf.TensorInfo => {
  if (activation === "none") return x;
  const result = activation === "relu"
    ? runKernel(backend, "Relu", { x }, {})
    : runKernel(backend, "LeakyRelu", { x }, { alpha: numberAttribute("slope", attrs.slope) });
  release(backend, x);
  return result;
};

/** The residual and the activation on their own, for adapters that bind fewer buffers than all of it needs. */
const inParts = (
  backend: WebGPUBackend,
  { residual, ...inputs }: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  variant: ConvolutionVariant | undefined,
): tf.TensorInfo => {
  const sum = convolve(backend, inputs, attrs, "none", variant);
  if (residual === undefined) return activate(backend, sum, activationOf(attrs.activation), attrs);
  const total = runKernel(backend, "Add", { a: sum, b: residual }, {});
  release(backend, sum);
  return activate(backend, total, activationOf(attrs.activation), attrs);
};

/** FusedConvolution computed by one variant or by the table's choice, with at most so many buffers. */
export const fusedConvolutionKernel =
  (variant?: ConvolutionVariant, mostBuffers = Infinity): tf.KernelFunc => ({ inputs, backend, attrs = {} }) => {
    const webgpu = webGpuBackend(backend);
    const most = Math.min(webgpu.device.limits.maxStorageBuffersPerShaderStage, mostBuffers);
    const buffers = 1 + Object.keys(present(inputs, ["x", "filter", ...vectors, "residual"])).length;
    return buffers <= most
      ? convolve(webgpu, inputs, attrs, activationOf(attrs.activation), variant)
      : inParts(webgpu, inputs, attrs, variant);
  };

/**
 * {x [N, H, W, C], filter [R, S, C, K]} and, each if it is there, bias [K], gamma, beta, mean and variance [K] (all four or
 * none) and residual (of the output's shape) to activation(conv(x, filter) · scale + shift + residual), where scale =
 * γ / √(variance + ε) and shift = β + (bias − mean) · scale; without norm, scale is 1 and shift the bias. Attributes: stride,
 * epsilon, activation ("none", "relu" or "leakyRelu") and its slope. The padding is ⌊kernel / 2⌋ zeros at every side.
 */
export const webGpuFusedConvolution: tf.KernelConfig = {
  kernelName: "FusedConvolution",
  backendName: "webgpu",
  kernelFunc: fusedConvolutionKernel(),
};
