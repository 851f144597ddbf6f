import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { fanOut } from "../../lib/nn/combinators.ts";
import { conv } from "../../lib/nn/conv.ts";
import { inputFeatures, type Layer, layer, type Mode, namedPart } from "../../lib/nn/layer.ts";
import { dropout, gaussianNoise, stochasticDepth } from "../../lib/nn/random.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { foldIn, type Key, keyOf, normals, uniforms } from "../../lib/tensor/key.ts";
import type { Empty } from "../../lib/tensor/tree.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { onBackend, onWasm, read } from "../support.ts";
import { disposeVariables, variablesOf } from "./support.ts";

type Random = Layer<Features<2>, Features<2>, Empty, Empty>;

const shape = [3, 4, 5, 2] as const;

const numbers = Float32Array.from({ length: 120 }, (_, at) => (at % 17 - 8) / 4);

const input = (): Features<2> => asFeatures(2, tf.tensor4d(numbers, [...shape]));

const none = { params: {}, statistics: {} };

const outputOf = async (random: Random, mode: Mode, key?: Key): Promise<Float32Array> =>
  (await read(() => ({ output: random.apply(none, input(), mode, key)[0] }))).output.values;

const key = foldIn(keyOf(5), "step");

/** The uniform draw of a number, as 32-bit floats hold it. */
const draws = (count: number): Float64Array =>
  uniforms(key, count).map((value) => Math.floor(value * 2 ** 24) / 2 ** 24);

onBackend("dropout keeps what its draw from the key says, and divides it by the share that is kept", async () => {
  const drawn = draws(120);
  const expected = numbers.map((value, at) => (drawn[at] ?? NaN) >= 0.25 ? value / 0.75 : 0);
  const output = await outputOf(dropout(2, 0.25), "training", key);
  assert(expected.filter((value) => value === 0).length > 20);
  output.forEach((value, at) => assert(Math.abs(value - (expected[at] ?? NaN)) <= 1e-6, `${at}: ${value}`));
});

onBackend("stochastic depth keeps whole images, and noise adds normal draws of its deviation", async () => {
  const kept = draws(3).map((value) => value >= 0.5 ? 2 : 0);
  const depth = await outputOf(stochasticDepth(2, 0.5), "training", key);
  depth.forEach((value, at) => assertEquals(value, (numbers[at] ?? NaN) * (kept[Math.floor(at / 40)] ?? NaN)));
  const drawn = normals(key, 120);
  const noisy = await outputOf(gaussianNoise(2, 0.5), "training", key);
  noisy.forEach((value, at) => assert(Math.abs(value - (numbers[at] ?? NaN) - 0.5 * (drawn[at] ?? NaN)) <= 1e-6));
});

onWasm("random layers are the identity in inference mode, and want a key in training mode", async () => {
  const layers: readonly (readonly [Random, string])[] = [
    [dropout(2, 0.5), "dropout"],
    [stochasticDepth(2, 0.5), "stochastic depth"],
    [gaussianNoise(2, 1), "noise"],
  ];
  for (const [random, name] of layers) {
    assertEquals(await outputOf(random, "inference"), numbers);
    assertThrows(
      () => tf.tidy(() => random.apply(none, input(), "training")[0]),
      `${name} draws in training mode`,
    );
  }
  assertEquals(await outputOf(dropout(2, 0), "training", key), numbers);
  assertThrows(() => dropout(2, 1), "below 1");
  assertThrows(() => stochasticDepth(2, NaN), "below 1");
  assertThrows(() => gaussianNoise(2, -1), "standard deviation -1");
});

onWasm(
  "layers of other names draw apart, and the key comes by every combinator to where it is drawn from",
  async () => {
    const both = fanOut(namedPart("left", dropout(2, 0.5)), namedPart("right", dropout(2, 0.5)));
    const outputs = await read(() => {
      const [[left, right]] = both.apply(
        { params: { left: {}, right: {} }, statistics: { left: {}, right: {} } },
        input(),
        "training",
        key,
      );
      return { left, right };
    });
    assert(outputs.left.values.some((value, at) => value !== outputs.right.values[at]));
    assertEquals(outputs.left.values, await outputOf(dropout(2, 0.5), "training", foldIn(key, "left")));
    const chain = pipe(inputFeatures(2), layer("block", pipe(inputFeatures(2), layer("drop", dropout(2, 0.5)))));
    const deep = await read(() => ({
      output: chain.apply(
        { params: { block: { drop: {} } }, statistics: { block: { drop: {} } } },
        input(),
        "training",
        key,
      )[0],
    }));
    assertEquals(deep.output.values, await outputOf(dropout(2, 0.5), "training", foldIn(foldIn(key, "block"), "drop")));
  },
);

onBackend("the gradient of dropout goes where numbers are kept, as much larger as they are", async () => {
  const chain = pipe(inputFeatures(2), layer("conv", conv(2, 2, 1)), layer("drop", dropout(2, 0.5)));
  const variables = variablesOf(chain);
  const { output, gradient } = await read(() => {
    const apply = (kernel: tf.Tensor) =>
      chain.apply(
        { ...variables, params: { ...variables.params, conv: { kernel: kernel as tf.Tensor4D } } },
        input(),
        "training",
        key,
      )[0];
    const ones = asFeatures(2, tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]));
    return { output: apply(ones), gradient: tf.grad((kernel) => tf.sum(apply(kernel)))(ones) };
  });
  const kept = draws2(120);
  const expected = [0, 1, 2, 3].map((at) => {
    const [from, to] = [Math.floor(at / 2), at % 2];
    return Array.from({ length: 60 }, (_, pixel) => (numbers[2 * pixel + from] ?? NaN) * (kept[2 * pixel + to] ?? NaN))
      .reduce((sum, value) => sum + value, 0);
  });
  gradient.values.forEach((value, at) =>
    assert(Math.abs(value - (expected[at] ?? NaN)) <= 1e-4, `${value} ${expected[at]}`)
  );
  assert(output.values.some((value) => value === 0));
  disposeVariables(variables);
});

/** What dropout of a half, named "drop", multiplies with. */
const draws2 = (count: number): Float64Array =>
  uniforms(foldIn(key, "drop"), count).map((value) => value >= 0.5 ? 2 : 0);
