import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { batchNorm, type BatchNormOptions, type BatchNormParams, type BatchNormStatistics } from "./batch_norm.ts";
import { biasedConv, type BiasedConvParams, conv, type ConvParams, type StrideOptions } from "./conv.ts";
import { alone, constantsOf, fusable, joinedWith, none, type Reads, rectified } from "./fused_convolution.ts";
import { compose, inputFeatures, type Layer, layer } from "./layer.ts";
import { leakyRelu, relu } from "./operations.ts";

/** Parameters of a convolution without a bias and its batch norm.
 * @category Layers */
export type ConvNormParams = {
  readonly conv: ConvParams;
  readonly norm: BatchNormParams;
};

/** Parameters of a convolution with a bias and its batch norm.
 * @category Layers */
export type BiasedConvNormParams = {
  readonly conv: BiasedConvParams;
  readonly norm: BatchNormParams;
};

/** Statistics of a convolution's batch norm.
 * @category Layers */
export type ConvNormStatistics = {
  readonly conv: Empty;
  readonly norm: BatchNormStatistics;
};

/** How a convolution moves over its input, and the constants of its batch norm.
 * @category Layers */
export interface ConvNormOptions extends StrideOptions, BatchNormOptions {}

/** Convolution without a bias, then batch norm.
 * @category Layers */
export const convNorm = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvNormOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const unfused = pipe(
    inputFeatures(inputChannels),
    layer("conv", conv(inputChannels, outputChannels, kernelSize, options)),
    layer("norm", batchNorm(outputChannels, options)),
  );
  return fusable(unfused, alone, outputChannels, none, constantsOf(options));
};

/** Convolution without a bias, batch norm, ReLU.
 * @category Layers */
export const convNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvNormOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const unfused = compose(convNorm(inputChannels, outputChannels, kernelSize, options), relu(outputChannels));
  return fusable(unfused, alone, outputChannels, rectified, constantsOf(options));
};

/** Convolution without a bias, batch norm, LeakyReLU.
 * @category Layers */
export const convNormLeakyRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  slope: number,
  options: ConvNormOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const unfused = compose(
    convNorm(inputChannels, outputChannels, kernelSize, options),
    leakyRelu(outputChannels, slope),
  );
  return fusable(unfused, alone, outputChannels, { kind: "leakyRelu", slope }, constantsOf(options));
};

/** Convolution with a bias, batch norm, ReLU: the form of the feature pyramid and the level heads.
 * @category Layers */
export const biasedConvNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvNormOptions = {},
): Layer<Features<I>, Features<O>, BiasedConvNormParams, ConvNormStatistics> => {
  const unfused = pipe(
    inputFeatures(inputChannels),
    layer("conv", biasedConv(inputChannels, outputChannels, kernelSize, options)),
    layer("norm", batchNorm(outputChannels, options)),
    (chain) => compose(chain, relu(outputChannels)),
  );
  return fusable(unfused, alone, outputChannels, rectified, constantsOf(options));
};

/** A branch that ends in convolution and batch norm, then the sum with a shortcut and ReLU: how residual blocks close.
 * @category Layers */
export const convNormAddRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvNormOptions = {},
): Layer<
  readonly [branch: Features<I>, shortcut: Features<O>],
  Features<O>,
  ConvNormParams,
  ConvNormStatistics
> => {
  const unfused = joinedWith(
    convNorm(inputChannels, outputChannels, kernelSize, options),
    (output, shortcut: Features<O>) => asFeatures(outputChannels, tf.relu(tf.add(output, shortcut))),
  );
  const reads = ([branch, shortcut]: readonly [Features<I>, Features<O>]): Reads => ({
    ...alone(branch),
    residual: { features: shortcut, added: "before activation" },
  });
  return fusable(unfused, reads, outputChannels, rectified, constantsOf(options));
};
