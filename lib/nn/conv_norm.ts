import { pipe } from "../dependencies/fp.ts";
import type { Features } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { leakyRelu, relu } from "./activations.ts";
import { batchNorm, type BatchNormParams, type BatchNormStatistics } from "./batch_norm.ts";
import { biasedConv, type BiasedConvParams, conv, type ConvOptions, type ConvParams } from "./conv.ts";
import { compose, input, type Layer, then } from "./layer.ts";

/** Parameters of a convolution without a bias and its batch norm. */
export type ConvNormParams = {
  readonly conv: ConvParams;
  readonly norm: BatchNormParams;
};

/** Parameters of a convolution with a bias and its batch norm. */
export type BiasedConvNormParams = {
  readonly conv: BiasedConvParams;
  readonly norm: BatchNormParams;
};

/** Statistics of a convolution's batch norm. */
export type ConvNormStatistics = {
  readonly conv: Empty;
  readonly norm: BatchNormStatistics;
};

/** Convolution without a bias, then batch norm. */
export const convNorm = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> =>
  pipe(
    input(inputChannels),
    then("conv", conv(inputChannels, outputChannels, kernelSize, options)),
    then("norm", batchNorm(outputChannels)),
  );

/** Convolution without a bias, batch norm, ReLU. */
export const convNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> =>
  compose(
    convNorm(inputChannels, outputChannels, kernelSize, options),
    relu(outputChannels),
  );

/** Convolution without a bias, batch norm, LeakyReLU. */
export const convNormLeakyRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  slope: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> =>
  compose(
    convNorm(inputChannels, outputChannels, kernelSize, options),
    leakyRelu(outputChannels, slope),
  );

/** Convolution with a bias, batch norm, ReLU: the form of the feature pyramid and the level heads. */
export const biasedConvNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, BiasedConvNormParams, ConvNormStatistics> =>
  pipe(
    input(inputChannels),
    then(
      "conv",
      biasedConv(inputChannels, outputChannels, kernelSize, options),
    ),
    then("norm", batchNorm(outputChannels)),
    (chain) => compose(chain, relu(outputChannels)),
  );
