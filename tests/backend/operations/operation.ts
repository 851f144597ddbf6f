/** The rows of the table of operations. */
import type { tf } from "../../../lib/dependencies/tensorflow.ts";
import type { Numbers } from "./numbers.ts";

/** One argument of an operation. */
export interface Operand {
  readonly shape: readonly number[];
  /** How the result depends on it. What is fixed has no gradient, or none that the library takes. */
  readonly role: "linear" | "curved" | "fixed";
  /** Its numbers, from such as look random, between −1 and 1. */
  readonly values: (noise: number, index: number) => number;
  /** The longest sum behind a number of its gradient. */
  readonly terms: number;
}

/** An operation at one shape, and what it is in float64. */
export interface Operation {
  readonly name: string;
  readonly operands: readonly Operand[];
  /** The longest sum behind a number of the result. */
  readonly terms: number;
  /** How many times the rounding of what is computed on the way is larger than that of the result, such as by x − y. */
  readonly condition: number;
  readonly tensors: (...operands: readonly tf.Tensor[]) => tf.Tensor;
  readonly numbers: (...operands: readonly Numbers[]) => Numbers;
}

const asItIs = (noise: number): number => noise;

/** An operand that the result is linear in, as long as the others stay the same: A(s·x + t·y) = s·Ax + t·Ay. */
export const linear = (shape: readonly number[], terms = 1, values: Operand["values"] = asItIs): Operand => ({
  shape,
  role: "linear",
  values,
  terms,
});

/** An operand whose gradient is compared with slopes of the reference. */
export const curved = (shape: readonly number[], terms = 1, values: Operand["values"] = asItIs): Operand => ({
  shape,
  role: "curved",
  values,
  terms,
});

/** An operand without a gradient. */
export const fixed = (shape: readonly number[], values: Operand["values"] = asItIs): Operand => ({
  shape,
  role: "fixed",
  values,
  terms: 1,
});

/** An operation, of sums of one term and well conditioned unless stated otherwise. */
export const operation = (
  name: string,
  operands: readonly Operand[],
  tensors: Operation["tensors"],
  numbers: Operation["numbers"],
  { terms = 1, condition = 1 }: { readonly terms?: number; readonly condition?: number } = {},
): Operation => ({ name, operands, terms, condition, tensors, numbers });

/** Names an operation by its operands' shapes. */
export const shapesText = (...shapes: readonly (readonly number[])[]): string =>
  shapes.map((shape) => `[${shape}]`).join(" and ");
