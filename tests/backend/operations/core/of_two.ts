/** TensorFlow.js's functions of two numbers, whose gradients are summed where an operand is repeated. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { sizeOf } from "../../support.ts";
import type { Numbers } from "../numbers.ts";
import { curved, type Operand, type Operation, operation, shapesText } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, valueAt } from "./places.ts";

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const asItIs = (noise: number): number => noise;
const positive = (noise: number): number => 1.25 + noise;
const awayFromZero = (noise: number): number => noise < 0 ? noise - 0.5 : noise + 0.5;

/** The number that stands at a place of a larger shape when a tensor is repeated to it. */
export const repeatedAt = (x: Numbers, place: Place): number =>
  valueAt(x, x.shape.map((size, axis) => size === 1 ? 0 : place[place.length - x.shape.length + axis] ?? NaN));

/** Pairs of shapes: the same, repeated each way, a vector for each row, a number, and no number at all. */
const pairs: readonly (readonly [Place, Place])[] = [
  [[2, 3], [2, 3]],
  [[3, 1, 4], [1, 2, 1]],
  [[5], [2, 3, 1, 5]],
  [[7, 6], []],
];

const row = (
  tensors: Binary,
  numbers: (a: number, b: number) => number,
  [a, b]: readonly [Place, Place],
  [first, second]: readonly [Operand["values"], Operand["values"]],
): Operation => {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
  const repeats = (own: Place): number => Math.max(1, sizeOf(shape) / Math.max(1, sizeOf(own)));
  return operation(
    shapesText(a, b),
    [curved(a, repeats(a), first), curved(b, repeats(b), second)],
    tensors,
    (x, y) => fillPlaces(shape, (place) => numbers(repeatedAt(x, place), repeatedAt(y, place))),
  );
};

const binary = (
  name: string,
  tensors: Binary,
  numbers: (a: number, b: number) => number,
  values: readonly [Operand["values"], Operand["values"]] = [asItIs, asItIs],
  remark = "",
  condition = 1,
): Covered => covered(name, pairs.map((pair) => ({ ...row(tensors, numbers, pair, values), condition })), remark);

/** Every function of two numbers, and the choice between them. */
export const ofTwo: readonly Covered[] = [
  binary("add", tf.add, (a, b) => a + b),
  binary("atan2", tf.atan2, Math.atan2, [awayFromZero, awayFromZero], "on WebGPU exact to some five digits", 16),
  binary("div", tf.div, (a, b) => a / b, [asItIs, awayFromZero]),
  binary("divNoNan", tf.divNoNan, (a, b) => a / b, [asItIs, awayFromZero], "no gradient (NaN) where the divisor is 0"),
  binary(
    "floorDiv",
    tf.floorDiv,
    (a, b) => Math.floor(a / b),
    [(noise) => 9 * noise, awayFromZero],
    "its gradient is 0",
  ),
  binary("maximum", tf.maximum, Math.max, [asItIs, asItIs], "of equal numbers the first one has the gradient"),
  binary("minimum", tf.minimum, Math.min, [asItIs, asItIs], "of equal numbers the first one has the gradient"),
  binary("mod", tf.mod, (a, b) => a - b * Math.floor(a / b), [(noise) => 9 * noise, awayFromZero]),
  binary("mul", tf.mul, (a, b) => a * b),
  binary("pow", tf.pow, Math.pow, [positive, (noise) => 3 * noise]),
  binary("squaredDifference", tf.squaredDifference, (a, b) => (a - b) ** 2),
  binary("sub", tf.sub, (a, b) => a - b),
  binary(
    "where",
    (a, b) => tf.where(tf.less(tf.abs(a), 0.5), a, tf.mul(a, b)),
    (a, b) => Math.abs(a) < 0.5 ? a : a * b,
    [asItIs, asItIs],
    "what is compared has the gradient 0",
  ),
  covered(
    "prelu",
    [[[2, 3, 4, 5], [5]], [[7, 6], [7, 6]], [[3, 4, 5], [4, 1]]].map(([a = [], b = []]) =>
      operation(
        shapesText(a, b),
        [curved(a), curved(b, sizeOf(a) / sizeOf(b))],
        tf.prelu,
        (x, y) =>
          fillPlaces(
            a,
            (place) => valueAt(x, place) > 0 ? valueAt(x, place) : valueAt(x, place) * repeatedAt(y, place),
          ),
      )
    ),
  ),
  covered("addN", [
    operation(
      "three of [2,3]",
      [curved([2, 3]), curved([2, 3]), curved([2, 3])],
      (...all) => tf.addN([...all]),
      (...all) => fillPlaces([2, 3], (place) => all.reduce((sum, x) => sum + valueAt(x, place), 0)),
    ),
  ]),
];
