/**
 * The procedures of convolutions of each channel by itself. Vectors hold four channels. The taps are in a table in memory, by
 * threes side by side or one by one, two integers each: what is added to the address of the pixel that is read, and the
 * address of the weights.
 */
import {
  add,
  advance,
  type Code,
  get,
  integerConstant,
  integerType,
  load,
  loadInteger,
  multiply,
  multiplyAdd,
  type Procedure,
  repeat,
  set,
  store,
  vector,
  zeros,
} from "./assembler.ts";

/** Pixels of a tile: a tap's weights are read once for all of them. */
export const depthwiseTilePixels = 8;

/** Bytes of an entry of the table. */
export const depthwiseEntryBytes = 8;

/** What is computed: sums over taps, or what is added to the filter's gradient. */
export type DepthwiseWork = "sum" | "filter gradient";

/** How many taps side by side are an entry of the table. Of three, a pixel that is read is used by all. */
export type DepthwiseTaps = 1 | 3;

/** The name of a procedure. */
export const depthwiseName = (work: DepthwiseWork, taps: DepthwiseTaps, pixels: number): string =>
  `depthwise ${work}, ${taps} taps, ${pixels} pixels`;

/**
 * name(made, madeStep, read, readStep, vectors, entries, table, tiles, weightStep): goes over so many tiles of pixels,
 * `madeStep` and `readStep` bytes apart, of 4 · `vectors` channels. "sum" puts the sums over the taps into the pixels at
 * `made`; "filter gradient" takes what is there, dy, and adds its products with the pixels that are read to the taps' weights.
 * Taps of one entry read pixels `readStep` apart and have weights `weightStep` apart.
 *
 * Every access to memory is checked, which costs more than a multiplication: 3 taps of 8 pixels are 24 for 10 pixels read.
 */
const depthwiseTile = (work: DepthwiseWork, taps: DepthwiseTaps, pixels: number, relaxed: boolean): Procedure => {
  const [made, madeStep, read, readStep, vectors, entries, table, tiles, weightStep] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [count, left, entry, channel, from, weights, seen] = [9, 10, 11, 12, 13, 14, 15];
  const each = Array.from({ length: pixels }, (_, pixel) => 16 + pixel);
  const tapWeights = Array.from({ length: taps }, (_, tap) => 16 + pixels + tap);
  const sums = work === "sum";
  const product = (value: number, weight: number): Code =>
    sums
      ? set(value, multiplyAdd(get(seen), get(weight), get(value), relaxed))
      : set(weight, multiplyAdd(get(seen), get(value), get(weight), relaxed));
  const alongMade = (at: (value: number) => Code): Code => [
    set(from, add(get(made), get(channel))),
    each.map((value, pixel) => [pixel === 0 ? [] : advance(from, get(madeStep)), at(value)]),
  ];
  const alongWeights = (at: (weight: number) => Code): Code => [
    set(weights, add(get(channel), loadInteger(get(entry), 4))),
    tapWeights.map((weight, tap) => [tap === 0 ? [] : advance(weights, get(weightStep)), at(weight)]),
  ];
  const eachEntry: Code = [
    alongWeights((weight) => set(weight, load(get(weights)))),
    set(from, add(add(get(read), get(channel)), loadInteger(get(entry)))),
    Array.from({ length: pixels + taps - 1 }, (_, column) => [
      [column === 0 ? [] : advance(from, get(readStep)), set(seen, load(get(from)))],
      tapWeights.map((weight, tap) => {
        const value = each[column - tap];
        return value === undefined ? [] : product(value, weight);
      }),
    ]),
    sums ? [] : alongWeights((weight) => store(get(weights), get(weight))),
    advance(entry, integerConstant(depthwiseEntryBytes)),
  ];
  const next = (pointer: number, step: number): Code => advance(pointer, multiply(get(step), integerConstant(pixels)));
  return {
    name: depthwiseName(work, taps, pixels),
    parameters: 9,
    locals: [
      ...Array.from({ length: 6 }, () => integerType),
      ...Array.from({ length: 1 + pixels + taps }, () => vector),
    ],
    body: repeat(tiles, [
      [set(count, get(vectors)), set(channel, integerConstant(0))],
      repeat(count, [
        sums ? each.map((value) => set(value, zeros)) : alongMade((value) => set(value, load(get(from)))),
        [set(left, get(entries)), set(entry, get(table))],
        repeat(left, eachEntry),
        sums ? alongMade((value) => store(get(from), get(value))) : [],
        advance(channel, integerConstant(16)),
      ]),
      [next(made, madeStep), next(read, readStep)],
    ]),
  };
};

/** All of them: of tiles, and of the pixels that are left. */
export const depthwiseProcedures = (relaxed: boolean): readonly Procedure[] =>
  (["sum", "filter gradient"] as const).flatMap((work) =>
    ([1, 3] as const).flatMap((taps) =>
      [depthwiseTilePixels, 1].map((pixels) => depthwiseTile(work, taps, pixels, relaxed))
    )
  );
