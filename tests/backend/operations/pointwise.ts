/** Functions of each number on its own, and of the three of a pixel. */
import { preprocess } from "../../../lib/cliffnet/network.ts";
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { absolute, leakyRelu, relu } from "../../../lib/nn/operations.ts";
import { asFeatures, validMask } from "../../../lib/tensor/features.ts";
import { at, generate, mapNumbers } from "./numbers.ts";
import { curved, fixed, linear, type Operand, type Operation, operation } from "./operation.ts";

const nothing = { params: {}, statistics: {} };
const positive = (noise: number): number => 1.5 + noise;

/** A sign of its own and away from 0. */
const awayFromZero = (noise: number): number => noise < 0 ? noise - 0.5 : noise + 0.5;

/** A function of one number, at an odd size that is not square. */
const unary = (
  name: string,
  operand: (shape: readonly number[]) => Operand,
  tensors: (x: tf.Tensor) => tf.Tensor,
  numbers: (x: number) => number,
): Operation => operation(`${name} of [3,15,19,3]`, [operand([3, 15, 19, 3])], tensors, (x) => mapNumbers(x, numbers));

const of = (role: typeof curved, values: Operand["values"]) => (shape: readonly number[]): Operand =>
  role(shape, 1, values);

const unaries: readonly Operation[] = [
  unary("|x|", curved, absolute, Math.abs),
  unary("ReLU", curved, (x) => relu(3).apply(nothing, asFeatures(3, x), "training")[0], (x) => Math.max(0, x)),
  ...[0.01, 0.2].map((slope) =>
    unary(
      `leaky ReLU of slope ${slope}`,
      curved,
      (x) => leakyRelu(3, slope).apply(nothing, asFeatures(3, x), "training")[0],
      (x) => x > 0 ? x : slope * x,
    )
  ),
  unary("square", curved, tf.square, (x) => x * x),
  unary("root", of(curved, positive), tf.sqrt, Math.sqrt),
  unary("inverse root", of(curved, positive), tf.rsqrt, (x) => 1 / Math.sqrt(x)),
  unary("exponential", of(curved, (noise) => 4 * noise), tf.exp, Math.exp),
  unary("logarithm", of(curved, positive), tf.log, Math.log),
  unary("negation", linear, tf.neg, (x) => -x),
  unary("copy", linear, tf.clone, (x) => x),
  unary("sign", fixed, tf.sign, Math.sign),
  unary("step", (shape) => fixed(shape, (noise) => Math.round(2 * noise)), tf.step, (x) => x > 0 ? 1 : 0),
  unary("step of another slope", fixed, (x) => tf.step(x, 0.25), (x) => x > 0 ? 1 : 0.25),
  unary("zeros", fixed, tf.zerosLike, () => 0),
  unary("1 − x", curved, (x) => tf.sub(1, x), (x) => 1 - x),
  unary("quotient by a number", linear, (x) => tf.div(x, 7), (x) => x / 7),
  unary("larger one of x and a number", curved, (x) => tf.maximum(x, 0.25), (x) => Math.max(x, 0.25)),
  unary("smaller one of x and a number", curved, (x) => tf.minimum(x, 0.25), (x) => Math.min(x, 0.25)),
  unary("quotient of a number by x", of(curved, awayFromZero), (x) => tf.div(3, x), (x) => 3 / x),
  unary(
    "whole numbers to floats",
    (shape) => fixed(shape, (noise) => Math.round(9 * noise)),
    (x) => tf.cast(tf.cast(x, "int32"), "float32"),
    (x) => x,
  ),
];

const pictures = [1, 15, 19, 3];
const level = (noise: number): number => (noise + 1) / 2;

/** From R, G, B in 0…1 to what the backbone takes. */
const preprocessings: readonly Operation[] = [
  operation(
    `B, G, R in 0…255 minus the mean of [${pictures}]`,
    [curved(pictures, 1, level)],
    (x) => preprocess("bgr-caffe").apply(nothing, asFeatures(3, x), "inference")[0],
    (x) => generate(pictures, (n, i, j, c) => 255 * at(x, n, i, j, 2 - c) - ([102.9801, 115.9465, 122.7717][c] ?? NaN)),
  ),
  operation(
    `R, G, B minus the mean, by the deviation of [${pictures}]`,
    [curved(pictures, 1, level)],
    (x) => preprocess("rgb-imagenet").apply(nothing, asFeatures(3, x), "inference")[0],
    (x) =>
      generate(
        pictures,
        (n, i, j, c) => (at(x, n, i, j, c) - ([0.485, 0.456, 0.406][c] ?? NaN)) / ([0.229, 0.224, 0.225][c] ?? NaN),
      ),
  ),
  operation(
    "valid mask of depths, some of which are 0",
    [fixed([3, 8, 10, 1], (noise) => Math.max(0, noise))],
    (x) => validMask(asFeatures(1, x)),
    (x) => mapNumbers(x, (depth) => depth > 0 ? 1 : 0),
  ),
];

/** Every function of one number that the library uses, and the preparation of pictures. */
export const pointwise: readonly Operation[] = [...unaries, ...preprocessings];
