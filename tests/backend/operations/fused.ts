/** Convolution, batch norm by tracked statistics, sum and activation, which one kernel computes at inference. */
import {
  biasedConvNormRelu,
  convNorm,
  convNormAddRelu,
  convNormLeakyRelu,
  convNormRelu,
} from "../../../lib/nn/conv_norm.ts";
import { featuresOf, pixelsMade } from "./convolution.ts";
import { biasedVariablesOf, biasOperand, layerOperands, normalizedSums, rectify, variablesOf } from "./fused_parts.ts";
import { zipNumbers } from "./numbers.ts";
import { curved, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

/** A layer of convolution and batch norm without a bias, and the slope below 0 of what follows: 1 if nothing does. */
interface Form {
  readonly name: string;
  readonly layer: typeof convNorm<number, number>;
  readonly slope: number;
}

const forms: Readonly<Record<"none" | "relu" | "leakyRelu", Form>> = {
  none: { name: "batch norm", layer: convNorm, slope: 1 },
  relu: { name: "batch norm and ReLU", layer: convNormRelu, slope: 0 },
  leakyRelu: {
    name: "batch norm and leaky ReLU",
    layer: (from, to, size, options) => convNormLeakyRelu(from, to, size, 0.2, options),
    slope: 0.2,
  },
};

const unit = ({ name, layer, slope }: Form, input: Four, size: number, outputs: number, stride = 1): Operation => {
  const kernel = [size, size, input[3], outputs];
  return operation(
    `inference of convolution of [${input}] with [${kernel}], stride ${stride}, ${name}`,
    [curved(input, size * size * outputs), ...layerOperands(kernel, pixelsMade(input, stride))],
    (x, w, gamma, beta, mean, variance) => {
      const variables = variablesOf(w, gamma, beta, mean, variance);
      return layer(input[3], outputs, size, { stride }).apply(variables, featuresOf(x), "inference")[0];
    },
    (x, w, gamma, beta, mean, variance) => rectify(normalizedSums(x, stride, w, gamma, beta, mean, variance), slope),
    { terms: size * size * input[3] },
  );
};

const biasedUnit = (input: Four, size: number, outputs: number): Operation => {
  const [kernel, pixels] = [[size, size, input[3], outputs], pixelsMade(input, 1)];
  return operation(
    `inference of convolution of [${input}] with [${kernel}] and a bias, batch norm and ReLU`,
    [curved(input, size * size * outputs), biasOperand(outputs, pixels), ...layerOperands(kernel, pixels)],
    (x, bias, w, gamma, beta, mean, variance) => {
      const variables = biasedVariablesOf(bias, w, gamma, beta, mean, variance);
      return biasedConvNormRelu(input[3], outputs, size).apply(variables, featuresOf(x), "inference")[0];
    },
    (x, bias, w, gamma, beta, mean, variance) => rectify(normalizedSums(x, 1, w, gamma, beta, mean, variance, bias)),
    { terms: size * size * input[3] },
  );
};

const residualUnit = (input: Four, size: number, outputs: number): Operation => {
  const kernel = [size, size, input[3], outputs];
  const shortcutShape = [input[0], input[1], input[2], outputs];
  return operation(
    `inference of convolution of [${input}] with [${kernel}], batch norm, a sum and ReLU`,
    [curved(input, size * size * outputs), curved(shortcutShape), ...layerOperands(kernel, pixelsMade(input, 1))],
    (x, shortcut, w, gamma, beta, mean, variance) => {
      const variables = variablesOf(w, gamma, beta, mean, variance);
      const both = [featuresOf(x), featuresOf(shortcut)] as const;
      return convNormAddRelu<number, number>(input[3], outputs, size).apply(variables, both, "inference")[0];
    },
    (x, shortcut, w, gamma, beta, mean, variance) =>
      rectify(zipNumbers(normalizedSums(x, 1, w, gamma, beta, mean, variance), shortcut, (a, b) => a + b)),
    { terms: size * size * input[3] },
  );
};

/** Every form, at channels that fill vectors and at such that do not. */
export const fusedConvolutions: readonly Operation[] = [
  unit(forms.relu, [1, 29, 38, 3], 7, 8, 2),
  unit(forms.none, [3, 15, 19, 8], 1, 8, 2),
  unit(forms.none, [3, 8, 10, 5], 1, 3),
  unit(forms.relu, [3, 8, 10, 5], 3, 6),
  unit(forms.leakyRelu, [3, 15, 19, 1], 3, 4),
  unit(forms.leakyRelu, [1, 15, 19, 5], 3, 6, 2),
  biasedUnit([1, 15, 19, 8], 3, 8),
  biasedUnit([3, 8, 10, 5], 1, 3),
  residualUnit([1, 15, 19, 8], 1, 8),
  residualUnit([1, 15, 19, 8], 3, 8),
  residualUnit([3, 8, 10, 5], 3, 6),
];
