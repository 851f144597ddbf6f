import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { PngBitDepth, PngHeader } from "./png_chunks.ts";

/** Samples of a PNG as raw integers, row-major, height × width × channels values; 16-bit ones in a Uint16Array. */
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

/** The rows of a pass without filters, or the number of the filter that does not exist. */
const unfilter = (filtered: Uint8Array, { height, rowBytes }: Pass, step: number): Uint8Array | number => {
  const rows = new Uint8Array(height * rowBytes);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1);
    const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
    row.set(filtered.subarray(start + 1, start + 1 + rowBytes));
    const filter = filtered[start]!;
    if (!undoFilter(filter, row, above, step)) return filter;
    above = row;
  }
  return rows;
};

const joinBytes = (rows: Uint8Array): Uint16Array => {
  const samples = new Uint16Array(rows.length / 2);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = (rows[2 * i]! << 8) | rows[2 * i + 1]!;
  }
  return samples;
};

const splitBits = (rows: Uint8Array, pass: Pass, bits: number): Uint8Array => {
  const samples = new Uint8Array(pass.height * pass.width);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < pass.height; y++) {
    for (let x = 0; x < pass.width; x++) {
      const byte = rows[y * pass.rowBytes + ((x * bits) >> 3)]!;
      samples[y * pass.width + x] = (byte >> (8 - bits - ((x * bits) & 7))) &
        mask;
    }
  }
  return samples;
};

const unpack = (rows: Uint8Array, pass: Pass, bits: PngBitDepth): PngSamples => {
  if (bits === 16) return joinBytes(rows);
  return bits === 8 ? rows : splitBits(rows, pass, bits);
};

/** Puts the samples of a pass where they belong in the picture. */
const scatter = (picture: PngSamples, samples: PngSamples, pass: Pass, { width, channels }: PngHeader): void => {
  let from = 0;
  for (let y = pass.y, i = 0; i < pass.height; i++, y += pass.stepY) {
    for (let x = pass.x, j = 0; j < pass.width; j++, x += pass.stepX) {
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) picture[to + c] = samples[from++]!;
    }
  }
};

/**
 * Undoes the filters and the interlacing of a PNG. `filtered` must hold exactly {@link filteredSize} bytes. Left with
 * kind `format` where a row names a filter that does not exist. Source: Portable Network Graphics, third edition,
 * sections 8 and 9.
 */
export const readSamples = (name: string, header: PngHeader, filtered: Uint8Array): Either<Failure, PngSamples> => {
  const { height, width, channels, bitDepth } = header;
  const step = Math.ceil(channels * bitDepth / 8);
  const size = header.interlaced ? height * width * channels : 0;
  const picture = bitDepth === 16 ? new Uint16Array(size) : new Uint8Array(size);
  let start = 0;
  for (const pass of passesOf(header)) {
    const rows = unfilter(filtered.subarray(start), pass, step);
    if (typeof rows === "number") {
      const found = `a row with filter ${rows}`;
      return E.left(failure("format", name, found, "filters 0 to 4"));
    }
    const samples = unpack(rows, pass, bitDepth);
    if (!header.interlaced) return E.right(samples);
    scatter(picture, samples, pass, header);
    start += pass.height * (pass.rowBytes + 1);
  }
  return E.right(picture);
};
