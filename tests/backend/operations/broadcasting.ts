/** Sums, differences, products and quotients, whose gradients are summed where an operand is repeated. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { sizeOf } from "../support.ts";
import { generate, type Numbers, zipNumbers } from "./numbers.ts";
import { curved, linear, type Operand, type Operation, operation, shapesText } from "./operation.ts";

/** A sign of its own and away from 0. */
const awayFromZero = (noise: number): number => noise < 0 ? noise - 0.5 : noise + 0.5;

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The numbers of `x` at every place of a larger shape. */
const repeated = (x: Numbers, shape: readonly number[]): Numbers => {
  const sizes = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const [a = 0, b = 0, c = 0, d = 0] = sizes.map((size, axis) => size === 1 ? 0 : sizeOf(sizes.slice(axis + 1)));
  return generate(shape, (i, j, k, l) => x.values[i * a + j * b + k * c + l * d] ?? NaN);
};

/** A function of two tensors, the second one's sizes of 1 repeated, or its leading sizes left out. */
const binary = (
  name: string,
  tensors: Binary,
  numbers: (a: number, b: number) => number,
  [first, second]: readonly [Operand, Operand],
): Operation => {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...first.shape], [...second.shape]);
  return operation(
    `${name} of ${shapesText(first.shape, second.shape)}`,
    [first, second],
    tensors,
    (a, b) => zipNumbers(repeated(a, shape), repeated(b, shape), numbers),
  );
};

/** Pairs of shapes: the same, a number for each channel, a number, one each way, and a mask of one channel. */
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[3, 15, 19, 3], [3, 15, 19, 3]],
  [[1, 57, 76, 3], [3]],
  [[3, 8, 10, 5], [5]],
  [[3, 8, 10, 5], []],
  [[3, 1, 4], [1, 2, 1]],
  [[3, 8, 10, 4], [3, 8, 10, 1]],
  [[7, 6], [1, 6]],
];

/** How many numbers of the result each number of an operand goes into. */
const repeats = (own: readonly number[], other: readonly number[]): number =>
  sizeOf(tf.broadcast_util.assertAndGetBroadcastShape([...own], [...other])) / sizeOf(own);

const binariesOf = (
  name: string,
  tensors: Binary,
  numbers: (a: number, b: number) => number,
  [first, second]: readonly [typeof curved, typeof curved],
  values?: Operand["values"],
): readonly Operation[] =>
  pairs.map(([a, b]) => binary(name, tensors, numbers, [first(a, repeats(a, b)), second(b, repeats(b, a), values)]));

/** The four of them at every pair of shapes. */
export const broadcasts: readonly Operation[] = [
  ...binariesOf("sum", (a, b) => tf.add(a, b), (a, b) => a + b, [curved, curved]),
  ...binariesOf("difference", (a, b) => tf.sub(a, b), (a, b) => a - b, [curved, curved]),
  ...binariesOf("product", (a, b) => tf.mul(a, b), (a, b) => a * b, [linear, linear]),
  ...binariesOf("quotient", (a, b) => tf.div(a, b), (a, b) => a / b, [linear, curved], awayFromZero),
];
