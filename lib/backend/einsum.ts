/** Einstein's sums of one or two tensors as a product of matrices; TensorFlow.js's wasm backend has none. */
import { tf } from "../dependencies/tensorflow.ts";
import { composedKernel } from "./composed_kernels.ts";

/** Sums over dimensions that only this operand has and the result has not. */
const summed = (x: tf.Tensor, own: readonly number[], kept: readonly number[]): readonly [tf.Tensor, number[]] => {
  const idle = own.flatMap((dimension, axis) => kept.includes(dimension) ? [] : [axis]);
  return [idle.length === 0 ? x : tf.sum(x, idle), own.filter((dimension) => kept.includes(dimension))];
};

const sizeOf = (dimensions: readonly number[], sizes: readonly number[]): number =>
  dimensions.reduce((product, dimension) => product * (sizes[dimension] ?? NaN), 1);

/** The tensor with its dimensions in another order, joined in three groups. */
const grouped = (
  x: tf.Tensor,
  own: readonly number[],
  groups: readonly (readonly number[])[],
  sizes: readonly number[],
): tf.Tensor3D => {
  const order = groups.flat().map((dimension) => own.indexOf(dimension));
  const [a = 1, b = 1, c = 1] = groups.map((group) => sizeOf(group, sizes));
  return tf.reshape(tf.transpose(x, order), [a, b, c]);
};

/** The tensor with dimensions in this order as one with them in the order of the result. */
const arranged = (x: tf.Tensor, from: readonly number[], to: readonly number[], sizes: readonly number[]): tf.Tensor =>
  tf.transpose(
    tf.reshape(x, from.map((dimension) => sizes[dimension] ?? NaN)),
    to.map((dimension) => from.indexOf(dimension)),
  );

const productOf = (
  operands: readonly (readonly [tf.Tensor, readonly number[]])[],
  result: readonly number[],
  sizes: readonly number[],
): tf.Tensor => {
  const [first, second] = operands;
  if (first === undefined) throw new Error("einsum of no tensor");
  if (second === undefined) {
    const [x, own] = summed(first[0], first[1], result);
    return arranged(x, own, result, sizes);
  }
  const [a, left] = summed(first[0], first[1], [...second[1], ...result]);
  const [b, right] = summed(second[0], second[1], [...first[1], ...result]);
  const batch = left.filter((dimension) => right.includes(dimension) && result.includes(dimension));
  const inner = left.filter((dimension) => right.includes(dimension) && !result.includes(dimension));
  const rows = left.filter((dimension) => !right.includes(dimension));
  const columns = right.filter((dimension) => !left.includes(dimension));
  const product = tf.matMul(
    grouped(a, left, [batch, rows, inner], sizes),
    grouped(b, right, [batch, inner, columns], sizes),
  );
  return arranged(product, [...batch, ...rows, ...columns], result, sizes);
};

/** Einsum of float32 tensors on a backend: inputs "0", "1", and the equation, such as "bij,bkj->bik". */
export const einsumKernel = (backendName: string): tf.KernelConfig =>
  composedKernel(backendName, "Einsum", (tensors, attrs) => {
    const all = Object.values(tensors);
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(String(attrs.equation), all.length);
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, all);
    const sizes = allDims.map((_, dimension) => {
      const k = idDims.findIndex((own) => own.includes(dimension));
      return all[k]?.shape[idDims[k]?.indexOf(dimension) ?? NaN] ?? NaN;
    });
    const result = allDims.map((_, dimension) => dimension).filter((dimension) => !summedDims.includes(dimension));
    return productOf(all.map((x, k) => [x, idDims[k] ?? []] as const), result, sizes);
  });
