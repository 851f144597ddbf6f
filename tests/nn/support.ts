/** What the tests of layers share: variables without neutral values, and layers' outputs as numbers. */
import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Layer, Mode, Parametrized, Variables } from "../../lib/nn/layer.ts";
import { asFeatures, type Features, type Tensor } from "../../lib/tensor/features.ts";
import { hashName, keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, disposeTree, formLeaves, formOf, mapTree } from "../../lib/tensor/tree.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { type Numbers, read, readLeaves } from "../support.ts";
import type { Four, Maps, Weights } from "./reference.ts";

/** By what its name begins a leaf is filled; kernels and weights stay as they were drawn. */
const fills: Readonly<Record<string, (value: number) => number>> = {
  gamma: (value) => 1 + 0.5 * value,
  variance: (value) => 1 + 0.5 * value,
  beta: (value) => value,
  mean: (value) => value,
  bias: (value) => value,
};

const filled = (tensor: Tensor, path: string): Tensor => {
  const fill = fills[path.split("/").at(-1) ?? ""];
  if (fill === undefined) return tensor;
  return tf.tensor(noise(tensor.size, hashName(path)).map(fill), tensor.shape);
};

/** First variables whose biases, scales and statistics are not 0 or 1, so that one that is left out is missed. */
export const variablesOf = <I, O, P extends Branch, S extends Branch>(
  layer: Layer<I, O, P, S>,
  seed = 1,
): Variables<P, S> =>
  scope(() => {
    const { params, statistics } = layer.init(keyOf(seed));
    return { params: mapTree(params, filled), statistics: mapTree(statistics, filled) };
  });

/** Fails unless a layer's form is that of its first variables, entry for entry, and was known without a tensor. */
export const assertForm = (make: () => Parametrized<Branch, Branch>, label = ""): void => {
  const before = countTensors();
  const { init, form } = make();
  assertEquals(countTensors(), before, label);
  const variables = init(keyOf(1));
  for (const tree of ["params", "statistics"] as const) {
    const expected = formOf(variables[tree]);
    assertEquals(form[tree], expected, label);
    assertEquals(formLeaves(form[tree]), formLeaves(expected), label);
  }
  disposeVariables(variables);
};

/** Frees variables. */
export const disposeVariables = ({ params, statistics }: Variables<Branch, Branch>): void => {
  disposeTree(params);
  disposeTree(statistics);
};

/** The variables as numbers. */
export const weightsOf = async ({ params, statistics }: Variables<Branch, Branch>): Promise<Weights> =>
  await readLeaves({ params, statistics });

/** Feature maps between −1 and 1 that look random. */
export const noiseMaps = (shape: Four, seed: number): Maps => ({
  shape,
  values: noise(shape.reduce((size, side) => size * side, 1), seed),
});

/** The maps as a tensor, which the caller owns. */
export const tensorOf = <C extends number>(channels: C, { shape, values }: Maps): Features<C> =>
  asFeatures(channels, tf.tensor4d([...values], [...shape]));

/** The output of a layer for variables, as numbers. */
export const outputOf = async <I, P extends Branch, S extends Branch>(
  layer: Layer<I, Tensor, P, S>,
  variables: Variables<P, S>,
  input: () => I,
  mode: Mode,
): Promise<Numbers> => (await read(() => ({ output: layer.apply(variables, input(), mode)[0] }))).output;

/** Fails unless shape and values are those of the reference. */
export const assertMaps = (actual: Numbers, expected: Maps, tolerance = 1e-5, label = ""): void => {
  assertEquals(actual.shape, [...expected.shape], label);
  assertClose(actual.values, expected.values, tolerance, label);
};

/** Fails unless a layer in both modes agrees with its reference, at variables without neutral values. */
export const assertAgrees = async <I, P extends Branch, S extends Branch>(
  layer: Layer<I, Tensor, P, S>,
  input: () => I,
  reference: (weights: Weights, mode: Mode) => Maps,
  tolerance = 1e-5,
): Promise<void> => {
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  for (const mode of ["training", "inference"] as const) {
    assertMaps(await outputOf(layer, variables, input, mode), reference(weights, mode), tolerance, mode);
  }
  disposeVariables(variables);
};
