/** Sums, means and maxima of some dimensions. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { sumOfValues } from "../../../lib/nn/operations.ts";
import { sizeOf } from "../support.ts";
import { featuresOf } from "./convolution.ts";
import { at, generate, scalar, sumOver, total } from "./numbers.ts";
import { curved, fixed, linear, type Operand, type Operation, operation } from "./operation.ts";

/** Numbers of which most are positive, so that a sum of thousands is not near 0, and its rounding is seen. */
const mostlyPositive: Operand["values"] = (noise, index) => noise + 0.5 + index % 3 / 4;

const whole = (shape: readonly number[]): Operation =>
  operation(
    `sum of all of [${shape}]`,
    [linear(shape, 1, mostlyPositive)],
    (x) => sumOfValues(featuresOf(x)),
    (x) => scalar(total(x)),
    { terms: sizeOf(shape) },
  );

const squares = (shape: readonly number[]): Operation =>
  operation(
    `sum of the squares of [${shape}]`,
    [curved(shape)],
    (x) => tf.sum(tf.square(x)),
    (x) => scalar(sumOver(x.values.length, (index) => (x.values[index] ?? NaN) ** 2)),
    { terms: sizeOf(shape) },
  );

const [rows, columns] = [7, 19];

/** Functions of a row, of a matrix that is not square. */
const ofRows: readonly Operation[] = [
  operation(
    `sum of each row of [${rows},${columns}]`,
    [linear([rows, columns])],
    (x) => tf.sum(x, 1),
    (x) => generate([rows], (row) => sumOver(columns, (column) => at(x, row, column))),
    { terms: columns },
  ),
  operation(
    `sum of each column of [${rows},${columns}], as a row`,
    [linear([rows, columns])],
    (x) => tf.sum(x, 0, true),
    (x) => generate([1, columns], (_, column) => sumOver(rows, (row) => at(x, row, column))),
    { terms: rows },
  ),
  operation(
    `mean of all of [${rows},${columns}]`,
    [linear([rows, columns], 1, mostlyPositive)],
    (x) => tf.mean(x),
    (x) => scalar(total(x) / (rows * columns)),
    { terms: rows * columns },
  ),
  operation(
    `largest number of each row of [${rows},${columns}], as a column`,
    [fixed([rows, columns], (noise) => noise - 2)],
    (x) => tf.max(x, 1, true),
    (x) => generate([rows, 1], (row) => Math.max(...x.values.slice(row * columns, (row + 1) * columns))),
  ),
  operation(
    `place of the largest number of each row of [${rows},${columns}]`,
    [fixed([rows, columns], (noise) => noise - 2)],
    (x) => tf.argMax(x, 1),
    (x) =>
      generate([rows], (row) => {
        const own = x.values.slice(row * columns, (row + 1) * columns);
        return own.indexOf(Math.max(...own));
      }),
  ),
];

/** Of a scalar, a bias, feature maps, and as many numbers as a layer's kernel has. */
export const reductions: readonly Operation[] = [
  whole([3, 57, 76, 2]),
  whole([1, 8, 10, 1]),
  whole([3, 15, 19, 5]),
  squares([]),
  squares([5]),
  squares([3, 3, 64, 65]),
  ...ofRows,
];
