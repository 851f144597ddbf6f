/** Products of matrices, and the linear layer. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { linear as linearLayer } from "../../../lib/nn/conv.ts";
import { at, generate, sumOver } from "./numbers.ts";
import { curved, linear, type Operation, operation } from "./operation.ts";

/** [m, k] · [k, n], with either factor given as its transpose. */
const product = (m: number, k: number, n: number, transposeA = false, transposeB = false): Operation => {
  const [a, b] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
  return operation(
    `product of [${a}]${transposeA ? " transposed" : ""} and [${b}]${transposeB ? " transposed" : ""}`,
    [linear(a, n), linear(b, m)],
    (x, y) => tf.matMul(x, y, transposeA, transposeB),
    (x, y) =>
      generate(
        [m, n],
        (row, column) =>
          sumOver(k, (i) =>
            (transposeA ? at(x, i, row) : at(x, row, i)) * (transposeB ? at(y, column, i) : at(y, i, column))),
      ),
    { terms: k },
  );
};

const layer = (batch: number, from: number, to: number): Operation =>
  operation(
    `linear layer of [${batch},${from}] to ${to}`,
    [curved([batch, from], to), curved([from, to], batch), curved([to], batch)],
    (x, w, b) => {
      const params = { weight: w.as2D(from, to), bias: b.as1D() };
      return linearLayer(from, to).apply({ params, statistics: {} }, x.as2D(batch, from), "training")[0];
    },
    (x, w, b) =>
      generate([batch, to], (row, column) => at(b, column) + sumOver(from, (i) => at(x, row, i) * at(w, i, column))),
    { terms: from },
  );

/** A row of sums, matrices of odd sizes in all four forms, and one number. */
export const products: readonly Operation[] = [
  product(1, 285, 7),
  product(5, 3, 4),
  product(5, 7, 19, true),
  product(5, 7, 19, false, true),
  product(3, 9, 13, true, true),
  product(33, 130, 65),
  product(1, 1, 1),
  layer(1, 33, 7),
  layer(3, 6, 10),
];
