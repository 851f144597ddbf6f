/** Gradients of products of tensors. TensorFlow.js has none of einsum, nor of matrices that are repeated. */
import { tf } from "../../dependencies/tensorflow.ts";
import { kept, single, sumTo } from "./parts.ts";

const batchMatMul: tf.GradConfig = {
  kernelName: "BatchMatMul",
  inputsToSave: ["a", "b"],
  gradFunc: (gradient, saved, attrs) => {
    const [a, b, dy] = [kept(saved, 0), kept(saved, 1), single(gradient)];
    const [transposeA, transposeB] = [attrs.transposeA === true, attrs.transposeB === true];
    const ofA = (): tf.Tensor => transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
    const ofB = (): tf.Tensor => transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
    return { a: () => sumTo(ofA(), a.shape), b: () => sumTo(ofB(), b.shape) };
  },
};

/** Letters of which some are summed over in one operand alone: its gradient is the same along them. */
const backwards = (
  own: string,
  x: tf.Tensor,
  sources: readonly (readonly [letters: string, tensor: tf.Tensor])[],
): tf.Tensor => {
  const letters = new Set(sources.flatMap(([each]) => [...each]));
  const held = [...own].filter((letter) => letters.has(letter)).join("");
  const equation = `${sources.map(([each]) => each).join(",")}->${held}`;
  const gradient = tf.einsum(equation, ...sources.map(([, tensor]) => tensor));
  const sizes = [...own].map((letter, axis) => letters.has(letter) ? x.shape[axis] ?? NaN : 1);
  return tf.broadcastTo(tf.reshape(gradient, sizes), x.shape);
};

const einsum: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const [from = "", made = ""] = String(attrs.equation).replaceAll(" ", "").split("->");
    const letters = from.split(",");
    const sources = letters.map((each, k) => [each, kept(saved, k)] as const);
    return Object.fromEntries(sources.map(([own, x], k) => [
      String(k),
      () => backwards(own, x, [[made, single(dy)], ...sources.filter((_, other) => other !== k)]),
    ]));
  },
};

/** Of products and sums of them. */
export const products: readonly tf.GradConfig[] = [batchMatMul, einsum];
