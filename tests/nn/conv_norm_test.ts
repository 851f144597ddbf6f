/** Convolution and batch norm with constants of their own, by one kernel and by several operations. */
import {
  biasedConvNormRelu,
  convNorm,
  convNormAddRelu,
  convNormLeakyRelu,
  type ConvNormOptions,
  convNormRelu,
} from "../../lib/nn/conv_norm.ts";
import {
  biasedConvNormReluAddUpsampled,
  joinedConvNormRelu,
  joinedConvNormReluAdd,
} from "../../lib/nn/conv_norm_sums.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import { compose, inputFeatures, type Layer, layer } from "../../lib/nn/layer.ts";
import type { Features } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, formOf } from "../../lib/tensor/tree.ts";
import { pipe } from "../../lib/dependencies/fp.ts";
import { withFused } from "../cliffnet/fused_support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { convolution, normalize, partOf, rectify } from "./reference.ts";
import { assertMaps, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf, weightsOf } from "./support.ts";

const fine = noiseMaps([2, 6, 7, 4], 1);
const [features, other] = [() => tensorOf<number>(4, fine), () => tensorOf<number>(4, noiseMaps([2, 6, 7, 4], 2))];
const coarse = () => tensorOf<number>(4, noiseMaps([2, 3, 4, 4], 3));
const joined = () => ({ first: features(), second: other() });

const options: ConvNormOptions = { epsilon: 0.5 };

/** The output of a layer at inference, by one kernel and by several operations. */
const both = async <I, P extends Branch, S extends Branch>(layer: Layer<I, Features<number>, P, S>, input: () => I) => {
  const variables = variablesOf(layer);
  const output = () => outputOf(layer, variables, input, "inference");
  const results = [await output(), await withFused(undefined, output)] as const;
  disposeVariables(variables);
  return results;
};

const layers = {
  "batch norm": (own: ConvNormOptions) => both(convNorm<number, number>(4, 4, 3, own), features),
  "batch norm and ReLU": (own: ConvNormOptions) => both(convNormRelu<number, number>(4, 4, 3, own), features),
  "batch norm and leaky ReLU": (own: ConvNormOptions) =>
    both(convNormLeakyRelu<number, number>(4, 4, 3, 0.2, own), features),
  "a bias, batch norm and ReLU": (own: ConvNormOptions) =>
    both(biasedConvNormRelu<number, number>(4, 4, 3, own), features),
  "batch norm, a sum and ReLU": (own: ConvNormOptions) =>
    both(convNormAddRelu<number, number>(4, 4, 3, own), () => [features(), other()] as const),
  "joined features": (own: ConvNormOptions) => both(joinedConvNormRelu<number, number>(4, 4, 3, own), joined),
  "joined features and a sum": (own: ConvNormOptions) =>
    both(joinedConvNormReluAdd<number, number>(4, 4, 3, own), () => [joined(), other()] as const),
  "the sum with upsampled features": (own: ConvNormOptions) =>
    both(biasedConvNormReluAddUpsampled<number, number>(4, 4, 1, own), () => [features(), coarse()] as const),
};

for (const [name, run] of Object.entries(layers)) {
  onBackend(`convolution with ${name} has the same ε by one kernel as by several operations`, async () => {
    const [fused, plain] = await run(options);
    assertMaps(fused, { shape: [2, 6, 7, 4], values: Array.from(plain.values) }, 5e-6);
    const [usual] = await run({});
    assert(usual.values.some((value, at) => Math.abs(value - (plain.values[at] ?? NaN)) > 0.01), "ε has no effect");
  });
}

onBackend("convolution, batch norm with another ε and ReLU are their definition, in both modes", async () => {
  const layer = convNormRelu<number, number>(4, 4, 3, options);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  for (const mode of ["training", "inference"] as const) {
    const convolved = convolution(partOf(weights, "conv"), fine);
    const expected = rectify(normalize(partOf(weights, "norm"), convolved, mode, 0.5));
    assertMaps(await outputOf(layer, variables, features, mode), expected, 1e-5, mode);
  }
  disposeVariables(variables);
});

/** Whether a chain gives statistics of its own form, in both modes. */
const assertOwnStatistics = <P extends Branch, S extends Branch>(chain: Layer<Features<4>, Features<2>, P, S>): void =>
  scope(() => {
    const variables = chain.init(keyOf(0));
    for (const mode of ["training", "inference"] as const) {
      const [output, statistics] = chain.apply(variables, tensorOf(4, fine), mode);
      assertEquals(output.shape, [2, 6, 7, 2]);
      assertEquals(formOf(statistics), chain.form.statistics, mode);
    }
  });

onBackend("a layer without a name of its own gives back its own statistics alone, and can stand beside others", () => {
  const after = pipe(inputFeatures(4), layer("after", convNormRelu(4, 2, 3)));
  assertOwnStatistics(compose(convNormRelu(4, 4, 3), after));
  assertOwnStatistics(compose(batchNorm(4), after));
});
