import { inflateSync } from "../dependencies/codecs.ts";
import type { TiffCompression } from "./tiff_directory.ts";

/*
 * Blocks of a TIFF, less their compression and their predictor. The packages for TIFF bound neither what a block becomes nor
 * what a field announces, and some know neither tiles nor predictors of every kind; here a block never becomes more than its
 * pixels, and one that becomes less is told by its length.
 */

/** As packed by Apple: runs and copies. */
const unpackBits = (packed: Uint8Array, size: number): Uint8Array => {
  const output = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at + 1 < packed.length && to < size;) {
    const header = packed[at++]!;
    if (header === 128) continue;
    const count = header < 128 ? header + 1 : 257 - header;
    const end = Math.min(to + count, size);
    if (header < 128) {
      output.set(packed.subarray(at, at + end - to), to);
      to = Math.min(end, to + packed.length - at);
      at += count;
    } else {
      output.fill(packed[at++]!, to, end);
      to = end;
    }
  }
  return output.subarray(0, to);
};

const [clear, end, largest] = [256, 257, 4096];

/**
 * LZW as TIFF has it: codes of 9 to 12 bits, the highest bit first, one step early. The text of a code lies in what was
 * written already: that of the code before it and the byte after.
 */
const decodeLzw = (packed: Uint8Array, size: number): Uint8Array => {
  const output = new Uint8Array(size);
  const [starts, lengths] = [new Int32Array(largest), new Int32Array(largest)];
  let [bits, next, to, from, length] = [9, end + 1, 0, 0, 0];
  let [window, held] = [0, 0];
  for (let at = 0; to < size;) {
    for (; held < bits && at < packed.length; held += 8) window = (window << 8 | packed[at++]!) & 0xfffffff;
    if (held < bits) break;
    held -= bits;
    const code = window >> held & (1 << bits) - 1;
    if (code === end) break;
    if (code === clear) {
      [bits, next, length] = [9, end + 1, 0];
      continue;
    }
    if (length > 0 && next < largest) {
      starts[next] = from;
      lengths[next++] = length + 1;
      if (next >= (1 << bits) - 1 && bits < 12) bits++;
    }
    if (code >= next) break;
    const source = starts[code]!;
    [from, length] = [to, code < clear ? 1 : lengths[code]!];
    const stop = Math.min(to + length, size);
    if (code < clear) output[to++] = code;
    else for (let copy = source; to < stop; copy++) output[to++] = output[copy]!;
  }
  return output.subarray(0, to);
};

/** Each decompresses to at most so many bytes; less, or an error, for what is damaged. */
const decoders: Readonly<Record<TiffCompression, (packed: Uint8Array, size: number) => Uint8Array>> = {
  none: (packed, size) => packed.subarray(0, size),
  LZW: decodeLzw,
  deflate: (packed, size) => inflateSync(packed, { maxOutputLength: size }),
  PackBits: unpackBits,
};

/**
 * The bytes of a block in new memory, less its compression; at most `size`, less where the block is damaged.
 *
 * @throws Error for a deflate stream that is damaged, or holds more.
 */
export const decompressBlock = (
  packed: Uint8Array,
  compression: TiffCompression,
  size: number,
): Uint8Array<ArrayBuffer> => new Uint8Array(decoders[compression](packed, size));

/** Rows of numbers of which each was stored as the difference to that of the pixel before, in place. */
export const sumDifferences = (
  numbers: Uint8Array | Uint16Array | Uint32Array,
  rowLength: number,
  samples: number,
): void => {
  for (let row = 0; row < numbers.length; row += rowLength) {
    const stop = Math.min(row + rowLength, numbers.length);
    for (let at = row + samples; at < stop; at++) numbers[at] = numbers[at]! + numbers[at - samples]!;
  }
};

/**
 * Rows of floating-point numbers whose bytes were stored apart, the highest of all numbers first, as differences, in place;
 * they become little-endian. `size`: bytes of a number.
 */
export const joinFloatBytes = (bytes: Uint8Array, rowLength: number, samples: number, size: number): void => {
  sumDifferences(bytes, rowLength * size, samples);
  for (let row = 0; row + rowLength * size <= bytes.length; row += rowLength * size) {
    const apart = bytes.slice(row, row + rowLength * size);
    for (let number = 0; number < rowLength; number++) {
      for (let byte = 0; byte < size; byte++) {
        bytes[row + number * size + byte] = apart[(size - 1 - byte) * rowLength + number]!;
      }
    }
  }
};
