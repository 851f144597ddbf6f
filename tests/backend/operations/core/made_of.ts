/** TensorFlow.js's functions that are made of several others. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { mapNumbers, scalar } from "../numbers.ts";
import { curved, fixed, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, sumOf, valueAt } from "./places.ts";
import type { Numbers } from "../numbers.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A cell's state and output by gates i, j, f, o of [x, h] · w + b. */
const lstm = (x: Numbers, w: Numbers, b: Numbers, c: Numbers, h: Numbers): readonly [Numbers, Numbers] => {
  const inputs = [...x.values, ...h.values];
  const gate = (k: number, unit: number): number =>
    sumOf(inputs.map((value, row) => value * valueAt(w, [row, 2 * k + unit]))) + valueAt(b, [2 * k + unit]);
  const state = mapNumbers(
    c,
    (old, unit) => old * sigmoid(1 + gate(2, unit)) + sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit)),
  );
  return [state, mapNumbers(state, (value, unit) => Math.tanh(value) * sigmoid(gate(3, unit)))];
};

/** The state and the output of one step, side by side. */
const lstmStep = (...[x, w, b, c, h]: readonly Numbers[]): Numbers => {
  if (x === undefined || w === undefined || b === undefined || c === undefined || h === undefined) return scalar(NaN);
  const [state, output] = lstm(x, w, b, c, h);
  return { shape: [1, 4], values: Float64Array.of(...state.values, ...output.values) };
};

/** The rows made orthogonal to those before them, of length 1. */
const gramSchmidt = (x: Numbers): readonly (readonly number[])[] => {
  const [rows = 0, columns = 0] = x.shape;
  return Array.from({ length: rows }).reduce<readonly (readonly number[])[]>((done, _, i) => {
    const row = Array.from({ length: columns }, (_, j) => valueAt(x, [i, j]));
    const rest = done.reduce((left, one) => {
      const share = sumOf(one.map((value, j) => value * (left[j] ?? NaN)));
      return left.map((value, j) => value - share * (one[j] ?? NaN));
    }, row);
    const length = Math.sqrt(sumOf(rest.map((value) => value * value)));
    return [...done, rest.map((value) => value / length)];
  }, []);
};

const cell = (
  all: readonly tf.Tensor[],
  run: (bias: tf.Scalar, w: tf.Tensor2D, b: tf.Tensor1D, x: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D) => tf.Tensor,
): tf.Tensor => {
  const [x, w, b, c, h] = all;
  return run(tf.scalar(1), w as tf.Tensor2D, b as tf.Tensor1D, x as tf.Tensor2D, c as tf.Tensor2D, h as tf.Tensor2D);
};

const lstmOperands = [curved([1, 3], 8), curved([5, 8]), curved([8]), curved([1, 2]), curved([1, 2], 8)];

/** Every function that is made of others. */
export const madeOf: readonly Covered[] = [
  covered("basicLSTMCell", [
    operation(
      "one step",
      lstmOperands,
      (...all) => cell(all, (bias, w, b, x, c, h) => tf.concat([...tf.basicLSTMCell(bias, w, b, x, c, h)], 1)),
      lstmStep,
      { terms: 5, condition: 2 },
    ),
  ]),
  covered("multiRNNCell", [
    operation(
      "one LSTM cell",
      lstmOperands,
      (...all) =>
        cell(all, (bias, w, b, x, c, h) => {
          const cells = [
            (data: tf.Tensor2D, oldC: tf.Tensor2D, oldH: tf.Tensor2D) => tf.basicLSTMCell(bias, w, b, data, oldC, oldH),
          ];
          const [[state = x] = [], [output = x] = []] = tf.multiRNNCell(cells, x, [c], [h]);
          return tf.concat([state, output], 1);
        }),
      lstmStep,
      { terms: 5, condition: 2 },
    ),
  ]),
  covered("movingAverage", [
    operation(
      "[3] by a decay of 0.75",
      [fixed([3]), curved([3])],
      (v, x) => tf.movingAverage(v, x, 0.75, undefined, false),
      (v, x) => mapNumbers(v, (value, k) => value + 0.25 * ((x.values[k] ?? NaN) - value)),
    ),
  ]),
  covered("dropout", [
    operation(
      "[5,7], less the same numbers of its mask",
      [curved([5, 7])],
      (x) => tf.sub(tf.dropout(x, 0.5, undefined, 7), tf.mul(tf.dropout(tf.ones([5, 7]), 0.5, undefined, 7), x)),
      () => fillPlaces([5, 7], () => 0),
    ),
  ]),
  covered("linalg.gramSchmidt", [
    operation(
      "[2,4]",
      [curved([2, 4], 8)],
      (x) => tf.linalg.gramSchmidt(x as tf.Tensor2D) as tf.Tensor2D,
      (x) => fillPlaces([2, 4], ([i = 0, j = 0]) => gramSchmidt(x)[i]?.[j] ?? NaN),
      { terms: 4, condition: 4 },
    ),
  ]),
];
