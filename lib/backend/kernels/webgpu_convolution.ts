/**
 * Convolutions and the gradients of their inputs on the WebGPU backend, with all that may follow, in one dispatch each.
 * Sums are taken in a fixed order, so repeats give the same bits.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { winogradPaysFor } from "../winograd.ts";
import { fourSizes, type Geometry } from "./attributes.ts";
import { traitsOf } from "./webgpu_adapter.ts";
import {
  type ConvolutionForm,
  type Epilogue,
  formName,
  geometryCode,
  noEpilogue,
  type Pair,
  phaseCount,
  sizeParameters,
  type SourceForm,
} from "./webgpu_convolution_form.ts";
import { memoryCode, readsOf } from "./webgpu_convolution_memory.ts";
import { registersCode } from "./webgpu_convolution_registers.ts";
import { tiledCode, tiledInvocations } from "./webgpu_convolution_tiled.ts";
import { type ConvolutionVariant, convolutionVariant, variantName } from "./webgpu_convolution_variants.ts";
import { allocate, dispatch, elementOf, type Shader, type Sizes } from "./webgpu_shader.ts";
import { runWinograd, winogradBytes } from "./webgpu_winograd.ts";

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
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = run.geometry;
  const { read, made } = shapesOf(run);
  return {
    direction: run.direction,
    taps: [filterHeight, filterWidth],
    stride: [strideHeight, strideWidth],
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
  const [down, across]: Pair = direction === "forward" ? [1, 1] : stride;
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
