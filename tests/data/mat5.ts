/** Reads the compressed vectors of 16-bit numbers in a MATLAB 5 file, after MathWorks' description of the format. */
import { inflateSync } from "../../lib/dependencies/codecs.ts";
import { charactersAt, viewOf } from "../../lib/formats/bytes.ts";

const types = { int8: 1, uint16: 4, matrix: 14, compressed: 15 } as const;

interface Element {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The elements that stand one after the other; up to four bytes are stored within the tag. */
const elementsOf = (bytes: Uint8Array, aligned: boolean): readonly Element[] => {
  const view = viewOf(bytes);
  const found: Element[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const [tag, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    if (tag >>> 16 !== 0) {
      found.push({ type: tag & 0xffff, body: bytes.subarray(at + 4, at + 4 + (tag >>> 16)) });
      at += 8;
    } else {
      found.push({ type: tag, body: bytes.subarray(at + 8, at + 8 + length) });
      at += 8 + (aligned ? Math.ceil(length / 8) * 8 : length);
    }
  }
  return found;
};

/** The vectors by name. */
export const readVectors = (file: Uint8Array): ReadonlyMap<string, readonly number[]> => {
  const packed = elementsOf(file.subarray(128), false).filter(({ type }) => type === types.compressed);
  const matrices = packed.flatMap(({ body }) => elementsOf(new Uint8Array(inflateSync(body)), true));
  return new Map(
    matrices.filter(({ type }) => type === types.matrix).map(({ body }) => {
      const [, , name, numbers] = elementsOf(body, true);
      if (name?.type !== types.int8 || numbers?.type !== types.uint16) throw new Error("no named vector of 16 bits");
      const view = viewOf(numbers.body);
      const values = Array.from({ length: numbers.body.length / 2 }, (_, at) => view.getUint16(2 * at, true));
      return [charactersAt(name.body, 0, name.body.length), values];
    }),
  );
};
