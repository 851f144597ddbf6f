/** What the rows of layers at inference share: a convolution and its batch norm by tracked statistics. */
import type { tf } from "../../../lib/dependencies/tensorflow.ts";
import { convolve, featuresOf } from "./convolution.ts";
import { at, generate, mapNumbers, type Numbers } from "./numbers.ts";
import { curved, fixed, type Operand } from "./operation.ts";

const epsilon = 1e-5;

/** A variance of which ε is a hundredth, so that another one is missed. */
const smallVariance = (noise: number): number => 1e-3 * (1 + 0.5 * noise);

/** Weights with which the sums before the norm are about as large as its deviations. */
const smallWeights = (noise: number): number => 0.02 * noise;

/** A number for each channel that is added before the norm. */
export const biasOperand = (channels: number, pixels: number): Operand => curved([channels], pixels, smallWeights);

/** Kernel, γ, β, mean and variance of a layer that makes so many pixels. */
export const layerOperands = (kernel: readonly number[], pixels: number): readonly Operand[] => {
  const channels = [kernel[3] ?? 0];
  return [
    curved(kernel, pixels, smallWeights),
    curved(channels, pixels),
    curved(channels, pixels),
    fixed(channels, smallWeights),
    fixed(channels, smallVariance),
  ];
};

/** The variables of a layer without a bias. */
export const variablesOf = (
  w: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
) => ({
  params: { conv: { kernel: featuresOf(w) }, norm: { gamma: gamma.as1D(), beta: beta.as1D() } },
  statistics: { conv: {}, norm: { mean: mean.as1D(), variance: variance.as1D() } },
});

/** The same with a bias. */
export const biasedVariablesOf = (bias: tf.Tensor, ...others: Parameters<typeof variablesOf>) => {
  const { params, statistics } = variablesOf(...others);
  return { params: { ...params, conv: { ...params.conv, bias: bias.as1D() } }, statistics };
};

/** γ · (x ∗ w + bias − mean) / √(variance + ε) + β; the bias is 0 if there is none. */
export const normalizedSums = (
  x: Numbers,
  stride: number,
  w: Numbers,
  gamma: Numbers,
  beta: Numbers,
  mean: Numbers,
  variance: Numbers,
  bias?: Numbers,
): Numbers => {
  const sums = convolve(x, w, stride);
  return generate(sums.shape, (n, i, j, c) => {
    const centred = at(sums, n, i, j, c) + (bias === undefined ? 0 : at(bias, c)) - at(mean, c);
    return at(gamma, c) * centred / Math.sqrt(at(variance, c) + epsilon) + at(beta, c);
  });
};

/** x where x > 0, slope · x elsewhere. */
export const rectify = (x: Numbers, slope = 0): Numbers => mapNumbers(x, (value) => value > 0 ? value : slope * value);
