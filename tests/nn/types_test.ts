/** What the compiler says of layers. Each `@ts-expect-error` is an error of its own if the line below it compiles. */
import { cliffBlock } from "../../lib/cliffnet/cliff.ts";
import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import { collectLayer, collectOutputs, residual } from "../../lib/nn/combinators.ts";
import { silu } from "../../lib/nn/activations.ts";
import { conv } from "../../lib/nn/conv.ts";
import { depthwiseConv, separableConv, transposedConv } from "../../lib/nn/depthwise.ts";
import { groupNorm, squeezeAndExcitation } from "../../lib/nn/group_norm.ts";
import { dropout } from "../../lib/nn/random.ts";
import { averagePool, pixelShuffle } from "../../lib/nn/resampling.ts";
import {
  compose,
  identityLayer,
  inputFeatures,
  type Layer,
  layer,
  namedPart,
  type Parametrized,
} from "../../lib/nn/layer.ts";
import { globalAveragePool } from "../../lib/nn/operations.ts";
import { asFeatures, type DepthMaps, type Features } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import type { Empty, Shape } from "../../lib/tensor/tree.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { onWasm } from "../support.ts";
import { disposeVariables } from "./support.ts";

/** `true` if both types are the same, `false` else; `any` is the same only as itself. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

const stem = pipe(inputFeatures(3), layer("conv1", conv(3, 64, 7, { stride: 2 })), layer("bn1", batchNorm(64)));

onWasm("the parameters of a chain are typed by the names of its parts", () => {
  const variables = stem.init(keyOf(1));
  const { kernel } = variables.params.conv1;
  const kernelIsTyped: Same<typeof kernel, tf.Tensor4D> = true;
  const gammaIsTyped: Same<typeof variables.params.bn1.gamma, tf.Tensor1D> = true;
  const convTracksNothing: Same<typeof variables.statistics.conv1, Empty> = true;
  const varianceIsTyped: Same<typeof variables.statistics.bn1.variance, tf.Tensor1D> = true;
  assert(kernelIsTyped && gammaIsTyped && convTracksNothing && varianceIsTyped);
  assertEquals(kernel.shape, [7, 7, 3, 64]);
  // @ts-expect-error: there is no such part
  assertEquals(variables.params.conv2, undefined);
  // @ts-expect-error: a convolution without a bias has none
  assertEquals(variables.params.conv1.bias, undefined);
  disposeVariables(variables);
});

Deno.test("a chain's type tells what it takes and gives", () => {
  const is: Same<typeof stem extends Layer<infer I, infer O, infer _P, infer _S> ? [I, O] : never, [
    Features<3>,
    Features<64>,
  ]> = true;
  assert(is);
});

Deno.test("layers whose channels do not fit do not compose", () => {
  pipe(inputFeatures(3), layer("a", conv(3, 64, 3)), layer("b", conv(64, 1, 3)));
  // @ts-expect-error: 64 channels into a convolution of 128
  pipe(inputFeatures(3), layer("a", conv(3, 64, 3)), layer("b", conv(128, 1, 3)));
  // @ts-expect-error: 64 channels into the batch norm of 32
  pipe(inputFeatures(3), layer("a", conv(3, 64, 3)), layer("b", batchNorm(32)));
  // @ts-expect-error: three channels into a convolution of one
  compose(identityLayer<Features<3>>(), conv(1, 8, 3));
  // @ts-expect-error: pooled features are no feature maps any more
  pipe(inputFeatures(3), (first) => compose(first, globalAveragePool(3)), layer("a", conv(3, 1, 1)));
  // @ts-expect-error: a tap takes the last stage's channels
  pipe(collectOutputs(conv(3, 4, 3)), collectLayer("next", conv(3, 4, 3)));
});

Deno.test("ready layers of other channels do not compose", () => {
  const four = pipe(inputFeatures(3), layer("a", conv(3, 4, 3)));
  pipe(four, layer("b", separableConv(4, 6, 3)), layer("c", groupNorm(6, 2)), layer("d", silu(6)));
  // @ts-expect-error: 4 channels into a depthwise convolution of 6
  pipe(four, layer("b", depthwiseConv(6, 3)));
  // @ts-expect-error: 4 channels into a separable convolution of 3
  pipe(four, layer("b", separableConv(3, 4, 3)));
  // @ts-expect-error: 4 channels into a transposed convolution of 8
  pipe(four, layer("b", transposedConv(8, 4, 2)));
  // @ts-expect-error: 4 channels into a group norm of 8
  pipe(four, layer("b", groupNorm(8, 2)));
  // @ts-expect-error: 4 channels into a gate of 2
  pipe(four, layer("b", squeezeAndExcitation(2, 2)));
  // @ts-expect-error: 4 channels into dropout of 1
  pipe(four, layer("b", dropout(1)));
  // @ts-expect-error: 4 channels into the activation of 3
  pipe(four, layer("b", silu(3)));
  // @ts-expect-error: 4 channels into a pool of 2
  pipe(four, layer("b", averagePool(2, 2)));
  // @ts-expect-error: a shuffle of 4 channels gives 1, not 4
  pipe(four, layer("b", pixelShuffle(4, 1, 2)), layer("c", conv(4, 1, 1)));
});

Deno.test("a form with other names than the parameters, or without shapes, does not compile", () => {
  type Scale = { readonly scale: tf.Tensor1D };
  const parametrized: Omit<Parametrized<Scale, Empty>, "form"> = {
    init: () => ({ params: { scale: tf.ones([2]) }, statistics: {} }),
  };
  const right: Parametrized<Scale, Empty> = { ...parametrized, form: { params: { scale: [2] }, statistics: {} } };
  // @ts-expect-error: a layer without a form cannot be restored
  const none: Parametrized<Scale, Empty> = parametrized;
  // @ts-expect-error: the parameter is called scale
  const other: Parametrized<Scale, Empty> = { ...parametrized, form: { params: { factor: [2] }, statistics: {} } };
  const bare: Parametrized<Scale, Empty> = {
    ...parametrized,
    // @ts-expect-error: a number is no shape
    form: { params: { scale: 2 }, statistics: {} },
  };
  const shape: Shape = stem.form.params.conv1.kernel;
  assertEquals(shape, [7, 7, 3, 64]);
  assertEquals([right, none, other, bare].length, 4);
});

Deno.test("a sum of branches with other channels does not compile", () => {
  const [main, side] = [namedPart("main", conv(4, 8, 1)), namedPart("side", conv(4, 8, 3))];
  residual(8, main, side);
  // @ts-expect-error: a branch of 16 channels in a sum of 8
  residual(8, namedPart("main", conv(4, 16, 1)), side);
  // @ts-expect-error: the identity of 4 channels beside a branch of 8
  residual(8, main, identityLayer<Features<4>>());
});

onWasm("a CLIFF block takes only levels of its own channels", () => {
  const block = cliffBlock(2);
  const variables = block.init(keyOf(1));
  const [two, three] = [asFeatures(2, tf.zeros([1, 4, 4, 2])), asFeatures(3, tf.zeros([1, 2, 2, 3]))];
  // @ts-expect-error: the coarse level has three channels
  assertThrows(() => tf.tidy(() => block.apply(variables, [two, three], "inference")[0]));
  // @ts-expect-error: the fine level has three channels
  assertThrows(() => tf.tidy(() => block.apply(variables, [three, two], "inference")[0]));
  // @ts-expect-error: a block of two channels does not give three
  const wrong: typeof block extends Layer<readonly [Features<2>, Features<2>], Features<3>, infer _P, infer _S> ? true
    : never = true;
  assert(wrong);
  tf.dispose([two, three]);
  disposeVariables(variables);
});

onWasm("pictures are not taken for depth maps", () => {
  const pictures = asFeatures(3, tf.zeros([1, 2, 2, 3]));
  // @ts-expect-error: three channels are no depth
  const depth: DepthMaps = pictures;
  // @ts-expect-error: a plain tensor has no channel count
  const plain: Features<3> = tf.zeros<tf.Rank.R4>([1, 2, 2, 3]);
  tf.dispose([depth, plain]);
});
