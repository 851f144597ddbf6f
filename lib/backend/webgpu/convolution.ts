/**
 * Convolutions and the gradients of their inputs on the WebGPU backend, with all that may follow, in one dispatch each.
 * Sums are taken in a fixed order, so repeats give the same bits.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { traitsOf } from "../adapter.ts";
import {
  conv2DGeometry,
  fourSizes,
  type Geometry,
  hasChannelsLast,
  inputGradientGeometry,
  inputOf,
  isMismatched,
} from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { winogradPaysFor } from "../winograd.ts";
import {
  type ConvolutionForm,
  type DownAcross,
  type Epilogue,
  formName,
  geometryCode,
  noEpilogue,
  phaseCount,
  sizeParameters,
  type SourceForm,
} from "./convolution_form.ts";
import { memoryCode, readsOf } from "./convolution_memory.ts";
import { tiledCode, tiledInvocations } from "./convolution_tiled.ts";
import { type ConvolutionVariant, convolutionVariant, registersCode, variantName } from "./convolution_variants.ts";
import { allocate, dispatch, elementOf, type Shader, type Sizes, webGpuBackend } from "./shader.ts";
import { runWinograd, winogradBytes } from "./winograd.ts";

/** Dearer than on wasm: there are three dispatches more, and what gained less than 1.3 times is not worth them. */
const costOfNumber = 50;

/** What one run computes. */
export interface ConvolutionRun {
  readonly direction: ConvolutionForm["direction"];
  readonly geometry: Geometry;
  /** The input, or for the gradient that of the output. */
  readonly read: tf.TensorInfo;
  readonly weights: tf.TensorInfo;
  /** What is read, "one" if it is not given. */
  readonly source?: SourceForm;
  readonly epilogue?: Epilogue;
  /** The other tensors by name: second and gain; bias, gamma, beta, mean, variance and residual. */
  readonly others?: Readonly<Record<string, tf.TensorInfo>>;
  /** Added to the variance under the root. */
  readonly epsilon?: number;
  /** Of "leakyRelu" below 0. */
  readonly slope?: number;
  /** How to compute; the table's choice if it is not given. */
  readonly variant?: ConvolutionVariant | undefined;
  /** Whether to compute by Winograd, which only variants of registers can; the table's choice if it is not given. */
  readonly winograd?: boolean | undefined;
}

type Four = readonly [batch: number, height: number, width: number, channels: number];

const shapesOf = ({ direction, geometry }: ConvolutionRun): { readonly read: Four; readonly made: Four } => {
  const { inShape, outShape } = geometry;
  return direction === "forward" ? { read: inShape, made: outShape } : { read: outShape, made: inShape };
};

/** Channels of the first of two sources. */
const firstChannels = ({ read }: ConvolutionRun): number => fourSizes("the convolved tensor", read.shape)[3];

const formOf = (run: ConvolutionRun): ConvolutionForm => {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = run.geometry;
  const { read, made } = shapesOf(run);
  return {
    direction: run.direction,
    taps: [filterHeight, filterWidth],
    stride: [strideHeight, strideWidth],
    dilation: [dilationHeight, dilationWidth],
    padding: [padInfo.top, padInfo.left],
    source: run.source ?? "one",
    summedByFours: read[3] % 4 === 0 && firstChannels(run) % 4 === 0,
    madeByFours: made[3] % 4 === 0,
    epilogue: run.epilogue ?? noEpilogue,
  };
};

const parameters = { ...sizeParameters, epsilon: "f32", slope: "f32" } as const;

const shaderOf = (form: ConvolutionForm, variant: ConvolutionVariant): Shader & { parameters: typeof parameters } => ({
  name: `convolution ${formName(form)} | ${variantName(variant)}`,
  workgroup: [variant.kind === "tiled" ? tiledInvocations(variant) : variant.lanes, 1, 1],
  writes: { output: elementOf(form.madeByFours ? 4 : 1) },
  reads: readsOf(form),
  parameters,
  // Only written out when it is first compiled: it is long.
  get code() {
    return `
${geometryCode(form)}
${memoryCode(form)}
${variant.kind === "tiled" ? tiledCode(form, variant) : registersCode(variant)}`;
  },
});

