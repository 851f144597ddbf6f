/** The procedures that compute: the product of a tile and panels, and what follows a convolution. */
import {
  add,
  addVectors,
  advance,
  type Code,
  equal,
  get,
  integerConstant,
  integerType,
  load,
  loadInteger,
  loadSplat,
  maximum,
  minimum,
  multiply,
  multiplyAdd,
  multiplyVectors,
  nullable,
  orLeave,
  type Procedure,
  reference,
  repeat,
  repeatUntilNull,
  set,
  shuffle,
  store,
  vector,
  when,
  zeros,
} from "./assembler.ts";
import { firstPart, nextPart, panel, panelColumns, partVector, tile, tileRows } from "./parts.ts";

const rows = Array.from({ length: tileRows }, (_, m) => m);

const halves = [0, 1] as const;

/**
 * multiply(panels, outputs, column, adds): the products of the tile, of which there is one, and so many panels. `outputs`
 * is the address of 4 addresses, those of the rows' results, and `column` is added to them; the products are added to what
 * is there if `adds` is not 0, else put there.
 *
 * 4 × 8 sums are 8 registers, 4 rows of the left factor and 2 vectors of the right one 6, the number that multiplies one:
 * the 15 that V8 has to give. The sums begin at 0 for each block, which keeps rounding errors small.
 */
export const multiplyTile = (relaxed: boolean): Procedure => {
  const [panels, outputs, column, adds] = [0, 1, 2, 3];
  const [index, tilePart, panelPart, nextTile, nextPanel] = [4, 5, 6, 7, 8];
  const address = (m: number): number => 9 + m;
  const sum = (m: number, half: number): number => 13 + 2 * m + half;
  const left = (m: number): number => 21 + m;
  const [right, factor] = [25, 27];
  const step = (s: number): Code => [
    halves.map((half) => set(right + half, partVector(panel, panelPart, 2 * s + half))),
    rows.map((m) => [
      set(factor, shuffle(get(left(m)), get(left(m)), [s, s, s, s])),
      halves.map((half) => set(sum(m, half), multiplyAdd(get(factor), get(right + half), get(sum(m, half)), relaxed))),
    ]),
  ];
  const inner = repeatUntilNull([
    // Read early, as the processor can then fetch the next parts while it multiplies.
    [set(nextTile, nextPart(tile, tilePart)), set(nextPanel, nextPart(panel, panelPart))],
    rows.map((m) => set(left(m), partVector(tile, tilePart, m))),
    [0, 1, 2, 3].map(step),
    [set(tilePart, orLeave(get(nextTile))), set(panelPart, orLeave(get(nextPanel)))],
  ]);
  const place = (m: number): Code => [
    when(
      get(adds),
      halves.map((half) => set(sum(m, half), addVectors(get(sum(m, half)), load(get(address(m)), 16 * half)))),
    ),
    halves.map((half) => store(get(address(m)), get(sum(m, half)), 16 * half)),
    advance(address(m), integerConstant(4 * panelColumns)),
  ];
  return {
    name: "multiply",
    parameters: 4,
    locals: [
      ...[integerType, reference(tile.part), reference(panel.part), nullable(tile.part), nullable(panel.part)],
      ...rows.map(() => integerType),
      ...Array.from({ length: 15 }, () => vector),
    ],
    body: [
      rows.map((m) => set(address(m), add(loadInteger(get(outputs), 4 * m), get(column)))),
      set(index, integerConstant(0)),
      repeat(panels, [
        set(tilePart, firstPart(tile, integerConstant(0))),
        set(panelPart, firstPart(panel, get(index))),
        rows.map((m) => halves.map((half) => set(sum(m, half), zeros))),
        inner,
        rows.map(place),
        advance(index, integerConstant(1)),
      ]),
    ],
  };
};

/** What `finish` applies last. */
export const activationCodes: Readonly<Record<"none" | "relu" | "leakyRelu", number>> = {
  none: 0,
  relu: 1,
  leakyRelu: 2,
};

/**
 * finish(output, pixels, vectors, affine, residual, activation, slope): y = activation(y · scale + shift + residual) in
 * place, for pixels of 4 · `vectors` channels. `affine` is the address of the scales, then the shifts, `residual` that of
 * what is added, or 0, `slope` that of the LeakyReLU's.
 */
export const finish = (relaxed: boolean): Procedure => {
  const [output, pixels, vectors, affine, residual, activation, slope] = [0, 1, 2, 3, 4, 5, 6];
  const [count, scale, shift, value, below] = [7, 8, 9, 10, 11];
  const activate = [
    when(equal(get(activation), integerConstant(activationCodes.relu)), set(value, maximum(get(value), zeros))),
    when(
      equal(get(activation), integerConstant(activationCodes.leakyRelu)),
      set(value, addVectors(maximum(get(value), zeros), multiplyVectors(minimum(get(value), zeros), get(below)))),
    ),
  ];
  return {
    name: "finish",
    parameters: 7,
    locals: [integerType, integerType, integerType, vector, vector],
    body: [
      set(below, loadSplat(get(slope))),
      repeat(pixels, [
        [
          set(count, get(vectors)),
          set(scale, get(affine)),
          set(shift, add(get(affine), multiply(get(vectors), integerConstant(16)))),
        ],
        repeat(count, [
          set(value, multiplyAdd(load(get(output)), load(get(scale)), load(get(shift)), relaxed)),
          when(get(residual), [
            set(value, addVectors(get(value), load(get(residual)))),
            advance(residual, integerConstant(16)),
          ]),
          activate,
          store(get(output), get(value)),
          [output, scale, shift].map((pointer) => advance(pointer, integerConstant(16))),
        ]),
      ]),
    ],
  };
};

/**
 * multiplyRuns(target, pitch, first, second, pixels, vectors): the products of so many pixels of 4 · `vectors` channels,
 * which follow each other in both factors and begin `pitch` bytes apart in the target.
 */
export const multiplyRuns = (): Procedure => {
  const [target, pitch, first, second, pixels, vectors] = [0, 1, 2, 3, 4, 5];
  const [count, put] = [6, 7];
  return {
    name: "multiplyRuns",
    parameters: 6,
    locals: [integerType, integerType],
    body: repeat(pixels, [
      [set(put, get(target)), set(count, get(vectors)), advance(target, get(pitch))],
      repeat(count, [
        store(get(put), multiplyVectors(load(get(first)), load(get(second)))),
        [put, first, second].map((pointer) => advance(pointer, integerConstant(16))),
      ]),
    ]),
  };
};
