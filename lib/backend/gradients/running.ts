/** Gradients of running sums and products; TensorFlow.js's are wrong unless along the last dimension, and missing. */
import { tf } from "../../dependencies/tensorflow.ts";
import { along, axisOf, kept, single } from "./parts.ts";

interface Running {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const runningOf = (attrs: tf.NamedAttrMap, rank: number): Running => ({
  axis: axisOf(Number(attrs.axis), rank),
  exclusive: attrs.exclusive === true,
  reverse: attrs.reverse === true,
});

const cumsum: tf.GradConfig = {
  kernelName: "Cumsum",
  gradFunc: (dy, _, attrs) => {
    const { axis, exclusive, reverse } = runningOf(attrs, single(dy).rank);
    return { x: () => tf.cumsum(single(dy), axis, exclusive, !reverse) };
  },
};

/** What stands `by` places further on, and zeros at the end. */
const ahead = (x: tf.Tensor, axis: number, by: number): tf.Tensor => {
  const size = x.shape[axis] ?? NaN;
  const rest = tf.slice(
    x,
    along(x.shape.map(() => 0), axis, Math.min(by, size)),
    along(x.shape, axis, Math.max(0, size - by)),
  );
  return tf.pad(rest, x.shape.map((_, k): [number, number] => [0, k === axis ? Math.min(by, size) : 0]));
};

/** s with sᵢ = dᵢ + xᵢ₊₁ · sᵢ₊₁, from pairs of steps, pairs of pairs and so on: right also where an x is 0. */
const weighted = (d: tf.Tensor, x: tf.Tensor, axis: number): tf.Tensor => {
  const size = x.shape[axis] ?? NaN;
  const rounds = Array.from({ length: Math.ceil(Math.log2(Math.max(1, size))) }, (_, k) => 2 ** k);
  const [sum] = rounds.reduce<readonly [tf.Tensor, tf.Tensor]>(
    ([sums, factors], by) => [
      tf.add(sums, tf.mul(factors, ahead(sums, axis, by))),
      tf.mul(factors, ahead(factors, axis, by)),
    ],
    [d, ahead(x, axis, 1)],
  );
  return sum;
};

/** The gradient of the product of each number and all before it. */
const ofProducts = (dy: tf.Tensor, x: tf.Tensor, axis: number, exclusive: boolean): tf.Tensor =>
  tf.mul(tf.cumprod(x, axis, true), weighted(exclusive ? ahead(dy, axis, 1) : dy, x, axis));

const cumprod: tf.GradConfig = {
  kernelName: "Cumprod",
  inputsToSave: ["x"],
  gradFunc: (dy, saved, attrs) => {
    const x = kept(saved, 0);
    const { axis, exclusive, reverse } = runningOf(attrs, x.rank);
    const turn = (tensor: tf.Tensor): tf.Tensor => reverse ? tf.reverse(tensor, axis) : tensor;
    return { x: () => turn(ofProducts(turn(single(dy)), turn(x), axis, exclusive)) };
  },
};

/** Of sums and products of all that is before. */
export const running: readonly tf.GradConfig[] = [cumsum, cumprod];