/** Pixels in the largest phase. */
const phasePixels = ([batch, height, width]: Four, { direction, stride }: ConvolutionForm): number => {
  const [down, across]: DownAcross = direction === "forward" ? [1, 1] : stride;
  return batch * Math.ceil(height / down) * Math.ceil(width / across);
};

/** Channels first: workgroups that follow each other read the same pixels. */
const workgroupsOf = (pixels: number, channels: number, phases: number, variant: ConvolutionVariant): Sizes =>
  variant.kind === "tiled"
    ? [Math.ceil(channels / variant.channels), Math.ceil(pixels / variant.pixels), phases]
    : [Math.ceil(channels / 4 / variant.quads), Math.ceil(pixels / variant.pixels / variant.lanes), phases];

/** Runs one convolution; the caller releases the result, of shape [batch, height, width, channels]. */
export const runConvolution = (backend: WebGPUBackend, run: ConvolutionRun): tf.TensorInfo => {
  const form = formOf(run);
  const { read: [batch, readHeight, readWidth, summed], made: madeShape } = shapesOf(run);
  const [, madeHeight, madeWidth, made] = madeShape;
  const pixels = phasePixels(madeShape, form);
  const variant = run.variant ?? convolutionVariant(traitsOf(backend), { pixels, channels: made });
  const result = allocate(backend, madeShape);
  const { epsilon = 0, slope = 0, others } = run;
  const residual = others?.residual;
  const [, residualHeight, residualWidth] = residual === undefined ? [0, 0, 0] : fourSizes("residual", residual.shape);
  const numbers = {
    ...{ batch, readHeight, readWidth, summed, madeHeight, madeWidth, made },
    ...{ firstSummed: firstChannels(run), residualHeight, residualWidth, epsilon, slope },
  };
  const reads = { source: run.read, weights: run.weights, ...others };
  const fits = winogradBytes(numbers) <= backend.device.limits.maxStorageBufferBindingSize;
  const byWinograd = run.winograd ??
    (run.variant === undefined && fits && form.summedByFours &&
      winogradPaysFor(run.geometry, run.direction, costOfNumber));
  // On GPUs it was not measured.
  if (byWinograd && variant.kind === "registers") {
    runWinograd(backend, { form, variant, numbers, result, reads });
    return result;
  }
  dispatch(backend, {
    shader: shaderOf(form, variant),
    writes: { output: result },
    reads,
    parameters: numbers,
    workgroups: workgroupsOf(pixels, made, phaseCount(form), variant),
  });
  return result;
};

/** A kernel that is one convolution. */
interface Convolution {
  readonly kernelName: string;
  readonly direction: ConvolutionForm["direction"];
  /** The input that is convolved. */
  readonly read: string;
  readonly geometryOf: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => Geometry;
}

/** Channels first and other numbers than floats are left to TensorFlow.js's own kernel. */
const isOwn = (attrs: tf.NamedAttrMap, inputs: tf.NamedTensorInfoMap): boolean =>
  hasChannelsLast(attrs) && Object.values(inputs).every((input) => input?.dtype === "float32");

const kernelOf =
  ({ kernelName, direction, read, geometryOf }: Convolution) =>
  (variant?: ConvolutionVariant): tf.KernelFunc =>
  ({ inputs, backend, attrs = {} }) => {
    if (!isOwn(attrs, inputs)) return runStockKernel("webgpu", kernelName, { inputs, backend, attrs });
    const geometry = geometryOf(inputs, attrs);
    if (direction === "gradient" && isMismatched(inputOf(inputs, read), geometry)) {
      return runStockKernel("webgpu", kernelName, { inputs, backend, attrs });
    }
    return runConvolution(webGpuBackend(backend), {
      direction,
      geometry,
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
