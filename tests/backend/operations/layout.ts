/** What moves numbers without changing them: shapes, orders of dimensions, joining and splitting, and constants. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { at, generate, joinNumbers, type Numbers } from "./numbers.ts";
import { curved, fixed, linear, type Operation, operation, shapesText } from "./operation.ts";

/** The same numbers in another order of dimensions. */
const transposed = (shape: readonly number[], order: readonly number[]): Operation => {
  const made = order.map((axis) => shape[axis] ?? NaN);
  return operation(
    `[${shape}] with its dimensions in the order ${order}`,
    [linear(shape)],
    (x) => tf.transpose(x, [...order]),
    (x) =>
      generate(made, (...place) => {
        const from = shape.map((_, axis) => place[order.indexOf(axis)] ?? NaN);
        return at(x, from[0] ?? NaN, from[1], from[2], from[3]);
      }),
  );
};

const reshaped = (from: readonly number[], to: readonly number[]): Operation =>
  operation(
    `[${from}] as [${to}]`,
    [linear(from)],
    (x) => tf.reshape(x, [...to]),
    ({ values }) => ({ shape: to, values }),
  );

/** Feature maps with as many channels as each of the counts, one after the other in the last dimension. */
const channelsJoined = (
  [batch, height, width]: readonly [number, number, number],
  counts: readonly number[],
): Operation => {
  const shapes = counts.map((count) => [batch, height, width, count]);
  const sources = counts.flatMap((count, k) => Array.from({ length: count }, (_, channel) => [k, channel] as const));
  return operation(
    `channels of ${shapesText(...shapes)} together`,
    shapes.map((shape) => curved(shape)),
    (...all) => tf.concat([...all], 3),
    (...all) =>
      generate([batch, height, width, sources.length], (n, i, j, c) => {
        const [k = -1, channel = -1] = sources[c] ?? [];
        const source = all[k];
        return source === undefined ? NaN : at(source, n, i, j, channel);
      }),
  );
};

const labels = [4, 0, 2];

/** Every order of dimensions that resizing takes, channels of different counts, and constants. */
export const layouts: readonly Operation[] = [
  transposed([57, 29], [1, 0]),
  transposed([3, 15, 19, 5], [1, 0, 2, 3]),
  transposed([15, 3, 19, 5], [2, 0, 1, 3]),
  transposed([19, 15, 3, 5], [2, 1, 0, 3]),
  transposed([3, 3, 1, 2], [2, 3, 0, 1]),
  reshaped([3, 15, 19, 5], [855, 5]),
  reshaped([15, 7], [3, 1, 5, 7]),
  reshaped([1], []),
  channelsJoined([1, 57, 76], [4, 4]),
  channelsJoined([3, 15, 19], [5, 3]),
  channelsJoined([3, 8, 10], [1, 2, 4]),
  operation(
    "three numbers as a vector",
    [curved([]), curved([]), curved([])],
    (...all) => tf.stack([...all]),
    (...all) => joinNumbers(...all),
  ),
  operation(
    "labels as rows of one 1",
    [fixed([3], (_, index) => labels[index] ?? NaN)],
    (x) => tf.oneHot(tf.cast(x, "int32").as1D(), 5),
    () => generate([3, 5], (row, column) => Number(labels[row] === column)),
  ),
  operation("a vector of one number", [], () => tf.fill([7], 2.5), (): Numbers => generate([7], () => 2.5)),
];
