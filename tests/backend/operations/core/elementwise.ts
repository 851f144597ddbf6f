/** TensorFlow.js's functions of each number on its own. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { mapNumbers } from "../numbers.ts";
import { curved, type Operand, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";

const asItIs = (noise: number): number => noise;
const positive = (noise: number): number => 1.25 + noise;
const inside = (noise: number): number => 0.9 * noise;
const wide = (noise: number): number => 4 * noise;
const awayFromZero = (noise: number): number => noise < 0 ? noise - 0.5 : noise + 0.5;

/** A function of one number, with a dimension of size 1, of no number at all, and of a scalar. */
const unary = (
  name: string,
  tensors: (x: tf.Tensor) => tf.Tensor,
  numbers: (x: number) => number,
  values: Operand["values"] = asItIs,
  { remark = "", condition = 1 }: { readonly remark?: string; readonly condition?: number } = {},
): Covered =>
  covered(
    name,
    [[3, 1, 5], [0, 3], []].map((shape) =>
      operation(
        `[${shape}]`,
        // One number alone is of a middling size, as what is near 0 is not exact to its last digits.
        [curved(shape, 1, shape.length === 0 ? () => values(0.7, 0) : values)],
        tensors,
        (x) => mapNumbers(x, numbers),
        { condition },
      )
    ),
    remark,
  );

/** The error function by its series. */
const erf = (x: number): number => {
  const terms = Array.from({ length: 40 }).reduce<readonly number[]>(
    (all, _, n) => [...all, n === 0 ? x : -(all[n - 1] ?? NaN) * x * x / n],
    [],
  );
  return 2 / Math.sqrt(Math.PI) * terms.reduce((sum, term, n) => sum + term / (2 * n + 1), 0);
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/** WebGPU asks of arcs for some five digits, and TensorFlow.js's error function is one of six. */
const approximate = { condition: 16, remark: "on WebGPU exact to some five digits" };

/** Every function of one number. */
export const elementwise: readonly Covered[] = [
  unary("abs", tf.abs, Math.abs, asItIs, { remark: "at 0 its gradient is 0; TensorFlow.js's is −1" }),
  unary("acos", tf.acos, Math.acos, inside, approximate),
  unary("acosh", tf.acosh, Math.acosh, (noise) => 2.5 + noise),
  unary("asin", tf.asin, Math.asin, inside, approximate),
  unary("asinh", tf.asinh, Math.asinh),
  unary("atan", tf.atan, Math.atan, asItIs, approximate),
  unary("atanh", tf.atanh, Math.atanh, inside),
  unary("cast", (x) => tf.cast(x, "float32"), asItIs),
  unary("ceil", tf.ceil, Math.ceil, wide, { remark: "its gradient is 0" }),
  unary("clipByValue", (x) => tf.clipByValue(x, -0.25, 0.5), (x) => Math.max(-0.25, Math.min(0.5, x))),
  unary("clone", tf.clone, asItIs),
  unary("cos", tf.cos, Math.cos),
  unary("cosh", tf.cosh, Math.cosh),
  unary("elu", tf.elu, (x) => x > 0 ? x : Math.expm1(x)),
  unary("erf", tf.erf, erf, asItIs, { ...approximate, remark: "TensorFlow.js approximates it to six digits" }),
  unary("exp", tf.exp, Math.exp),
  unary("expm1", tf.expm1, Math.expm1),
  unary("floor", tf.floor, Math.floor, wide, { remark: "its gradient is 0" }),
  unary("leakyRelu", (x) => tf.leakyRelu(x, 0.25), (x) => x > 0 ? x : 0.25 * x),
  unary("log", tf.log, Math.log, positive),
  unary("log1p", tf.log1p, Math.log1p, inside),
  unary("logSigmoid", tf.logSigmoid, (x) => -Math.log1p(Math.exp(-x)), wide),
  unary("neg", tf.neg, (x) => -x),
  unary("onesLike", tf.onesLike, () => 1),
  unary("reciprocal", tf.reciprocal, (x) => 1 / x, awayFromZero),
  unary("relu", tf.relu, (x) => Math.max(0, x)),
  unary("relu6", tf.relu6, (x) => Math.min(6, Math.max(0, x)), (noise) => 12 * noise),
  unary("round", tf.round, Math.round, wide, { remark: "its gradient is 0" }),
  unary("rsqrt", tf.rsqrt, (x) => 1 / Math.sqrt(x), positive),
  unary("selu", tf.selu, (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x))),
  unary("sigmoid", tf.sigmoid, sigmoid, wide, { condition: 4 }),
  unary("sign", tf.sign, Math.sign, asItIs, { remark: "its gradient is 0" }),
  unary("sin", tf.sin, Math.sin),
  unary("sinh", tf.sinh, Math.sinh),
  unary("softplus", tf.softplus, (x) => Math.log1p(Math.exp(x)), wide),
  unary("sqrt", tf.sqrt, Math.sqrt, positive, {
    remark: "at 0 its gradient is infinite, as in PyTorch: add a small number",
  }),
  unary("square", tf.square, (x) => x * x),
  unary("step", (x) => tf.step(x, 0.5), (x) => x > 0 ? 1 : 0.5, asItIs, { remark: "its gradient is 0" }),
  unary("tan", tf.tan, Math.tan),
  unary("tanh", tf.tanh, Math.tanh),
  unary("zerosLike", tf.zerosLike, () => 0),
];
