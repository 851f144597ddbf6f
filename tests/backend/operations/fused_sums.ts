/** Convolution, batch norm and ReLU of joined feature maps, and plus others, which one kernel computes at inference. */
import {
  biasedConvNormReluAddUpsampled,
  joinedConvNormRelu,
  joinedConvNormReluAdd,
} from "../../../lib/nn/conv_norm_sums.ts";
import { resize } from "../reference.ts";
import { featuresOf, pixelsMade } from "./convolution.ts";
import { biasedVariablesOf, biasOperand, layerOperands, normalizedSums, rectify, variablesOf } from "./fused_parts.ts";
import { at, generate, type Numbers, zipNumbers } from "./numbers.ts";
import { curved, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

/** The channels of both, the first's before the second's. */
const joined = (first: Numbers, second: Numbers): Numbers => {
  const channels = first.shape[3] ?? 0;
  const shape = [...first.shape.slice(0, 3), 2 * channels];
  return generate(shape, (n, i, j, c) => c < channels ? at(first, n, i, j, c) : at(second, n, i, j, c - channels));
};

const sum = (a: Numbers, b: Numbers): Numbers => zipNumbers(a, b, (x, y) => x + y);

const attendedUnit = (half: Four, size: number, outputs: number): Operation => {
  const kernel = [size, size, 2 * half[3], outputs];
  const operand = curved(half, size * size * outputs);
  return operation(
    `inference of convolution of [x, y ⊙ z], each [${half}], with [${kernel}], batch norm and ReLU`,
    [operand, operand, operand, ...layerOperands(kernel, pixelsMade(half, 1))],
    (x, y, z, w, gamma, beta, mean, variance) => {
      const input = { first: featuresOf(x), second: featuresOf(y), gain: featuresOf(z) };
      const variables = variablesOf(w, gamma, beta, mean, variance);
      return joinedConvNormRelu<number, number>(half[3], outputs, size).apply(variables, input, "inference")[0];
    },
    (x, y, z, w, gamma, beta, mean, variance) => {
      const input = joined(x, zipNumbers(y, z, (a, b) => a * b));
      return rectify(normalizedSums(input, 1, w, gamma, beta, mean, variance));
    },
    { terms: size * size * 2 * half[3] },
  );
};

const joinedUnit = (half: Four, size: number, outputs: number): Operation => {
  const kernel = [size, size, 2 * half[3], outputs];
  const operand = curved(half, size * size * outputs);
  const made = [half[0], half[1], half[2], outputs];
  return operation(
    `inference of convolution of [x, y], each [${half}], with [${kernel}], batch norm, ReLU and a sum`,
    [operand, operand, curved(made), ...layerOperands(kernel, pixelsMade(half, 1))],
    (x, y, identity, w, gamma, beta, mean, variance) => {
      const input = { first: featuresOf(x), second: featuresOf(y) };
      const variables = variablesOf(w, gamma, beta, mean, variance);
      const layer = joinedConvNormReluAdd<number, number>(half[3], outputs, size);
      return layer.apply(variables, [input, featuresOf(identity)], "inference")[0];
    },
    (x, y, identity, w, gamma, beta, mean, variance) =>
      sum(rectify(normalizedSums(joined(x, y), 1, w, gamma, beta, mean, variance)), identity),
    { terms: size * size * 2 * half[3] },
  );
};

/** A place among n pixels is rounded as a number of up to n, as in resizing. */
const upsampledUnit = (fine: Four, coarse: readonly [number, number], size: number, outputs: number): Operation => {
  const [kernel, pixels] = [[size, size, fine[3], outputs], pixelsMade(fine, 1)];
  const coarseShape: Four = [fine[0], coarse[0], coarse[1], outputs];
  return operation(
    `inference of convolution of [${fine}] with [${kernel}] and a bias, batch norm, ReLU, plus [${coarseShape}] upsampled`,
    [
      curved(fine, size * size * outputs),
      curved(coarseShape, 16),
      biasOperand(outputs, pixels),
      ...layerOperands(kernel, pixels),
    ],
    (x, low, bias, w, gamma, beta, mean, variance) => {
      const variables = biasedVariablesOf(bias, w, gamma, beta, mean, variance);
      const layer = biasedConvNormReluAddUpsampled<number, number>(fine[3], outputs, size);
      return layer.apply(variables, [featuresOf(x), featuresOf(low)], "inference")[0];
    },
    (x, low, bias, w, gamma, beta, mean, variance) => {
      const y = rectify(normalizedSums(x, 1, w, gamma, beta, mean, variance, bias));
      return sum(y, { shape: y.shape, values: resize(coarseShape, [fine[1], fine[2]], low.values, []).y });
    },
    { terms: size * size * fine[3], condition: Math.max(...coarse) },
  );
};

/** The CLIFF block's two units and the pyramid's lateral one, at channels that fill vectors and at such that do not. */
export const fusedSums: readonly Operation[] = [
  attendedUnit([1, 15, 19, 4], 3, 8),
  attendedUnit([3, 8, 10, 3], 3, 5),
  joinedUnit([1, 15, 19, 4], 3, 8),
  joinedUnit([3, 8, 10, 3], 3, 5),
  upsampledUnit([1, 29, 38, 8], [15, 19], 1, 8),
  upsampledUnit([3, 15, 19, 5], [8, 10], 1, 3),
];
