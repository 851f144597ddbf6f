/** TensorFlow.js's functions of the numbers along some dimensions. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { joinNumbers } from "../numbers.ts";
import { curved, type Operand, type Operation, operation } from "../operation.ts";
import { sizeOf } from "../../support.ts";
import { type Covered, covered } from "./covered.ts";
import { changeAlong, fillPlaces, type Place, reduceAlong, sumOf } from "./places.ts";

const asItIs = (noise: number): number => noise;
const awayFromZero = (noise: number): number => noise < 0 ? noise - 0.5 : noise + 0.5;

/** Which dimensions of what, and whether they stay as ones: the last, the first, two that are apart, all, one of size 1. */
const forms: readonly (readonly [shape: Place, axes: Place, keep: boolean])[] = [
  [[3, 5], [1], false],
  [[3, 5, 2], [0], true],
  [[2, 3, 4, 5], [1, 3], false],
  [[7], [0], false],
  [[3, 1, 4], [1], false],
];

const reduction = (
  name: string,
  tensors: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
  of: (values: readonly number[]) => number,
  values: Operand["values"] = asItIs,
  remark = "",
): Covered =>
  covered(
    name,
    forms.map(([shape, axes, keep]) =>
      operation(
        `[${shape}] along ${axes}${keep ? ", which stay" : ""}`,
        [curved(shape, 1, values)],
        (x) => tensors(x, [...axes], keep),
        (x) => reduceAlong(x, axes, of, keep),
        { terms: axes.reduce((product, axis) => product * (shape[axis] ?? NaN), 1) },
      )
    ),
    remark,
  );

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
const varianceOf = (values: readonly number[]): number => meanOf(values.map((value) => (value - meanOf(values)) ** 2));
const logSumExp = (values: readonly number[]): number => Math.log(sumOf(values.map(Math.exp)));
const productOf = (values: readonly number[]): number => values.reduce((product, value) => product * value, 1);

/** A function of each row of numbers along a dimension, the first, a middle or the last one. */
const along = (
  name: string,
  tensors: (x: tf.Tensor, axis: number) => tf.Tensor,
  change: (values: readonly number[]) => readonly number[],
  axes: readonly number[] = [0, 1, 2],
  remark = "",
): Covered =>
  covered(
    name,
    axes.map((axis) =>
      operation(
        `[3,4,5] along ${axis}`,
        [curved([3, 4, 5], 5)],
        (x) => tensors(x, axis),
        (x) => changeAlong(x, axis, change),
        { terms: 5 },
      )
    ),
    remark,
  );

/** Sums, or products, of what is before each number, or behind it, with or without the number itself. */
const running = (
  start: number,
  join: (a: number, b: number) => number,
  exclusive: boolean,
  reverse: boolean,
) =>
(values: readonly number[]): readonly number[] =>
  values.map((_, k) => {
    const before = reverse ? values.slice(exclusive ? k + 1 : k) : values.slice(0, exclusive ? k : k + 1);
    return before.reduce(join, start);
  });

const plus = (a: number, b: number): number => a + b;
const times = (a: number, b: number): number => a * b;

const runningForms: readonly (readonly [exclusive: boolean, reverse: boolean])[] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

const runnings = (
  name: string,
  tensors: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor,
  start: number,
  join: (a: number, b: number) => number,
  remark: string,
): Covered =>
  covered(
    name,
    runningForms.flatMap(([exclusive, reverse], k) =>
      [[[3, 4, 5], k % 3], [[1, 3], 0]].map(([shape, axis]) => [shape, axis] as [number[], number]).map((
        [shape, axis],
      ) =>
        operation(
          `[${shape}] along ${axis}${exclusive ? ", exclusive" : ""}${reverse ? ", reverse" : ""}`,
          // Products are also to have gradients where a factor is 0.
          [curved(shape, 5, (noise, index) => start === 1 && index % 7 === 2 ? 0 : noise)],
          (x) => tensors(x, axis, exclusive, reverse),
          (x) => changeAlong(x, axis, running(start, join, exclusive, reverse)),
          { terms: 5 },
        )
      )
    ),
    remark,
  );

const largest = (shape: Place, count: number): Operation =>
  operation(
    `${count} of the last dimension of [${shape}]`,
    [curved(shape)],
    (x) => tf.topk(x, count).values,
    (x) => {
      const rows = x.values.length / (shape.at(-1) ?? NaN);
      const sorted = Array.from({ length: rows }, (_, row) =>
        [...x.values.slice(row * x.values.length / rows, (row + 1) * x.values.length / rows)].sort((a, b) =>
          b - a
        ));
      return fillPlaces([...shape.slice(0, -1), count], (place) => {
        const row = shape.slice(0, -1).reduce((offset, size, axis) => offset * size + (place[axis] ?? NaN), 0);
        return sorted[row]?.[place.at(-1) ?? NaN] ?? NaN;
      });
    },
  );

/** Every function along dimensions. */
export const reductions: readonly Covered[] = [
  reduction("sum", tf.sum, sumOf),
  reduction("mean", tf.mean, meanOf),
  reduction(
    "max",
    tf.max,
    (values) => Math.max(...values),
    asItIs,
    "each of equal maxima has all of the gradient",
  ),
  reduction(
    "min",
    tf.min,
    (values) => Math.min(...values),
    asItIs,
    "each of equal minima has all of the gradient",
  ),
  reduction("prod", tf.prod, productOf, awayFromZero),
  reduction("logSumExp", tf.logSumExp, logSumExp),
  reduction(
    "norm",
    (x, axes, keep) => tf.norm(x, "euclidean", axes.length > 2 ? undefined : axes, keep),
    (values) => Math.sqrt(sumOf(values.map((value) => value * value))),
    asItIs,
    "not a number where all are 0: add a small number to the sum of squares",
  ),
  reduction(
    "euclideanNorm",
    (x, axes, keep) => tf.euclideanNorm(x, axes, keep),
    (values) => Math.sqrt(sumOf(values.map((value) => value * value))),
    asItIs,
    "as tf.norm",
  ),
  covered("moments", [
    operation(
      "[2,3,4] along 0 and 2",
      [curved([2, 3, 4], 8)],
      (x) => {
        const { mean, variance } = tf.moments(x, [0, 2]);
        return tf.concat([mean, variance]);
      },
      (x) => joinNumbers(reduceAlong(x, [0, 2], meanOf), reduceAlong(x, [0, 2], varianceOf)),
      { terms: sizeOf([2, 4]) },
    ),
  ]),
  along("softmax", (x) => tf.softmax(x), (values) => values.map((value) => Math.exp(value - logSumExp(values))), [2]),
  along("logSoftmax", (x) => tf.logSoftmax(x), (values) => values.map((value) => value - logSumExp(values)), [2]),
  runnings("cumsum", tf.cumsum, 0, plus, "TensorFlow.js's gradient is wrong but along the last dimension"),
  runnings("cumprod", tf.cumprod, 1, times, "TensorFlow.js has no gradient"),
  covered("topk", [largest([3, 5], 2), largest([2, 3, 4], 4), largest([7], 1)], "TensorFlow.js has no gradient"),
];
