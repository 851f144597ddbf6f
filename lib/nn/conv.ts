/** Layers that multiply by weights, convolutions and linear layers, and how their weights begin. */
import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import { asFeatures, type Features, type Tensor1D, type Tensor2D, type Tensor4D } from "../tensor/features.ts";
import { type Key, normals, uniforms } from "../tensor/key.ts";
import type { Empty } from "../tensor/tree.ts";
import type { Layer } from "./layer.ts";
import { convolveGroups, type Padding, type Window } from "./taps.ts";

/**
 * Convolution weights from a normal distribution whose deviation is √(2 / fan in), fan in = kernel² · input channels
 * (He et al., "Delving deep into rectifiers", ICCV 2015). Shape (height, width, input channels, output channels).
 */
export const heNormal = (
  key: Key,
  shape: readonly [number, number, number, number],
): tf.Tensor4D => {
  const [height, width, inputChannels, outputChannels] = shape;
  const deviation = Math.sqrt(2 / (height * width * inputChannels));
  const values = normals(key, height * width * inputChannels * outputChannels)
    .map((value) => value * deviation);
  return tf.tensor4d(values, [...shape]);
};

/** Weights of a linear layer, uniform in ±1/√(input channels). Shape (input channels, output channels). */
export const linearUniform = (
  key: Key,
  inputChannels: number,
  outputChannels: number,
): tf.Tensor2D => {
  const bound = 1 / Math.sqrt(inputChannels);
  const values = Float32Array.from(
    uniforms(key, inputChannels * outputChannels),
    (u) => (2 * u - 1) * bound,
  );
  return tf.tensor2d(values, [inputChannels, outputChannels]);
};

/** How far a convolution moves over its input.
 * @category Layers */
export interface StrideOptions {
  /** Step between outputs in pixels, 1 by default. The output has ⌈size / stride⌉ rows and columns for odd kernels. */
  readonly stride?: number;
}

/** How a convolution moves over its input, and what it sees of it.
 * @category Layers */
export interface ConvOptions extends StrideOptions {
  /** Pixels from tap to tap, 1 by default. Padded are dilation · ⌊kernel / 2⌋ pixels at every side. */
  readonly dilation?: number;
  /** Groups of neighbouring channels that do not see each other, 1 by default. */
  readonly groups?: number;
  /** What stands beyond the edges, "zeros" by default. */
  readonly padding?: Padding;
}

/** The same, and how the bias begins.
 * @category Layers */
export interface BiasedConvOptions extends ConvOptions {
  /** The bias of every output channel before training, 0 by default. */
  readonly initialBias?: number;
}

/** Weights of shape (kernel, kernel, input channels, output channels).
 * @category Layers */
export type ConvParams = { readonly kernel: Tensor4D };

/** Weights of shape (kernel, kernel, input channels, output channels) and a bias for each output channel.
 * @category Layers */
export type BiasedConvParams = {
  readonly kernel: Tensor4D;
  readonly bias: Tensor1D;
};

/** The padding with which PyTorch's networks keep the size at stride 1: ⌊kernel / 2⌋ zeros at every side. */
const convolve = (
  input: Tensor4D,
  kernel: Tensor4D,
  stride: number,
): Tensor4D =>
  tf.conv2d(
    input,
    kernel,
    stride,
    Math.floor(kernel.shape[0] / 2),
    "NHWC",
    1,
    "floor",
  );

/** What a layer's sizes must be: a bound far beyond any network, below which their products are exact. */
const size = { type: "integer", least: 1, most: 1_000_000 } as const;

const sizes = {
  inputChannels: size,
  outputChannels: size,
  kernelSize: size,
  stride: size,
  dilation: size,
  groups: size,
} as const;

/** The window of a convolution that keeps the size at stride 1. */
export const windowOf = (kernelSize: number, { stride = 1, dilation = 1 }: ConvOptions): Window => ({
  size: kernelSize,
  stride,
  dilation,
  padding: dilation * Math.floor(kernelSize / 2),
});

const requireConvolution = (
  inputChannels: number,
  outputChannels: number,
  kernelSize: number,
  { stride, dilation, groups }: ConvOptions,
): void => {
  requireNumbers("a convolution", sizes, { inputChannels, outputChannels, kernelSize, stride, dilation, groups });
  if (inputChannels % (groups ?? 1) !== 0 || outputChannels % (groups ?? 1) !== 0) {
    throw new RangeError(
      `a convolution: ${inputChannels} and ${outputChannels} channels must be multiples of ${groups} groups`,
    );
  }
};

const convolveBy = (options: ConvOptions): (input: Tensor4D, kernel: Tensor4D) => Tensor4D => {
  const { stride = 1, dilation = 1, groups = 1, padding = "zeros" } = options;
  if (dilation === 1 && groups === 1 && padding === "zeros") return (input, kernel) => convolve(input, kernel, stride);
  return (input, kernel) => convolveGroups(input, kernel, windowOf(kernel.shape[0], options), padding, groups);
};

/**
 * Convolution without a bias, (batch, height, width, I) → (batch, ⌈height / stride⌉, ⌈width / stride⌉, O), zero padding of
 * ⌊kernel / 2⌋ at every side unless the options say otherwise. In groups, the weights are (kernel, kernel, I / groups, O).
 *
 * @throws RangeError for sizes that are no whole numbers from 1, or channels that are no multiples of the groups.
 * @category Layers
 */
export const conv = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvParams, Empty> => {
  requireConvolution(inputChannels, outputChannels, kernelSize, options);
  const shape = [kernelSize, kernelSize, inputChannels / (options.groups ?? 1), outputChannels] as const;
  const run = convolveBy(options);
  return {
    init: (key) => ({ params: { kernel: heNormal(key, shape) }, statistics: {} }),
    form: { params: { kernel: shape }, statistics: {} },
    apply: ({ params }, input) => [
      asFeatures(outputChannels, run(input, params.kernel)),
      {},
    ],
  };
};

/** {@link conv} with a bias for each output channel.
 * @category Layers */
export const biasedConv = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: BiasedConvOptions = {},
): Layer<Features<I>, Features<O>, BiasedConvParams, Empty> => {
  const plain = conv(inputChannels, outputChannels, kernelSize, options);
  return {
    init: (key) => ({
      params: { ...plain.init(key).params, bias: tf.fill([outputChannels], options.initialBias ?? 0) },
      statistics: {},
    }),
    form: { params: { ...plain.form.params, bias: [outputChannels] }, statistics: {} },
    apply: (variables, input, mode) => {
      const [output] = plain.apply(variables, input, mode);
      return [asFeatures(outputChannels, tf.add(output, variables.params.bias)), {}];
    },
  };
};

/** Weights (input channels, output channels) and a bias for each output channel.
 * @category Layers */
export type LinearParams = {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D;
};

/**
 * x · weight + bias: (batch, input channels) → (batch, output channels).
 *
 * @throws RangeError for sizes that are no whole numbers from 1.
 * @category Layers
 */
export const linear = (
  inputChannels: number,
  outputChannels: number,
): Layer<Tensor2D, Tensor2D, LinearParams, Empty> => {
  requireNumbers("a linear layer", sizes, { inputChannels, outputChannels });
  return {
    init: (key) => ({
      params: {
        weight: linearUniform(key, inputChannels, outputChannels),
        bias: tf.zeros([outputChannels]),
      },
      statistics: {},
    }),
    form: { params: { weight: [inputChannels, outputChannels], bias: [outputChannels] }, statistics: {} },
    apply: ({ params }, input) => [tf.add(tf.matMul(input, params.weight), params.bias), {}],
  };
};
