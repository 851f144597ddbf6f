/** The procedures that transform tiles and filters for Winograd's convolution; see backend/winograd.ts. */
import { filterMatrix, inputMatrix, type Matrix, outputMatrix, termsOf } from "../winograd.ts";
import {
  add,
  addVectors,
  advance,
  type Code,
  get,
  integerConstant,
  integerType,
  load,
  multiply,
  multiplyVectors,
  type Procedure,
  repeat,
  set,
  splat,
  store,
  subtractVectors,
  vector,
} from "./assembler.ts";

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

/** A row of a matrix times vectors. */
const sumOf = (row: readonly number[], value: (element: number) => Code): Code => {
  const scaled = (times: number, element: number): Code =>
    Math.abs(times) === 1 ? value(element) : multiplyVectors(value(element), splat(Math.abs(times)));
  const [first, ...others] = termsOf(row);
  return others.reduce<Code>(
    (sum, { times, element }) => (times > 0 ? addVectors : subtractVectors)(sum, scaled(times, element)),
    first === undefined ? splat(0) : scaled(first.times, first.element),
  );
};

/** A transform: its last parameter is how many vectors there are at each place, one after the other. */
interface Transform {
  readonly name: string;
  readonly matrix: Matrix;
  readonly parameters: number;
  /** The address of the first vector that is read at row i and column j. */
  readonly from: (i: number, j: number) => Code;
  /** And of the first that is written. */
  readonly to: (i: number, j: number) => Code;
}

/** M · x · Mᵀ of squares of vectors. */
const transform = ({ name, matrix, parameters, from, to }: Transform): Procedure => {
  const [made, read] = [range(matrix.length), range(matrix[0].length)];
  const source = (i: number, j: number): number => parameters + i * read.length + j;
  const target = (i: number, j: number): number => parameters + read.length ** 2 + i * made.length + j;
  const firstVector = parameters + read.length ** 2 + made.length ** 2;
  const before = (i: number, j: number): number => firstVector + i * read.length + j;
  const between = (i: number, j: number): number => firstVector + read.length ** 2 + i * read.length + j;
  return {
    name,
    parameters,
    locals: [
      ...range(read.length ** 2 + made.length ** 2).map(() => integerType),
      ...range(read.length ** 2 + made.length * read.length).map(() => vector),
    ],
    body: [
      read.map((i) => read.map((j) => set(source(i, j), from(i, j)))),
      made.map((i) => made.map((j) => set(target(i, j), to(i, j)))),
      repeat(parameters - 1, [
        read.map((i) =>
          read.map((j) => [set(before(i, j), load(get(source(i, j)))), advance(source(i, j), integerConstant(16))])
        ),
        matrix.map((row, i) => read.map((j) => set(between(i, j), sumOf(row, (k) => get(before(k, j)))))),
        made.map((i) =>
          matrix.map((row, j) => [
            store(get(target(i, j)), sumOf(row, (k) => get(between(i, k)))),
            advance(target(i, j), integerConstant(16)),
          ])
        ),
      ]),
    ],
  };
};

/** A parameter plus so many times another one. */
const stepped = (start: number, steps: number, step: number): Code =>
  add(get(start), multiply(get(step), integerConstant(steps)));

/**
 * winogradInput(source, row, pixel, target, place, vectors): a tile of 4×4 pixels of 4 · `vectors` channels, which are
 * `row` and `pixel` bytes apart, to 16 places, which are `place` bytes apart.
 */
export const winogradInput: Procedure = transform({
  name: "winogradInput",
  matrix: inputMatrix,
  parameters: 6,
  from: (i, j) => add(stepped(0, i, 1), multiply(get(2), integerConstant(j))),
  to: (i, j) => stepped(3, 4 * i + j, 4),
});

/** winogradFilter(source, tap, target, place, vectors): 3×3 taps, which are `tap` bytes apart, to 16 places. */
export const winogradFilter: Procedure = transform({
  name: "winogradFilter",
  matrix: filterMatrix,
  parameters: 5,
  from: (i, j) => stepped(0, 3 * i + j, 1),
  to: (i, j) => stepped(2, 4 * i + j, 3),
});

/** winogradOutput(source, place, a, b, c, d, vectors): 16 places to the pixels at a and b, and c and d below them. */
export const winogradOutput: Procedure = transform({
  name: "winogradOutput",
  matrix: outputMatrix,
  parameters: 7,
  from: (i, j) => stepped(0, 4 * i + j, 1),
  to: (i, j) => get(2 + 2 * i + j),
});
