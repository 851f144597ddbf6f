import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features, type Tensor4D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { leakyRelu, relu } from "./activations.ts";
import { batchNorm, type BatchNormParams, type BatchNormStatistics, usualEpsilon } from "./batch_norm.ts";
import { biasedConv, type BiasedConvParams, conv, type ConvOptions, type ConvParams } from "./conv.ts";
import { canFuse, type FusedActivation, fusedConvolution } from "./fused_convolution.ts";
import { compose, input, type Layer, then, type Variables } from "./layer.ts";

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

/** What follows batch norm: nothing, max(x, 0), or `slope` · x below 0. */
interface Activation {
  readonly kind: FusedActivation;
  readonly slope: number;
}

const none: Activation = { kind: "none", slope: 0 };
const rectified: Activation = { kind: "relu", slope: 0 };

/** All of it as one kernel, by the tracked statistics. */
const fused = <O extends number>(
  { params, statistics }: Variables<ConvNormParams | BiasedConvNormParams, ConvNormStatistics>,
  input: Tensor4D,
  outputChannels: O,
  { kind, slope }: Activation,
  { stride = 1 }: ConvOptions,
  residual?: Tensor4D,
): Features<O> =>
  asFeatures(
    outputChannels,
    fusedConvolution({
      ...params.conv,
      input,
      norm: { ...params.norm, ...statistics.norm },
      ...(residual === undefined ? {} : { residual }),
      stride,
      epsilon: usualEpsilon,
      activation: kind,
      slope,
    }),
  );

/** The same layer, which is computed in one pass where the backend can and no gradient is wanted. */
const fusable = <I extends number, O extends number, P extends ConvNormParams | BiasedConvNormParams>(
  layer: Layer<Features<I>, Features<O>, P, ConvNormStatistics>,
  outputChannels: O,
  activation: Activation,
  options: ConvOptions,
): Layer<Features<I>, Features<O>, P, ConvNormStatistics> => ({
  init: layer.init,
  apply: (variables, input, mode) =>
    canFuse(mode)
      ? [fused(variables, input, outputChannels, activation, options), variables.statistics]
      : layer.apply(variables, input, mode),
});

/** Convolution without a bias, then batch norm. */
export const convNorm = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const layer = pipe(
    input(inputChannels),
    then("conv", conv(inputChannels, outputChannels, kernelSize, options)),
    then("norm", batchNorm(outputChannels)),
  );
  return fusable(layer, outputChannels, none, options);
};

/** Convolution without a bias, batch norm, ReLU. */
export const convNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const layer = compose(convNorm(inputChannels, outputChannels, kernelSize, options), relu(outputChannels));
  return fusable(layer, outputChannels, rectified, options);
};

/** Convolution without a bias, batch norm, LeakyReLU. */
export const convNormLeakyRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  slope: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const layer = compose(convNorm(inputChannels, outputChannels, kernelSize, options), leakyRelu(outputChannels, slope));
  return fusable(layer, outputChannels, { kind: "leakyRelu", slope }, options);
};

/** Convolution with a bias, batch norm, ReLU: the form of the feature pyramid and the level heads. */
export const biasedConvNormRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: ConvOptions = {},
): Layer<Features<I>, Features<O>, BiasedConvNormParams, ConvNormStatistics> => {
  const layer = pipe(
    input(inputChannels),
    then("conv", biasedConv(inputChannels, outputChannels, kernelSize, options)),
    then("norm", batchNorm(outputChannels)),
    (chain) => compose(chain, relu(outputChannels)),
  );
  return fusable(layer, outputChannels, rectified, options);
};

/** A branch that ends in convolution and batch norm, then the sum with a shortcut and ReLU: how residual blocks close. */
export const convNormAddRelu = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
): Layer<
  readonly [branch: Features<I>, shortcut: Features<O>],
  Features<O>,
  ConvNormParams,
  ConvNormStatistics
> => {
  const layer = convNorm(inputChannels, outputChannels, kernelSize);
  return {
    init: layer.init,
    apply: (variables, [branch, shortcut], mode) => {
      if (canFuse(mode)) {
        return [fused(variables, branch, outputChannels, rectified, {}, shortcut), variables.statistics];
      }
      const [output, statistics] = layer.apply(variables, branch, mode);
      return [asFeatures(outputChannels, tf.relu(tf.add(output, shortcut))), statistics];
    },
  };
};
