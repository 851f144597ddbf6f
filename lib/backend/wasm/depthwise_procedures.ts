/**
 * The procedures of convolutions of each channel by itself. Vectors hold four channels. Each tap is two integers in a table
 * in memory: what is added to the address of the pixel that is read, and the address of the tap's weights.
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
export const depthwiseTilePixels = 4;

/** Bytes of a tap in the table. */
export const depthwiseTapBytes = 8;

/**
 * name(made, madeStep, read, readStep, vectors, taps, table, tiles): goes over so many tiles of pixels, `madeStep` and
 * `readStep` bytes apart, of 4 · `vectors` channels. "sum" puts the sums over the taps into the pixels at `made`; "filter
 * gradient" takes what is there, dy, and adds its products with the pixels that are read to the taps' weights.
 */
export const depthwiseTile = (
  name: string,
  what: "sum" | "filter gradient",
  pixels: number,
  relaxed: boolean,
): Procedure => {
  const [made, madeStep, read, readStep, vectors, taps, table, tiles] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [count, tap, entry, channel, from, weight] = [8, 9, 10, 11, 12, 13];
  const each = Array.from({ length: pixels }, (_, pixel) => 14 + pixel);
  const sums = what === "sum";
  const weights = add(get(channel), loadInteger(get(entry), 4));
  const product = (value: number): Code =>
    sums
      ? set(value, multiplyAdd(load(get(from)), get(weight), get(value), relaxed))
      : set(weight, multiplyAdd(load(get(from)), get(value), get(weight), relaxed));
  const alongMade = (at: (value: number) => Code): Code => [
    set(from, add(get(made), get(channel))),
    each.map((value) => [at(value), advance(from, get(madeStep))]),
  ];
  const eachTap: Code = [
    set(from, add(add(get(read), get(channel)), loadInteger(get(entry)))),
    set(weight, load(weights)),
    each.map((value) => [product(value), advance(from, get(readStep))]),
    sums ? [] : store(weights, get(weight)),
    advance(entry, integerConstant(depthwiseTapBytes)),
  ];
  const next = (pointer: number, step: number): Code => advance(pointer, multiply(get(step), integerConstant(pixels)));
  return {
    name,
    parameters: 8,
    locals: [
      ...[integerType, integerType, integerType, integerType, integerType, vector],
      ...each.map(() => vector),
    ],
    body: repeat(tiles, [
      [set(count, get(vectors)), set(channel, integerConstant(0))],
      repeat(count, [
        sums ? each.map((value) => set(value, zeros)) : alongMade((value) => set(value, load(get(from)))),
        [set(tap, get(taps)), set(entry, get(table))],
        repeat(tap, eachTap),
        sums ? alongMade((value) => store(get(from), get(value))) : [],
        advance(channel, integerConstant(16)),
      ]),
      [next(made, madeStep), next(read, readStep)],
    ]),
  };
};
