/** The procedures of 3×3 convolutions of each channel by itself for two rows at once, which share most of what they read. */
import {
  add,
  advance,
  type Code,
  get,
  integerConstant,
  integerType,
  load,
  multiply,
  multiplyAdd,
  type Procedure,
  repeat,
  set,
  store,
  vector,
  zeros,
} from "./assembler.ts";
import type { DepthwiseWork } from "./depthwise_procedures.ts";

/** Columns of a tile of two rows. */
export const pairColumns = 4;

/** The name of a procedure. */
export const pairName = (work: DepthwiseWork, columns: number): string =>
  `depthwise ${work}, 2 rows, ${columns} columns`;

const side = [0, 1, 2] as const;

/**
 * name(made, madeStep, madeRow, read, readStep, readRow, weights, weightStep, weightRow, vectors, tiles): does for two rows,
 * `madeRow` bytes apart, and all nine taps what the procedures of one row do for some. Rows that are read are `readRow` apart,
 * rows of weights `weightRow`.
 *
 * Eight pixels and six weights are in registers, as the first row is at one row of weights and the second at the one before.
 */
const pairOf = (work: DepthwiseWork, columns: number, relaxed: boolean): Procedure => {
  const [made, madeStep, madeRow, read, readStep, readRow] = [0, 1, 2, 3, 4, 5];
  const [weights, weightStep, weightRow, vectors, tiles] = [6, 7, 8, 9, 10];
  const [count, channel, from, readFrom, weightFrom, seen] = [11, 12, 13, 14, 15, 16];
  const values = [0, 1].map((row) => Array.from({ length: columns }, (_, column) => 17 + row * columns + column));
  const weightsOf = (row: number): readonly number[] => side.map((tap) => 17 + 2 * columns + row % 2 * 3 + tap);
  const sums = work === "sum";
  const product = (value: number, weight: number): Code =>
    sums
      ? set(value, multiplyAdd(get(seen), get(weight), get(value), relaxed))
      : set(weight, multiplyAdd(get(seen), get(value), get(weight), relaxed));
  const alongMade = (at: (value: number) => Code): Code =>
    values.map((row, k) => [
      set(from, add(add(get(made), get(channel)), k === 0 ? integerConstant(0) : get(madeRow))),
      row.map((value, column) => [column === 0 ? [] : advance(from, get(madeStep)), at(value)]),
    ]);
  const alongWeights = (row: number, at: (weight: number) => Code): Code => [
    set(from, get(weightFrom)),
    weightsOf(row).map((weight, tap) => [tap === 0 ? [] : advance(from, get(weightStep)), at(weight)]),
  ];
  const productsOf = (pixels: readonly number[] | undefined, row: number, column: number): Code =>
    weightsOf(row).map((weight, tap) => {
      const value = pixels?.[column - tap];
      return value === undefined ? [] : product(value, weight);
    });
  const readRowAt = (row: number): Code => [
    row < 3 ? alongWeights(row, (weight) => set(weight, load(get(from)))) : [],
    set(from, get(readFrom)),
    Array.from({ length: columns + 2 }, (_, column) => [
      [column === 0 ? [] : advance(from, get(readStep)), set(seen, load(get(from)))],
      row < 3 ? productsOf(values[0], row, column) : [],
      row > 0 ? productsOf(values[1], row - 1, column) : [],
    ]),
    sums || row === 0 ? [] : [
      advance(weightFrom, subtractRow(weightRow)),
      alongWeights(row - 1, (weight) => store(get(from), get(weight))),
      advance(weightFrom, get(weightRow)),
    ],
    [advance(readFrom, get(readRow)), advance(weightFrom, get(weightRow))],
  ];
  const next = (pointer: number, step: number): Code => advance(pointer, multiply(get(step), integerConstant(columns)));
  return {
    name: pairName(work, columns),
    parameters: 11,
    locals: [
      ...Array.from({ length: 5 }, () => integerType),
      ...Array.from({ length: 7 + 2 * columns }, () => vector),
    ],
    body: repeat(tiles, [
      [set(count, get(vectors)), set(channel, integerConstant(0))],
      repeat(count, [
        sums ? values.flat().map((value) => set(value, zeros)) : alongMade((value) => set(value, load(get(from)))),
        [set(readFrom, add(get(read), get(channel))), set(weightFrom, add(get(weights), get(channel)))],
        [0, 1, 2, 3].map(readRowAt),
        sums ? alongMade((value) => store(get(from), get(value))) : [],
        advance(channel, integerConstant(16)),
      ]),
      [next(made, madeStep), next(read, readStep)],
    ]),
  };
};

/** −1 times a row of weights. */
const subtractRow = (row: number): Code => multiply(get(row), integerConstant(-1));

/** All of them: of tiles, and of the columns that are left. */
export const pairProcedures = (relaxed: boolean): readonly Procedure[] =>
  (["sum", "filter gradient"] as const).flatMap((work) =>
    [pairColumns, 1].map((columns) => pairOf(work, columns, relaxed))
  );
