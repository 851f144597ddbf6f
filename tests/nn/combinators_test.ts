import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import {
  allSideBySide,
  collectLayer,
  collectOutputs,
  fanOut,
  residual,
  sequential,
  withInput,
} from "../../lib/nn/combinators.ts";
import { biasedConv } from "../../lib/nn/conv.ts";
import { fromFunction, identityLayer, type Layer, namedPart, type Parametrized, untyped } from "../../lib/nn/layer.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import type { Branch } from "../../lib/tensor/tree.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend, onWasm, read, readTree, valuesOf } from "../support.ts";
import { convolution, mapValues, normalize, partOf, zipMaps } from "./reference.ts";
import { assertAgrees, assertMaps, disposeVariables, noiseMaps, tensorOf, variablesOf, weightsOf } from "./support.ts";

const maps = noiseMaps([2, 3, 4, 2], 8);
const input = () => tensorOf(2, maps);
const times = (factor: number) => fromFunction((x: Features<2>): Features<2> => asFeatures(2, tf.mul(x, factor)));
const nothing = { params: {}, statistics: {} };

const left = namedPart("left", biasedConv(2, 2, 3));
const right = namedPart("right", batchNorm(2));

onBackend("a fan gives both layers the same input and their outputs in order", async () => {
  const layer = fanOut(left, right);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const { first, second, mean, variance } = await read(() => {
    const [[first, second], statistics] = layer.apply(variables, input(), "training");
    return { first, second, ...statistics.right };
  });
  assertMaps(first, convolution(partOf(weights, "left"), maps));
  assertMaps(second, normalize(partOf(weights, "right"), maps, "training"));
  assert(mean.shape[0] === 2 && variance.shape[0] === 2);
  disposeVariables(variables);
});

onBackend("a residual is the sum of its branch and its shortcut", async () => {
  await assertAgrees(residual(2, left, right), input, (weights, mode) => {
    const shortcut = normalize(partOf(weights, "right"), maps, mode);
    return zipMaps(convolution(partOf(weights, "left"), maps), shortcut, (a, b) => a + b);
  });
  await assertAgrees(
    residual(2, left, identityLayer<Features<2>>()),
    input,
    (weights) => zipMaps(convolution(partOf(weights, "left"), maps), maps, (a, b) => a + b),
  );
});

onBackend("a residual's gradient flows through both of its paths", async () => {
  const gradient = await valuesOf(() => {
    const layer = residual(2, times(3), identityLayer<Features<2>>());
    return tf.grad((x: tf.Tensor) => layer.apply(nothing, asFeatures(2, x), "training")[0])(input());
  });
  assertClose(gradient, maps.values.map(() => 4), 1e-6);
});

onBackend("taps keep the output of every stage, each computed from the one before", async () => {
  const stages = pipe(
    collectOutputs(times(2)),
    collectLayer("second", times(3)),
    collectLayer("third", left),
    collectLayer("fourth", times(5)),
  );
  const variables = variablesOf(stages);
  const third = convolution(partOf(partOf(await weightsOf(variables), "third"), "left"), mapValues(maps, (v) => 6 * v));
  const { a, b, c, d } = await read(() => {
    const [[a, b, c, d]] = stages.apply(variables, input(), "training");
    return { a, b, c, d };
  });
  assertMaps(a, mapValues(maps, (value) => 2 * value));
  assertMaps(b, mapValues(maps, (value) => 6 * value));
  assertMaps(c, third);
  assertMaps(d, mapValues(third, (value) => 5 * value));
  disposeVariables(variables);
});

onBackend("taps track the statistics of every stage", async () => {
  const stages = pipe(collectOutputs(right), collectLayer("more", batchNorm(2)));
  const variables = variablesOf(stages);
  const statistics = await readTree(() => stages.apply(variables, input(), "training")[1]);
  assertEquals([...statistics.keys()].sort(), "more/mean more/variance right/mean right/variance".split(" "));
  disposeVariables(variables);
});

onBackend("layers in a row are applied in their order, each under its name", async () => {
  const parts = [["z", untyped(left)], ["a", untyped(right)], ["m", untyped(times(3))]] as const;
  const row: Layer<Features<2>, Features<2>, Branch, Branch> = sequential(parts);
  await assertAgrees(row, input, (weights, mode) => {
    const first = convolution(partOf(partOf(weights, "z"), "left"), maps);
    return mapValues(normalize(partOf(partOf(weights, "a"), "right"), first, mode), (value) => 3 * value);
  });
});

onBackend("a layer's output is joined with its input, in this order", async () => {
  const layer = withInput(times(10), (x, y) => asFeatures(2, tf.sub(x, y)));
  await assertAgrees(layer, input, () => mapValues(maps, (value) => -9 * value));
});

onWasm("the first variables of several layers lie side by side", async () => {
  const variables = allSideBySide([untyped(left), untyped(right)]).init(keyOf(3));
  assertEquals([...(await weightsOf(variables)).keys()].sort(), [
    ..."params/left/bias params/left/kernel params/right/beta params/right/gamma".split(" "),
    ..."statistics/right/mean statistics/right/variance".split(" "),
  ]);
  const alone = left.init(keyOf(3));
  assertEquals(
    (await weightsOf(variables)).get("params/left/kernel"),
    (await weightsOf(alone)).get("params/left/kernel"),
  );
  [variables, alone].forEach(disposeVariables);
});

Deno.test("two parts of one name are a bug in every combinator", () => {
  const part = namedPart("twice", identityLayer<Features<2>>());
  const layers: readonly (() => Parametrized<Branch, Branch>)[] = [
    () => fanOut(part, part),
    () => residual(2, part, part),
    () => pipe(collectOutputs(part), collectLayer("twice", part)),
    () => sequential([["twice", untyped(part)], ["twice", untyped(part)]]),
    () => allSideBySide([untyped(part), untyped(part)]),
  ];
  layers.forEach((make) => {
    const error = assertThrows(make);
    assert(error instanceof Error);
    assertStringIncludes(error.message, '"twice"');
  });
});
