/** Numbers in their ranges: those of files, which codecs check, and those of programs, which no codec has seen. */
import { E, type Either } from "../dependencies/fp.ts";
import { describe, type Failure, failure } from "../errors.ts";
import type { Field, NumberField } from "./fields.ts";

/** A finite number or an integer in a closed range. */
export type NumberRange = Pick<NumberField, "type" | "least" | "most">;

/** Whether a value is a number in a range. */
export const isWithin = ({ type, least, most }: NumberRange, value: unknown): value is number =>
  typeof value === "number" && value >= least && value <= most &&
  (type === "integer" ? Number.isInteger(value) : Number.isFinite(value));

/** What is expected, for people. */
export const describeRange = ({ type, least, most }: NumberRange): string => {
  const kind = type === "integer" ? "an integer" : "a number";
  return most === Infinity ? `${kind}, at least ${least}` : `${kind} from ${least} to ${most}`;
};

/** Counts of steps, samples or pixels; 2⁵³ − 1 is the last integer that has no neighbour of the same name. */
export const countFrom = (least: number): NumberRange => ({ type: "integer", least, most: Number.MAX_SAFE_INTEGER });

const isNumeric = (field: NumberRange | Field): field is NumberRange =>
  field.type === "number" || field.type === "integer";

/**
 * Whether the numbers that a program gives are in their ranges, which fields of a configuration tell as well. Absent values,
 * and fields that are no numbers, are left alone.
 *
 * Errors: "configuration", naming the first that is not.
 *
 * @param where What takes the numbers, for messages.
 */
export const checkNumbers = (
  where: string,
  ranges: Readonly<Record<string, NumberRange | Field>>,
  values: { readonly [name: string]: unknown },
): Either<Failure, void> => {
  for (const [name, range] of Object.entries(ranges)) {
    const value = values[name];
    if (value === undefined || !isNumeric(range) || isWithin(range, value)) continue;
    const found = typeof value === "string" ? JSON.stringify(value) : String(value);
    return E.left(failure("configuration", `${name} of ${where}`, found, describeRange(range)));
  }
  return E.right(undefined);
};

/** {@link checkNumbers} for functions that give plain values. @throws RangeError, naming the first that is not. */
export const requireNumbers = (...given: Parameters<typeof checkNumbers>): void => {
  const result = checkNumbers(...given);
  if (E.isLeft(result)) throw new RangeError(describe(result.left));
};
