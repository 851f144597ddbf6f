/** TensorFlow.js's losses, and its batch norm. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { type Numbers, scalar } from "../numbers.ts";
import { curved, fixed, type Operand, type Operation, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, sumOf, valueAt } from "./places.ts";

const level = (noise: number): number => 0.5 + 0.4 * noise;
const bit = (noise: number): number => noise > 0 ? 1 : 0;
const asItIs = (noise: number): number => noise;

/** A loss of labels and predictions, its mean over all of them, by weights of which one is 0. */
const loss = (
  name: string,
  tensors: (labels: tf.Tensor, predictions: tf.Tensor, weights: tf.Tensor) => tf.Tensor,
  of: (label: number, prediction: number) => number,
  [labels, predictions]: readonly [Operand["values"], Operand["values"]] = [asItIs, asItIs],
): Covered =>
  covered(name, [
    operation(
      "[3,4]",
      [fixed([3, 4], labels), curved([3, 4], 1, predictions), fixed([3, 4], (_, k) => k === 5 ? 0 : 1 + k % 3)],
      tensors,
      (a, b, w) =>
        scalar(sumOf([...w.values].map((weight, k) => weight * of(a.values[k] ?? NaN, b.values[k] ?? NaN))) / 11),
      { terms: 12, condition: 4 },
    ),
  ]);

const logistic = (label: number, logit: number): number => Math.log1p(Math.exp(logit)) - label * logit;

const softmaxCrossEntropy: Operation = operation(
  "[3,4]",
  [fixed([3, 4], (_, k) => [0.1, 0.2, 0.7, 0][(k + Math.floor(k / 4)) % 4] ?? NaN), curved([3, 4], 4)],
  (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
  (labels, logits) =>
    scalar(
      sumOf([0, 1, 2].map((i) => {
        const row = [0, 1, 2, 3].map((j) => valueAt(logits, [i, j]));
        const whole = Math.log(sumOf(row.map(Math.exp)));
        return sumOf(row.map((logit, j) => valueAt(labels, [i, j]) * (whole - logit)));
      })) / 3,
    ),
  { terms: 12, condition: 4 },
);

const normalized = (x: Numbers, mean: Numbers, variance: Numbers, offset: Numbers, scale: Numbers): Numbers => {
  const of = (p: Numbers, place: Place): number =>
    valueAt(p, p.shape.map((size, axis) => size === 1 ? 0 : place[place.length - p.shape.length + axis] ?? NaN));
  return fillPlaces(
    x.shape,
    (place) =>
      (valueAt(x, place) - of(mean, place)) / Math.sqrt(of(variance, place) + 0.001) * of(scale, place) +
      of(offset, place),
  );
};

const positive = (noise: number): number => 1.25 + noise;

const batchNorm = (x: Place, p: Place): Operation => {
  const repeats = x.reduce((product, size) => product * size, 1) / p.reduce((product, size) => product * size, 1);
  return operation(
    `[${x}] by [${p}]`,
    [curved(x), curved(p, repeats), curved(p, repeats, positive), curved(p, repeats), curved(p, repeats)],
    (a, mean, variance, offset, scale) =>
      tf.batchNorm(a, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 0.001),
    (a, mean, variance, offset, scale) => normalized(a, mean, variance, offset, scale),
    { condition: 2 },
  );
};

/** Every loss, and batch norm. */
export const losses: readonly Covered[] = [
  loss("losses.absoluteDifference", tf.losses.absoluteDifference, (a, b) => Math.abs(a - b)),
  loss("losses.computeWeightedLoss", (_, b, w) => tf.losses.computeWeightedLoss(b, w), (_, b) => b),
  loss("losses.hingeLoss", tf.losses.hingeLoss, (a, b) => Math.max(0, 1 - (2 * a - 1) * b), [
    bit,
    (noise) => 2 * noise,
  ]),
  loss(
    "losses.huberLoss",
    (a, b, w) => tf.losses.huberLoss(a, b, w, 0.5),
    (a, b) => Math.abs(a - b) <= 0.5 ? 0.5 * (a - b) ** 2 : 0.5 * Math.abs(a - b) - 0.125,
  ),
  loss(
    "losses.logLoss",
    tf.losses.logLoss,
    (a, b) => -a * Math.log(b + 1e-7) - (1 - a) * Math.log(1 - b + 1e-7),
    [bit, level],
  ),
  loss("losses.meanSquaredError", tf.losses.meanSquaredError, (a, b) => (a - b) ** 2),
  loss("losses.sigmoidCrossEntropy", tf.losses.sigmoidCrossEntropy, logistic, [bit, (noise) => 3 * noise]),
  covered("losses.softmaxCrossEntropy", [softmaxCrossEntropy], "each row of labels is to have the sum 1"),
  covered("losses.cosineDistance", [
    operation(
      "[3,4] along 1",
      [fixed([3, 4]), curved([3, 4])],
      (a, b) => tf.losses.cosineDistance(a, b, 1),
      (a, b) =>
        scalar(
          sumOf([0, 1, 2].map((i) => 1 - sumOf([0, 1, 2, 3].map((j) => valueAt(a, [i, j]) * valueAt(b, [i, j]))))) / 3,
        ),
      { terms: 12, condition: 4 },
    ),
  ]),
  covered("batchNorm", [
    batchNorm([2, 3, 2, 4], [4]),
    batchNorm([5, 3], [3]),
    batchNorm([2, 5, 3], [3]),
    batchNorm([2, 3, 2, 4], [2, 3, 2, 4]),
    batchNorm([3, 2], [3, 2]),
  ], "its statistics are a vector or as large as the tensor"),
];
