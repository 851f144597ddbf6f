/**
 * Writes HDF5 files of the first kind (superblock 0, symbol tables, object headers 1), as MATLAB 7.3 does, after the
 * published file format specification. An independent oracle for what reads them; files may be large and sparse.
 */
import { deflateSync } from "../../lib/dependencies/codecs.ts";
import { bytesOf, concatenate as concatenateAll } from "../../lib/formats/bytes.ts";

const concatenate = (...parts: readonly Uint8Array[]): Uint8Array => concatenateAll(parts);

export type ElementType = "uint8" | "uint16" | "float32" | "float64" | "reference";

/** A chunk: where its first element is, and its bytes before compression, or how many a hole in its place has. */
export interface Chunk {
  readonly offset: readonly number[];
  readonly bytes: Uint8Array | number;
}

/** An array in one piece, or in compressed chunks. */
export interface WrittenArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly content: Uint8Array | { readonly chunk: readonly number[]; readonly chunks: readonly Chunk[] };
}

/** Bytes of a file at an address; what no piece covers is a hole. */
export interface Piece {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A file that grows: `place` takes bytes and `skip` a number of them, and both give the address of the first. */
export interface Growing {
  readonly pieces: Piece[];
  readonly place: (bytes: Uint8Array) => number;
  readonly skip: (length: number) => number;
  readonly end: () => number;
}

export const growing = (start: number): Growing => {
  const pieces: Piece[] = [];
  let end = start;
  const skip = (length: number): number => {
    const address = end;
    end += Math.ceil(length / 8) * 8;
    return address;
  };
  const place = (bytes: Uint8Array): number => {
    pieces.push({ address: end, bytes });
    return skip(bytes.length);
  };
  return { pieces, place, skip, end: () => end };
};

/** Numbers as little-endian fields of so many bytes; negative ones have every bit set. */
export const fields = (...parts: readonly (readonly [size: 1 | 2 | 4 | 8, ...values: number[]])[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, [size, ...values]) => sum + size * values.length, 0));
  let at = 0;
  for (const [size, ...values] of parts) {
    for (const value of values) {
      for (let place = 0; place < size; place++) bytes[at++] = value < 0 ? 255 : Math.floor(value / 256 ** place) % 256;
    }
  }
  return bytes;
};

const padded = (bytes: Uint8Array, length = Math.ceil(bytes.length / 8) * 8): Uint8Array => {
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
};

const datatypes: Readonly<Record<ElementType, Uint8Array>> = {
  uint8: fields([1, 0x10, 0, 0, 0], [4, 1], [2, 0, 8]),
  uint16: fields([1, 0x10, 0, 0, 0], [4, 2], [2, 0, 16]),
  float32: fields([1, 0x11, 0x20, 0x1f, 0], [4, 4], [2, 0, 32], [1, 23, 8, 0, 23], [4, 127]),
  float64: fields([1, 0x11, 0x20, 0x3f, 0], [4, 8], [2, 0, 64], [1, 52, 11, 0, 52], [4, 1023]),
  reference: fields([1, 0x17, 0, 0, 0], [4, 8]),
};

export const sizes: Readonly<Record<ElementType, number>> = {
  uint8: 1,
  uint16: 2,
  float32: 4,
  float64: 8,
  reference: 8,
};

const objectHeader = (messages: readonly (readonly [type: number, body: Uint8Array])[]): Uint8Array => {
  const bodies = messages.map(([type, body]) =>
    concatenate(fields([2, type, padded(body).length], [1, 0, 0, 0, 0]), padded(body))
  );
  const length = bodies.reduce((sum, { length }) => sum + length, 0);
  return concatenate(fields([1, 1, 0], [2, messages.length], [4, 1, length, 0]), ...bodies);
};

/** A child of a tree with the key that stands before it. */
interface Child {
  readonly key: Uint8Array;
  readonly address: number;
}

/** Places a version 1 B-tree over the children, at most `most` in a node, and gives its root. */
const placeTree = (
  file: Growing,
  type: 0 | 1,
  children: readonly Child[],
  lastKey: (last: Child | undefined) => Uint8Array,
  most: number,
  level = 0,
): number => {
  const nodeLength = 24 + most * 8 + (most + 1) * lastKey(undefined).length;
  const groups = Array.from(
    { length: Math.max(1, Math.ceil(children.length / most)) },
    (_, at) => children.slice(at * most, (at + 1) * most),
  );
  const start = file.end();
  const addressOf = (at: number): number =>
    at < 0 || at >= groups.length ? -1 : start + at * Math.ceil(nodeLength / 8) * 8;
  const parents = groups.map((group, at): Child => {
    const next = groups[at + 1]?.[0]?.key ?? lastKey(group.at(-1));
    const entries = group.flatMap(({ key, address }) => [key, fields([8, address])]);
    const head = concatenate(
      bytesOf("TREE"),
      fields([1, type, level], [2, group.length], [8, addressOf(at - 1), addressOf(at + 1)]),
    );
    const address = file.place(padded(concatenate(head, ...entries, next), nodeLength));
    return { key: group[0]?.key ?? next, address };
  });
  const [only] = parents;
  return parents.length === 1 && only !== undefined
    ? only.address
    : placeTree(file, type, parents, lastKey, most, level + 1);
};

