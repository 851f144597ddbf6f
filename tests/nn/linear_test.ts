import { tf } from "../../lib/dependencies/tensorflow.ts";
import { heNormal, linear, linearUniform } from "../../lib/nn/conv.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend, onWasm, read } from "../support.ts";
import { weightAt } from "./reference.ts";
import { disposeVariables, outputOf, variablesOf, weightsOf } from "./support.ts";

onBackend("a linear layer is the product with its weights plus its bias", async () => {
  const layer = linear(3, 2);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const x = noise(12, 1);
  const output = await outputOf(layer, variables, () => tf.tensor2d(x, [4, 3]), "training");
  const [weight, bias] = [weightAt(weights, "params/weight").values, weightAt(weights, "params/bias").values];
  const expected = Array.from({ length: 8 }, (_, at) => {
    const [row, column] = [Math.floor(at / 2), at % 2];
    return [0, 1, 2].reduce((sum, k) => sum + (x[row * 3 + k] ?? NaN) * (weight[k * 2 + column] ?? NaN), 0) +
      (bias[column] ?? NaN);
  });
  assertEquals(output.shape, [4, 2]);
  assertClose(output.values, expected, 1e-5);
  disposeVariables(variables);
});

const spread = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);

onWasm("convolution weights spread by √(2 / fan in) and depend on the key", async () => {
  const { one, same, other } = await read(() => ({
    one: heNormal(keyOf(1), [3, 5, 40, 7]),
    same: heNormal(keyOf(1), [3, 5, 40, 7]),
    other: heNormal(keyOf(2), [3, 5, 40, 7]),
  }));
  assertEquals(one.shape, [3, 5, 40, 7]);
  const expected = Math.sqrt(2 / (3 * 5 * 40));
  assertAlmostEquals(spread(one.values), expected, 4 * expected / Math.sqrt(2 * one.values.length));
  assert(one.values.filter((value) => Math.abs(value) > 2 * expected).length > 0.03 * one.values.length);
  assertEquals(one, same);
  assertNotEquals(one, other);
});

onWasm("linear weights are uniform in ±1/√(input channels), the bias begins at 0", async () => {
  const weight = (await read(() => ({ weight: linearUniform(keyOf(3), 50, 40) }))).weight;
  const bound = 1 / Math.sqrt(50);
  assertEquals(weight.shape, [50, 40]);
  assert(weight.values.every((value) => Math.abs(value) <= bound));
  assertAlmostEquals(spread(weight.values), bound / Math.sqrt(3), 0.05 * bound);
  assertAlmostEquals(weight.values.reduce((sum, value) => sum + value, 0) / 2000, 0, 4 * bound / Math.sqrt(3 * 2000));
  assert(Math.max(...weight.values) > 0.97 * bound && Math.min(...weight.values) < -0.97 * bound);
  const variables = linear(5, 4).init(keyOf(1));
  assertEquals(await variables.params.bias.data(), Float32Array.from([0, 0, 0, 0]));
  disposeVariables(variables);
});
