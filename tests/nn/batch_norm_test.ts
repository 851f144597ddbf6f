import { tf } from "../../lib/dependencies/tensorflow.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertClose, centralDifferences, noise } from "../backend/support.ts";
import { assert, assertEquals } from "../std.ts";
import { type Numbers, onBackend, onWasm, read, readTree } from "../support.ts";
import {
  channelMeans,
  channelVariances,
  type Maps,
  mapValues,
  normalize,
  weightAt,
  type Weights,
} from "./reference.ts";
import { assertAgrees, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf, weightsOf } from "./support.ts";

/** Channels that differ much in place and spread; the last has a spread near √ε. */
const maps: Maps = mapValues(
  noiseMaps([2, 3, 4, 3], 6),
  (value, channel) => ([5, -2, 0.1][channel] ?? NaN) + ([3, 0.5, 4e-3][channel] ?? NaN) * value,
);
const count = 24;
const input = () => tensorOf(3, maps);

onBackend("batch norm is its closed form, by the batch's biased variance or the tracked one", async () => {
  await assertAgrees(batchNorm(3), input, (weights, mode) => normalize(weights, maps, mode), 1e-4);
});

onBackend("ε is 1e-5 if it is not given, and the given one else", async () => {
  for (const epsilon of [1e-5, 1e-2]) {
    const layer = batchNorm(3, epsilon === 1e-5 ? {} : { epsilon });
    await assertAgrees(layer, input, (weights, mode) => normalize(weights, maps, mode, epsilon), 1e-4);
  }
});

onBackend("the tracked statistics move towards the batch's mean and unbiased variance", async () => {
  for (const momentum of [0.1, 0.6]) {
    const layer = batchNorm(3, momentum === 0.1 ? {} : { momentum });
    const variables = variablesOf(layer);
    const weights = await weightsOf(variables);
    const { mean, variance } = await read(() => layer.apply(variables, input(), "training")[1]);
    const moved = (name: string, batch: readonly number[]) =>
      batch.map((value, c) =>
        (1 - momentum) * (weightAt(weights, `statistics/${name}`).values[c] ?? NaN) + momentum * value
      );
    assertClose(mean.values, moved("mean", channelMeans(maps)), 1e-6, "mean");
    const unbiased = channelVariances(maps).map((value) => value * count / (count - 1));
    assertClose(variance.values, moved("variance", unbiased), 1e-6, "variance");
    assertEquals(await weightsOf(variables), weights, "the statistics given in were changed");
    disposeVariables(variables);
  }
});

onBackend("in inference mode the statistics come back as they were, and the batch does not matter", async () => {
  const layer = batchNorm(3);
  const variables = variablesOf(layer);
  const statistics = await readTree(() => layer.apply(variables, input(), "inference")[1]);
  assertEquals(statistics, await readTree(() => variables.statistics));
  const whole = await outputOf(layer, variables, input, "inference");
  const half = () => asFeatures(3, tf.slice(input(), [0, 0, 0, 0], [1, 3, 4, 3]));
  const first = await outputOf(layer, variables, half, "inference");
  assertClose(first.values, whole.values.subarray(0, first.values.length), 1e-6);
  disposeVariables(variables);
});

onWasm("batch norm begins as plain normalization, with mean 0 and variance 1 tracked", async () => {
  const variables = batchNorm(2).init(keyOf(1));
  const numbers = [...await weightsOf(variables)].map(([path, { values }]) => [path, [...values]] as const);
  assertEquals(numbers, [
    ["params/gamma", [1, 1]],
    ["params/beta", [0, 0]],
    ["statistics/mean", [0, 0]],
    ["statistics/variance", [1, 1]],
  ]);
  disposeVariables(variables);
});

/** Σ w · y², whose gradient differs in every place, through the reference in float64. */
const weightsOfSum = noise(72, 9);
const weightedSquares = ({ values }: Maps): number =>
  values.reduce((sum, value, at) => sum + (weightsOfSum[at] ?? NaN) * value * value, 0);

const shifted = (weights: Weights, path: string, values: readonly number[]): Weights =>
  new Map<string, Numbers>([...weights, [path, { shape: [3], values: Float32Array.from(values) }]]);

for (const mode of ["training", "inference"] as const) {
  onBackend(`the gradients in ${mode} mode are those of central differences`, async () => {
    const layer = batchNorm(3);
    const variables = variablesOf(layer);
    const weights = await weightsOf(variables);
    const wide = mapValues(noiseMaps([2, 3, 4, 3], 7), (value, c) => value * (c + 1) + c);
    const gradients = await readTree(() =>
      valueAndGradient({ x: tensorOf(3, wide), ...variables.params }, ({ x, gamma, beta }) => {
        const [y] = layer.apply({ ...variables, params: { gamma, beta } }, x, mode);
        return [tf.sum<tf.Scalar>(tf.mul(tf.square(y), tf.tensor(weightsOfSum, y.shape))), {}];
      }).gradients
    );
    const byInput = (values: readonly number[]) => weightedSquares(normalize(weights, { ...wide, values }, mode));
    const byParameter = (name: string) => (values: readonly number[]) =>
      weightedSquares(normalize(shifted(weights, `params/${name}`, values), wide, mode));
    const at = (name: string) => [...weightAt(weights, `params/${name}`).values];
    assertClose(gradients.get("x")?.values ?? [], centralDifferences(byInput, wide.values), 1e-4, "input");
    for (const name of ["gamma", "beta"]) {
      const expected = centralDifferences(byParameter(name), at(name), 1 / 64);
      assertClose(gradients.get(name)?.values ?? [], expected, 1e-3, name);
    }
    assert((gradients.get("x")?.values ?? []).some((value) => Math.abs(value) > 0.1));
    disposeVariables(variables);
  });
}

onBackend("a channel without any spread gives β, also for a single pixel", async () => {
  for (const shape of [[1, 1, 1, 2], [2, 2, 2, 2]] as const) {
    const layer = batchNorm(2);
    const variables = variablesOf(layer);
    const constant = mapValues(noiseMaps(shape, 1), (_, c) => 3 + c);
    const { y, mean, variance } = await read(() => {
      const [y, statistics] = layer.apply(variables, tensorOf(2, constant), "training");
      return { y, ...statistics };
    });
    const beta = weightAt(await weightsOf(variables), "params/beta").values;
    assertClose(y.values, mapValues(constant, (_, c) => beta[c] ?? NaN).values, 1e-6);
    assert([...mean.values, ...variance.values].every(Number.isFinite));
    disposeVariables(variables);
  }
});
