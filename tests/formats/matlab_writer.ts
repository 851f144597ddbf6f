/** Writes files as MATLAB 7.3 does: arrays by name, and what cell arrays refer to in a group of its own. */
import { bytesOf, viewOf } from "../../lib/formats/bytes.ts";
import {
  type ElementType,
  growing,
  type Piece,
  placeArray,
  placeGroup,
  sizes,
  superblock,
  superblockLength,
  type WrittenArray,
} from "./hdf5_writer.ts";

/** What stands before the address 0 of the file: the text by which MATLAB knows its own. */
export const matlabHeader = (version = "7.3"): Uint8Array => {
  const header = new Uint8Array(512);
  header.set(bytesOf(`MATLAB ${version} MAT-file, Platform: GLNXA64`.padEnd(124)));
  header.set([0x00, 0x02, 0x49, 0x4d], 124);
  return header;
};

/** Elements of a type as bytes. */
export const elements = (type: ElementType, values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * sizes[type]);
  const view = viewOf(bytes);
  values.forEach((value, at) => {
    if (type === "uint8") view.setUint8(at, value);
    if (type === "uint16") view.setUint16(2 * at, value, true);
    if (type === "float32") view.setFloat32(4 * at, value, true);
    if (type === "float64") view.setFloat64(8 * at, value, true);
    if (type === "reference") view.setBigUint64(8 * at, BigInt(value), true);
  });
  return bytes;
};

/** A file's content; what no piece covers is a hole. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly size: number;
}

/** A whole MATLAB file: arrays by name, and cell arrays of texts. */
export const matlabPieces = (
  arrays: Readonly<Record<string, WrittenArray>>,
  cells: Readonly<Record<string, readonly string[]>>,
): Pieces => {
  const file = growing(superblockLength);
  const referred = new Map<string, number>();
  const members = new Map<string, number>();
  for (const [name, labels] of Object.entries(cells)) {
    const addresses = labels.map((label, at) => {
      const content = elements("uint16", [...label].map((char) => char.charCodeAt(0)));
      const address = placeArray(file, { type: "uint16", shape: [label.length, 1], content });
      referred.set(`${name}${at}`, address);
      return address;
    });
    const content = elements("reference", addresses);
    members.set(name, placeArray(file, { type: "reference", shape: [1, labels.length], content }));
  }
  for (const [name, array] of Object.entries(arrays)) members.set(name, placeArray(file, array));
  members.set("#refs#", placeGroup(file, referred).header);
  const root = placeGroup(file, members);
  const pieces = [{ address: 0, bytes: superblock(root, file.end()) }, ...file.pieces];
  return {
    pieces: [
      { address: 0, bytes: matlabHeader() },
      ...pieces.map(({ address, bytes }) => ({ address: address + 512, bytes })),
    ],
    size: 512 + file.end(),
  };
};

/** The pieces in memory. */
export const assembled = ({ pieces, size }: Pieces): Uint8Array => {
  const whole = new Uint8Array(size);
  for (const { address, bytes } of pieces) whole.set(bytes, address);
  return whole;
};

/** Writes the pieces as a sparse file: what lies between them takes no room on the disk. */
export const writeSparse = (path: string, { pieces, size }: Pieces): void => {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  for (const { address, bytes } of pieces) {
    file.seekSync(address, Deno.SeekMode.Start);
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
  }
  file.truncateSync(size);
};
