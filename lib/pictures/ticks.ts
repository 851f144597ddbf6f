import type { Range } from "./range.ts";

/** A mark on a scale. */
export interface Tick {
  /** In the unit of the scale. */
  readonly value: number;
  /** The value as text, all ticks of a scale with the same number of decimals. */
  readonly text: string;
}

const roundFactors = [1, 2, 2.5, 5] as const;

// Without it 0.3 would not be the third multiple of 0.1: 0.3 / 0.1 is 2.9999999999999996.
const tolerance = 1e-9;

const roundStep = (span: number, most: number): number => {
  const smallest = span / most;
  const power = 10 ** Math.floor(Math.log10(smallest));
  const factor = roundFactors.find((candidate) => candidate * power >= smallest * (1 - tolerance)) ?? 10;
  return factor * power;
};

const decimalsOf = (step: number): number => {
  const text = step.toExponential();
  const end = text.indexOf("e");
  // Before the e stand one digit and, if there are more, a point and these.
  const fraction = Math.max(0, end - 2);
  return Math.max(0, fraction - Number(text.slice(end + 1)));
};

const textOf = (value: number, step: number, largest: number): string => {
  const decimals = decimalsOf(step);
  return decimals <= 6 && largest < 1e6 ? value.toFixed(decimals) : String(value);
};

/**
 * Round marks within a range, ascending: multiples of 1, 2, 2.5 or 5 times a power of ten, at most `most` + 1 of them
 * and for `most` ≥ 4 and a range that is wide enough for the precision of numbers at least 2. Throws a `RangeError`
 * unless the range is finite and strictly ascending and `most` is at least 1.
 */
export const roundTicks = (
  [near, far]: Range,
  most: number,
): readonly Tick[] => {
  if (!(Number.isFinite(far - near) && near < far && most >= 1)) {
    throw new RangeError(
      `ticks of a scale: no ticks (${most}) for the range ${near} to ${far}`,
    );
  }
  const step = Number(roundStep(far - near, most).toPrecision(2));
  const first = Math.ceil(near / step - tolerance);
  // The bound matters where the range is so narrow that neighbouring multiples are the same number.
  const length = Math.min(
    Math.floor(most) + 1,
    Math.floor(far / step + tolerance) - first + 1,
  );
  const largest = Math.max(Math.abs(near), Math.abs(far));
  return Array.from(
    { length: Math.max(0, length) },
    (_, index) => Number(((first + index) * step).toPrecision(12)) + 0,
  )
    .filter((value) => value >= near && value <= far)
    .map((value) => ({ value, text: textOf(value, step, largest) }))
    .filter((tick, index, all) => tick.value !== all[index - 1]?.value);
};
