/** Gradients of functions of one or two numbers, where TensorFlow.js's are missing, wrong, or not summed to their operand. */
import { tf } from "../../dependencies/tensorflow.ts";
import { kept, single, sumTo, zeros } from "./parts.ts";

type OfPair = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The gradients of a function of two tensors, of which either may be repeated to the other's shape. */
const ofPair = (kernelName: string, first: OfPair, second: OfPair): tf.GradConfig => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved) => {
    const [a, b] = [kept(saved, 0), kept(saved, 1)];
    return { a: () => sumTo(first(single(dy), a, b), a.shape), b: () => sumTo(second(single(dy), a, b), b.shape) };
  },
});

/** What does not change, or jumps, has the gradient 0: without one, `tf.where` of a comparison could not be trained through. */
const noGradient = (kernelName: string, inputs: readonly string[]): tf.GradConfig => ({
  kernelName,
  inputsToSave: [...inputs],
  gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, k) => [name, () => zeros(kept(saved, k).shape)])),
});

const float = (x: tf.Tensor): tf.Tensor => tf.cast(x, "float32");

/** At 0 the gradient is 0, as in PyTorch; TensorFlow.js's is −1. */
const abs: tf.GradConfig = {
  kernelName: "Abs",
  inputsToSave: ["x"],
  gradFunc: (dy, saved) => ({ x: () => tf.mul(single(dy), tf.sign(float(kept(saved, 0)))) }),
};

const maximum = ofPair(
  "Maximum",
  (dy, a, b) => tf.mul(dy, float(tf.greaterEqual(a, b))),
  (dy, a, b) => tf.mul(dy, float(tf.less(a, b))),
);

const minimum = ofPair(
  "Minimum",
  (dy, a, b) => tf.mul(dy, float(tf.lessEqual(a, b))),
  (dy, a, b) => tf.mul(dy, float(tf.greater(a, b))),
);

const slope = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mul(2, tf.sub(float(a), float(b)));

const squaredDifference = ofPair(
  "SquaredDifference",
  (dy, a, b) => tf.mul(dy, slope(a, b)),
  (dy, a, b) => tf.mul(dy, slope(b, a)),
);

/** A power of 0 has the gradient 0 at base 0, where 0 · 0⁻¹ is no number. */
const ofBase = (base: tf.Tensor, exponent: tf.Tensor): tf.Tensor => {
  const flat = tf.equal(exponent, 0);
  const power = tf.pow(base, tf.where(flat, tf.onesLike(exponent), tf.sub(exponent, 1)));
  return tf.mul(exponent, power);
};

const ofExponent = (base: tf.Tensor, exponent: tf.Tensor): tf.Tensor => {
  const isPositive = tf.greater(base, 0);
  const logarithm = tf.where(isPositive, tf.log(tf.where(isPositive, base, tf.onesLike(base))), tf.zerosLike(base));
  return tf.mul(tf.pow(base, exponent), logarithm);
};

const pow = ofPair(
  "Pow",
  (dy, a, b) => tf.mul(dy, ofBase(float(a), float(b))),
  (dy, a, b) => tf.mul(dy, ofExponent(float(a), float(b))),
);

const comparisons = ["Equal", "NotEqual", "Greater", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

const stockFloorDiv: tf.GradConfig | undefined = tf.getGradient("FloorDiv");

/** TensorFlow.js divides integers by this operation, too, and then means the quotient's gradient. */
const floorDiv: tf.GradConfig = {
  kernelName: "FloorDiv",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = [kept(saved, 0), kept(saved, 1)];
    return a.dtype === "float32" || stockFloorDiv === undefined
      ? { a: () => zeros(a.shape), b: () => zeros(b.shape) }
      : stockFloorDiv.gradFunc(dy, [...saved], attrs);
  },
};

const tests = ["LogicalNot", "IsNan", "IsInf", "IsFinite"];

/** Of functions of each number, or of two. */
export const pointwise: readonly tf.GradConfig[] = [
  abs,
  maximum,
  minimum,
  squaredDifference,
  pow,
  floorDiv,
  ...comparisons.map((name) => noGradient(name, ["a", "b"])),
  ...tests.map((name) => noGradient(name, ["x"])),
];
