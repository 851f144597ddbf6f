/** A small writer of zip archives for tests. */
import { crc32, deflateRawSync } from "node:zlib";
import { concatenate } from "./support.ts";

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isCompressed?: boolean;
  /** What lies in the archive instead, as if it were the compressed bytes. */
  readonly packed?: Uint8Array;
  /** The size that is announced; that of the bytes unless given. */
  readonly size?: number;
}

const numbers = (...parts: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) & 255)),
  );

export const zipOf = (files: readonly ZipFile[]): Uint8Array => {
  let offset = 0;
  const entries = files.map(({ name, bytes, isCompressed, packed, size = bytes.length }) => {
    const data = packed ?? (isCompressed === true ? new Uint8Array(deflateRawSync(bytes)) : bytes);
    const method = packed !== undefined || isCompressed === true ? 8 : 0;
    const title = new TextEncoder().encode(name);
    const common = numbers([2, 20], [2, 0], [2, method], [2, 0], [2, 33], [4, crc32(bytes)], [4, data.length], [
      4,
      size,
    ]);
    const local = concatenate(numbers([4, 0x04034b50]), common, numbers([2, title.length], [2, 0]), title, data);
    const rest = numbers([2, title.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    offset += local.length;
    return { local, central: concatenate(numbers([4, 0x02014b50], [2, 20]), common, rest, title) };
  });
  const directory = concatenate(...entries.map(({ central }) => central));
  const count = files.length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, directory.length], [4, offset], [
    2,
    0,
  ]);
  return concatenate(...entries.map(({ local }) => local), directory, end);
};
