import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { PngHeader } from "./png_chunks.ts";

/** Samples of a row as raw integers, width × channels values; 16-bit ones in a Uint16Array. */
export type PngSamples = Uint8Array | Uint16Array;

/** One sub-picture of an interlaced PNG: every `stepX`-th pixel of every `stepY`-th row. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly height: number;
  readonly width: number;
  /** Bytes of a row without its filter byte. */
  readonly rowBytes: number;
}

const whole: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 1, 1],
];

const adam7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

const passesOf = (header: PngHeader): readonly Pass[] =>
  (header.interlaced ? adam7 : whole).map(([x, y, stepX, stepY]) => {
    const width = Math.ceil((header.width - x) / stepX);
    const height = Math.ceil((header.height - y) / stepY);
    const rowBytes = Math.ceil(width * header.channels * header.bitDepth / 8);
    return { x, y, stepX, stepY, height, width, rowBytes };
  }).filter(({ height, width }) => height > 0 && width > 0);

/** Bytes of the picture before compression, filter bytes included. */
export const filteredSize = (header: PngHeader): number =>
  passesOf(header).reduce(
    (sum, { height, rowBytes }) => sum + height * (rowBytes + 1),
    0,
  );

const undoSub = (row: Uint8Array, step: number): void => {
  for (let i = step; i < row.length; i++) {
    row[i] = row[i]! + row[i - step]!;
  }
};

const undoUp = (row: Uint8Array, above: Uint8Array): void => {
  for (let i = 0; i < row.length; i++) {
    row[i] = row[i]! + above[i]!;
  }
};

const undoAverage = (row: Uint8Array, above: Uint8Array, step: number) => {
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    row[i] = row[i]! + ((left + above[i]!) >> 1);
  }
};

const paeth = (left: number, up: number, corner: number): number => {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
};

const undoPaeth = (row: Uint8Array, above: Uint8Array, step: number): void => {
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    const corner = i < step ? 0 : above[i - step]!;
    row[i] = row[i]! + paeth(left, above[i]!, corner);
  }
};

/** Undoes the filter of a row in place; false if there is no such filter. */
const undoFilter = (filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean => {
  if (filter === 1) undoSub(row, step);
  if (filter === 2) undoUp(row, above);
  if (filter === 3) undoAverage(row, above, step);
  if (filter === 4) undoPaeth(row, above, step);
  return filter <= 4;
};

const joinBytes = (row: Uint8Array, samples: Uint16Array): void => {
  for (let i = 0; i < samples.length; i++) samples[i] = (row[2 * i]! << 8) | row[2 * i + 1]!;
};

const splitBits = (row: Uint8Array, samples: Uint8Array, bits: number): void => {
  const mask = (1 << bits) - 1;
  for (let x = 0; x < samples.length; x++) {
    const byte = row[(x * bits) >> 3]!;
    samples[x] = (byte >> (8 - bits - ((x * bits) & 7))) & mask;
  }
};

/** From the bytes of a row to its samples. They lie in memory that the next row takes again. */
const unpacking = (width: number, { channels, bitDepth }: PngHeader): (row: Uint8Array) => PngSamples => {
  if (bitDepth === 8) return (row) => row;
  if (bitDepth === 16) {
    const samples = new Uint16Array(width * channels);
    return (row) => (joinBytes(row, samples), samples);
  }
  const samples = new Uint8Array(width);
  return (row) => (splitBits(row, samples, bitDepth), samples);
};

/**
 * Takes the samples of some pixels: `start` is the index of the first one in the picture, and each of the others is
 * `step` farther. The samples are only lent.
 */
export type TakeRow = (samples: PngSamples, start: number, step: number) => void;

/**
 * Undoes the filters and the interlacing of a PNG and hands over its samples row by row, so that no second copy of them
 * lies in memory. `filtered` must hold exactly {@link filteredSize} bytes, and is used up. Left with kind `format` where a
 * row names a filter that does not exist. Source: Portable Network Graphics, third edition, sections 8 and 9.
 */
export const readRows = (
  name: string,
  header: PngHeader,
  filtered: Uint8Array,
  take: TakeRow,
): Either<Failure, void> => {
  const step = Math.ceil(header.channels * header.bitDepth / 8);
  let start = 0;
  for (const { x, y, stepX, stepY, height, width, rowBytes } of passesOf(header)) {
    const samplesOf = unpacking(width, header);
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let line = 0; line < height; line++) {
      const row = filtered.subarray(start + 1, start + 1 + rowBytes);
      const filter = filtered[start]!;
      if (!undoFilter(filter, row, above, step)) {
        return E.left(failure("format", name, `a row with filter ${filter}`, "filters 0 to 4"));
      }
      take(samplesOf(row), (y + line * stepY) * header.width + x, stepX);
      above = row;
      start += rowBytes + 1;
    }
  }
  return E.right(undefined);
};
