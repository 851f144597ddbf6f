/** Compares an operation on the current backend with its definition in float64: results, and gradients as products. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { scope } from "../../../lib/tensor/scope.ts";
import { assert, assertEquals } from "../../std.ts";
import { dot, noise, sizeOf } from "../support.ts";
import type { Numbers } from "./numbers.ts";
import type { Operand, Operation } from "./operation.ts";

/**
 * The share of a result, or gradient, by which float32 may round it. Of a sum of n terms of one size that look random,
 * the partial sums grow as √n and each is rounded by up to 2⁻²⁴ of itself: the error is about ½ · 2⁻²⁴ · √n of the sum,
 * the largest of many thousands a few times that. A factor of 8 holds the largest, and the few roundings of products and
 * functions (WebGPU grants roots, quotients and exponentials 2 to 3 of them) that a sum is made of.
 */
const rounding = (terms: number, condition: number): number => 8 * 2 ** -24 * Math.sqrt(terms) * condition;

const norm = (values: ArrayLike<number>): number => Math.sqrt(dot(values, values));

/** The operand's numbers, as float32 holds them. */
const numbersOf = ({ shape, values }: Operand, seed: number): Numbers => ({
  shape,
  values: Float64Array.from(noise(sizeOf(shape), seed), (value, index) => Math.fround(values(value, index))),
});

const tensorOf = ({ shape, values }: Numbers): tf.Tensor => tf.tensor(Float32Array.from(values), [...shape]);

/** The operands' tensors with those that have gradients replaced. */
const withFree = (
  operands: readonly Operand[],
  tensors: readonly tf.Tensor[],
  free: readonly tf.Tensor[],
): readonly tf.Tensor[] => {
  const rest = [...free];
  return operands.map(({ role }, k) => (role === "fixed" ? tensors[k] : rest.shift()) ?? tf.scalar(NaN));
};

/** The operands' numbers, different for each. */
const numbersFor = ({ operands }: Operation): readonly Numbers[] =>
  operands.map((operand, k) => numbersOf(operand, 11 + k));

/** A gradient of the result. */
const gradientOf = (shape: readonly number[]): readonly number[] => noise(sizeOf(shape), 3);

/** The result, and the gradients of the operands that have one. */
const compute = ({ operands, tensors: of }: Operation, numbers: readonly Numbers[]): readonly tf.Tensor[] => {
  const tensors = numbers.map(tensorOf);
  const value = of(...tensors);
  const free = tensors.filter((_, k) => operands[k]?.role !== "fixed");
  if (free.length === 0) return [value];
  const gradients = tf.grads((...moved: tf.Tensor[]) => of(...withFree(operands, tensors, moved)));
  return [value, ...gradients(free, tf.tensor([...gradientOf(value.shape)], value.shape))];
};

/** Runs an operation and its gradients on the current backend. */
export const runOperation = (operation: Operation): void =>
  scope(() => {
    compute(operation, numbersFor(operation));
  });

const assertResult = (operation: Operation, found: ArrayLike<number>, { values }: Numbers): void => {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const tolerance = rounding(operation.terms, operation.condition) * most;
  values.forEach((value, k) =>
    assert(Math.abs((found[k] ?? NaN) - value) <= tolerance, `result ${k}: found ${found[k]}, expected ${value}`)
  );
};

/** ⟨Ax, y⟩ = ⟨x, Aᵀy⟩, with Ax and Aᵀy as the backend has them. */
const assertAdjoint = (
  operation: Operation,
  operand: Operand,
  x: ArrayLike<number>,
  image: ArrayLike<number>,
  y: ArrayLike<number>,
  gradient: ArrayLike<number>,
): void => {
  const [there, back] = [dot(image, y), dot(x, gradient)];
  const tolerance = rounding(operation.terms, operation.condition) * norm(image) * norm(y) +
    rounding(operand.terms, operation.condition) * norm(x) * norm(gradient);
  assert(Math.abs(there - back) <= tolerance, `⟨Ax, y⟩ = ${there}, ⟨x, Aᵀy⟩ = ${back}`);
};

/**
 * The slope of ⟨f(x), y⟩ along `direction`, where x is operand k, by central differences in float64. The step is so small
 * that no kink lies within it, and the differences are taken before they are summed, so that they keep their digits.
 */
const slopeAlong = (
  operation: Operation,
  numbers: readonly Numbers[],
  k: number,
  direction: readonly number[],
  y: readonly number[],
): number => {
  const step = 2 ** -24;
  const moved = (by: number): Float64Array => {
    const x = (numbers[k]?.values ?? new Float64Array()).map((value, index) => value + by * (direction[index] ?? NaN));
    const operands = numbers.map((operand, other) => other === k ? { ...operand, values: x } : operand);
    return operation.numbers(...operands).values;
  };
  const [ahead, behind] = [moved(step), moved(-step)];
  return dot(ahead.map((value, index) => (value - (behind[index] ?? NaN)) / (2 * step)), y);
};

const assertSlopes = (
  operation: Operation,
  numbers: readonly Numbers[],
  k: number,
  y: readonly number[],
  gradient: ArrayLike<number>,
): void =>
  [101, 102, 103].forEach((seed) => {
    const direction = noise(gradient.length, seed);
    const expected = slopeAlong(operation, numbers, k, direction, y);
    const tolerance = rounding(operation.operands[k]?.terms ?? 1, operation.condition) * norm(gradient) *
      norm(direction);
    const found = dot(gradient, direction);
    assert(Math.abs(found - expected) <= tolerance, `slope along ${seed}: found ${found}, expected ${expected}`);
  });

/** Fails unless the current backend computes the operation as it is defined, with its gradients. */
export const checkOperation = async (operation: Operation): Promise<void> => {
  const numbers = numbersFor(operation);
  const expected = operation.numbers(...numbers);
  const dy = gradientOf(expected.shape);
  const results = scope(() => compute(operation, numbers));
  const shapes = results.map(({ shape }) => shape);
  const [found = [], ...gradients] = await Promise.all(
    results.map(async (result) => Float64Array.from(await result.data())),
  );
  tf.dispose([...results]);
  assertEquals(shapes[0], [...expected.shape], "shape of the result");
  assertResult(operation, found, expected);
  const free = operation.operands.flatMap((operand, k) => operand.role === "fixed" ? [] : [{ operand, k }]);
  free.forEach(({ operand, k }, place) => {
    const gradient = gradients[place] ?? [];
    assertEquals(shapes[place + 1], [...operand.shape], `shape of gradient ${k}`);
    if (operand.role === "curved") return assertSlopes(operation, numbers, k, dy, gradient);
    assertAdjoint(operation, operand, numbers[k]?.values ?? [], found, dy, gradient);
  });
};