const chunkKey = (length: number, offset: readonly number[]): Uint8Array => fields([4, length, 0], [8, ...offset, 0]);

/** Places an array's elements and gives the message that says where they are. */
const placeElements = (file: Growing, { type, shape, content }: WrittenArray): Uint8Array => {
  if (content instanceof Uint8Array) {
    return fields([1, 3, 1], [8, file.place(content), content.length]);
  }
  const children = content.chunks.map(({ offset, bytes }): Child => {
    if (typeof bytes === "number") return { key: chunkKey(bytes, offset), address: file.skip(bytes) };
    const packed = new Uint8Array(deflateSync(bytes, { level: 1 }));
    return { key: chunkKey(packed.length, offset), address: file.place(packed) };
  });
  const [first = 0, ...others] = content.chunk;
  const beyond = chunkKey(0, [Math.ceil((shape[0] ?? 0) / first) * first, ...others.map(() => 0)]);
  const tree = placeTree(file, 1, children, () => beyond, 64);
  return fields([1, 3, 2, shape.length + 1], [8, tree], [4, ...content.chunk, sizes[type]]);
};

/** Places an array and gives its address, which is what a reference to it holds. */
export const placeArray = (file: Growing, array: WrittenArray): number => {
  const layout = placeElements(file, array);
  const space = fields([1, 1, array.shape.length, 0, 0, 0, 0, 0, 0], [8, ...array.shape]);
  const deflate: readonly (readonly [number, Uint8Array])[] = array.content instanceof Uint8Array
    ? []
    : [[0x0b, fields([1, 1, 1, 0, 0, 0, 0, 0, 0], [2, 1, 0, 1, 1], [4, 6, 0])]];
  return file.place(objectHeader([
    [0x01, space],
    [0x03, datatypes[array.type]],
    [0x05, fields([1, 2, 3, 2, 0])],
    ...deflate,
    [0x08, layout],
  ]));
};

/** A group's header, tree of names and names. */
export interface PlacedGroup {
  readonly header: number;
  readonly tree: number;
  readonly heap: number;
}

/** Places a group of what already has addresses. */
export const placeGroup = (file: Growing, members: ReadonlyMap<string, number>): PlacedGroup => {
  const names = [...members.keys()].sort();
  const texts = names.map((name) => padded(bytesOf(`${name}\0`)));
  const offsets: number[] = [];
  let length = 8;
  for (const text of texts) {
    offsets.push(length);
    length += text.length;
  }
  const data = file.place(concatenate(new Uint8Array(8), ...texts, new Uint8Array(16)));
  // What is left of the names' segment is one free block, as the library leaves it.
  file.pieces.push({ address: data + length, bytes: fields([8, 1, 16]) });
  const heap = file.place(concatenate(bytesOf("HEAP"), fields([1, 0, 0, 0, 0], [8, length + 16, length, data])));
  const tables = Array.from({ length: Math.ceil(names.length / 8) }, (_, at): Child => {
    const part = names.slice(at * 8, at * 8 + 8);
    const entries = part.map((name, place) =>
      fields([8, offsets[at * 8 + place] ?? 0, members.get(name) ?? 0, 0, 0, 0])
    );
    const table = concatenate(bytesOf("SNOD"), fields([1, 1, 0], [2, part.length]), ...entries);
    return {
      key: fields([8, at === 0 ? 0 : offsets[at * 8 - 1] ?? 0]),
      address: file.place(padded(table, 8 + 8 * 40)),
    };
  });
  const tree = placeTree(file, 0, tables, () => fields([8, offsets.at(-1) ?? 0]), 32);
  return { header: file.place(objectHeader([[0x11, fields([8, tree, heap])]])), tree, heap };
};

/** The length of a superblock: addresses of everything else begin after it. */
export const superblockLength = 96;

export const superblock = (root: PlacedGroup, end: number, base = 512): Uint8Array =>
  concatenate(
    Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
    fields([1, 0, 0, 0, 0, 0, 8, 8, 0], [2, 4, 16], [4, 0], [8, base, -1, base + end, -1]),
    fields([8, 0, root.header], [4, 1, 0], [8, root.tree, root.heap]),
  );
