/** Arrays of float64 for references, which say for each place of the result what stands there. */
import { sizeOf } from "../support.ts";

/** A tensor as plain numbers, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** The number at a place of a tensor of as many dimensions as there are indices; NaN outside of it. */
export const at = ({ shape, values }: Numbers, a: number, b = 0, c = 0, d = 0): number => {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const index = axis === 0 ? a : axis === 1 ? b : axis === 2 ? c : d;
    const size = shape[axis] ?? 1;
    if (!(index >= 0 && index < size)) return NaN;
    offset = offset * size + index;
  }
  return values[offset] ?? NaN;
};

type AtPlace = (a: number, b: number, c: number, d: number) => number;

/** The same function, called with leading places of 0 for the dimensions that a tensor of this rank has not. */
const fromFour = (rank: number, of: AtPlace): AtPlace => {
  if (rank === 4) return of;
  if (rank === 3) return (_, b, c, d) => of(b, c, d, 0);
  if (rank === 2) return (_, __, c, d) => of(c, d, 0, 0);
  return (_, __, ___, d) => of(d, 0, 0, 0);
};

/** A tensor of at most four dimensions, from the number at each place. */
export const generate = (shape: readonly number[], of: AtPlace): Numbers => {
  const values = new Float64Array(sizeOf(shape));
  const [i = 1, j = 1, k = 1, l = 1] = [...Array<number>(4 - shape.length).fill(1), ...shape];
  const numberAt = fromFour(shape.length, of);
  for (let index = 0; index < i * j * k * l; index++) {
    const [row, plane] = [Math.floor(index / l), Math.floor(index / l / k)];
    values[index] = numberAt(Math.floor(plane / j), plane % j, row % k, index % l);
  }
  return { shape, values };
};

/** The same function of each number. */
export const mapNumbers = ({ shape, values }: Numbers, change: (value: number, index: number) => number): Numbers => ({
  shape,
  values: values.map(change),
});

/** A function of both numbers at each place, of two tensors of one shape. */
export const zipNumbers = (first: Numbers, second: Numbers, join: (a: number, b: number) => number): Numbers =>
  mapNumbers(first, (value, index) => join(value, second.values[index] ?? NaN));

/** Σ of(0) … of(count − 1). */
export const sumOver = (count: number, of: (index: number) => number): number => {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += of(index);
  return sum;
};

/** The sum of all numbers. */
export const total = ({ values }: Numbers): number => sumOver(values.length, (index) => values[index] ?? NaN);

/** A tensor of no dimension. */
export const scalar = (value: number): Numbers => ({ shape: [], values: Float64Array.of(value) });

/** The numbers of several tensors in a row. */
export const joinNumbers = (...all: readonly Numbers[]): Numbers => {
  const values = Float64Array.from(all.flatMap((each) => [...each.values]));
  return { shape: [values.length], values };
};
