/** TensorFlow.js's products of tensors and what is made of them. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { scalar } from "../numbers.ts";
import { curved, linear, type Operation, operation, shapesText } from "../operation.ts";
import { sizeOf } from "../../support.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, placesOf, sumOf, valueAt } from "./places.ts";

const relu = (x: number): number => Math.max(0, x);

/** A sum over letters that are not in the result, of products of numbers whose places the letters give. */
const einsum = (equation: string, sizes: Readonly<Record<string, number>>): Operation => {
  const [from = "", to = ""] = equation.split("->");
  const names = from.split(",");
  const summed = [...new Set(from.replaceAll(",", ""))].filter((letter) => !to.includes(letter));
  const shapeOf = (letters: string): Place => [...letters].map((letter) => sizes[letter] ?? NaN);
  const whole = sizeOf(shapeOf([...new Set(from.replaceAll(",", ""))].join("")));
  const shapes = names.map(shapeOf);
  const steps = placesOf(shapeOf(summed.join("")));
  return operation(
    `${equation} ${shapesText(...shapes)}`,
    shapes.map((shape) => curved(shape, whole / sizeOf(shape))),
    (...all) => tf.einsum(equation, ...all),
    (...all) =>
      fillPlaces(shapeOf(to), (place) =>
        sumOf(steps.map((step) => {
          const at = (letter: string): number =>
            (to.includes(letter) ? place[to.indexOf(letter)] : step[summed.indexOf(letter)]) ?? NaN;
          return all.reduce((product, x, k) => product * valueAt(x, [...names[k] ?? ""].map(at)), 1);
        }))),
    { terms: steps.length },
  );
};

const product = (a: Place, b: Place, transposeA: boolean, transposeB: boolean): Operation => {
  const [rows, inner] = transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const columns = transposeB ? b.at(-2) : b.at(-1);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
  const of = (x: Parameters<typeof valueAt>[0], place: Place): number => {
    const leading = x.shape.slice(0, -2).map((size, axis) =>
      size === 1 ? 0 : place[place.length - x.shape.length + axis] ?? NaN
    );
    return valueAt(x, [...leading, ...place.slice(-2)]);
  };
  const made = [...batch, rows ?? NaN, columns ?? NaN];
  const repeats = sizeOf(batch);
  return operation(
    `${shapesText(a, b)}${transposeA ? ", the first transposed" : ""}${transposeB ? ", the second transposed" : ""}`,
    [linear(a, (columns ?? NaN) * repeats), linear(b, (rows ?? NaN) * repeats)],
    (x, y) => tf.matMul(x, y, transposeA, transposeB),
    (x, y) =>
      fillPlaces(made, (place) => {
        const [i = NaN, j = NaN] = place.slice(-2);
        return sumOf(Array.from({ length: inner ?? NaN }, (_, k) =>
          of(x, [...place.slice(0, -2), ...(transposeA ? [k, i] : [i, k])]) *
          of(y, [...place.slice(0, -2), ...(transposeB ? [j, k] : [k, j])])));
      }),
    { terms: inner ?? NaN },
  );
};

const rowTimes = (x: Parameters<typeof valueAt>[0], w: Parameters<typeof valueAt>[0], i: number, j: number): number =>
  sumOf(Array.from({ length: w.shape[0] ?? NaN }, (_, k) => valueAt(x, [i, k]) * valueAt(w, [k, j])));

/** Every function of sums of products. */
export const sums: readonly Covered[] = [
  covered("matMul", [
    product([2, 3, 4], [2, 4, 5], false, false),
    product([1, 4, 3], [2, 5, 4], true, true),
    product([2, 3, 1, 4], [4, 5], false, false),
    product([3, 4], [5, 4], false, true),
  ]),
  covered("einsum", [
    einsum("ij,jk->ik", { i: 3, j: 4, k: 5 }),
    einsum("bij,bkj->bik", { b: 2, i: 3, j: 4, k: 5 }),
    einsum("ij->ji", { i: 3, j: 4 }),
    einsum("ijk->j", { i: 2, j: 3, k: 4 }),
    einsum("i,j->ij", { i: 3, j: 4 }),
    einsum("ij,ij->", { i: 3, j: 4 }),
    einsum("nhwc,c->nhw", { n: 2, h: 3, w: 1, c: 4 }),
  ], "missing on wasm; TensorFlow.js has no gradient"),
  covered("dot", [
    operation(
      "[5] and [5]",
      [linear([5]), linear([5])],
      tf.dot,
      (x, y) => scalar(sumOf([...x.values].map((a, k) => a * (y.values[k] ?? NaN)))),
      { terms: 5 },
    ),
    operation(
      "[2,3] and [3]",
      [linear([2, 3]), linear([3], 2)],
      tf.dot,
      (x, y) => fillPlaces([2], ([i = 0]) => sumOf([0, 1, 2].map((k) => valueAt(x, [i, k]) * valueAt(y, [k])))),
      { terms: 3 },
    ),
  ]),
  covered("outerProduct", [
    operation(
      "[3] and [4]",
      [linear([3], 4), linear([4], 3)],
      (x, y) => tf.outerProduct(x as tf.Tensor1D, y as tf.Tensor1D),
      (x, y) => fillPlaces([3, 4], ([i = 0, j = 0]) => valueAt(x, [i]) * valueAt(y, [j])),
    ),
  ]),
  covered("fused.matMul", [
    operation(
      "[2,3], [3,4] and [4], with ReLU",
      [curved([2, 3], 4), curved([3, 4], 2), curved([4], 2)],
      (a, b, bias) => tf.fused.matMul({ a, b, bias, activation: "relu" }),
      (a, b, bias) => fillPlaces([2, 4], ([i = 0, j = 0]) => relu(rowTimes(a, b, i, j) + valueAt(bias, [j]))),
      { terms: 3 },
    ),
  ], "linear or ReLU"),
  covered("fused.conv2d", [
    operation(
      "[1,3,4,2], 1×1 of [1,1,2,3] and [3], with ReLU",
      [curved([1, 3, 4, 2], 3), curved([1, 1, 2, 3], 12), curved([3], 12)],
      (x, filter, bias) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: "same",
          bias,
          activation: "relu",
        }),
      (x, w, bias) =>
        fillPlaces(
          [1, 3, 4, 3],
          ([n = 0, i = 0, j = 0, c = 0]) =>
            relu(sumOf([0, 1].map((k) => valueAt(x, [n, i, j, k]) * valueAt(w, [0, 0, k, c]))) + valueAt(bias, [c])),
        ),
      { terms: 2 },
    ),
  ], "linear or ReLU"),
];
