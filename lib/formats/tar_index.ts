import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { charactersAt, viewOf } from "./bytes.ts";

/** A file inside a tar archive: where its bytes lie.
 * @category Files */
export interface TarMember {
  /** Its path in the archive. */
  readonly name: string;
  /** The first of its bytes in the archive. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly size: number;
}

const block = 512;

/** The longest name that is read from the blocks before a file's own. */
const longestName = 4096;

/** More members than any shard of samples has. */
const mostMembers = 10_000_000;

const damaged = (name: string, offset: number, found: string): Failure =>
  failure(
    "format",
    name,
    `${found} at byte ${offset}`,
    "a tar archive (ustar, pax or GNU)",
    "Copy or download the file again; a compressed archive (.tar.gz) must be unpacked first.",
  );

/** Text up to the first zero byte. */
const textAt = (bytes: Uint8Array, offset: number, length: number): string => {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
};

/** A number of a header: octal digits, or, with the first bit set, binary. NaN for anything else. */
const numberAt = (header: Uint8Array, offset: number, length: number): number => {
  const field = header.subarray(offset, offset + length);
  if ((viewOf(header).getUint8(offset) & 0x80) !== 0) {
    return field.slice(1).reduce((value, byte) => 256 * value + byte, 0);
  }
  const digits = textAt(header, offset, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : digits === "" ? 0 : NaN;
};

/** The sum of all bytes of a header, those of the sum itself taken as spaces. */
const checksumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);

const isEnd = (header: Uint8Array): boolean => header.every((byte) => byte === 0);

/** What a header says of the file behind it. */
interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

const parseHeader = (archive: string, at: number, header: Uint8Array): Either<Failure, Header> => {
  if (numberAt(header, 148, 8) !== checksumOf(header)) {
    return E.left(damaged(archive, at, "a header whose checksum is wrong"));
  }
  const size = numberAt(header, 124, 12);
  if (!Number.isSafeInteger(size)) return E.left(damaged(archive, at, "a header without a size"));
  const prefix = charactersAt(header, 257, 262) === "ustar" ? textAt(header, 345, 155) : "";
  const name = textAt(header, 0, 100);
  return E.right({ name: prefix === "" ? name : `${prefix}/${name}`, size, type: charactersAt(header, 156, 157) });
};

/** The path of a pax record block ("30 path=folder/name.png\n" and others), if it has one. */
const paxPath = (text: string): string | null => /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null;

/** The name that a block before a file gives it: of pax ("x") or of GNU ("L"). */
const nameFrom = (type: string, bytes: Uint8Array): string | null =>
  type === "L" ? textAt(bytes, 0, bytes.length) : paxPath(new TextDecoder().decode(bytes));

/**
 * The ordinary files in a tar archive, read header by header: their bytes are passed over. Folders and links are left out.
 *
 * Errors: "format" if it is no tar archive, or is damaged or cut off, and those of reading.
 * @category Files
 */
export const indexTar = (source: ByteSource): TaskEither<Failure, readonly TarMember[]> => async () => {
  const members: TarMember[] = [];
  let longName: string | null = null;
  for (let at = 0; at < source.size;) {
    const bytes = await source.read(at, block)();
    if (E.isLeft(bytes)) return bytes;
    if (isEnd(bytes.right)) return E.right(members);
    const parsed = parseHeader(source.name, at, bytes.right);
    if (E.isLeft(parsed)) return parsed;
    const { name, size, type } = parsed.right;
    const offset = at + block;
    if (offset + size > source.size) return E.left(damaged(source.name, at, "a file that goes beyond the end"));
    if (type === "x" || type === "L") {
      if (size > longestName) return E.left(damaged(source.name, at, `a name of ${size} bytes`));
      const content = await source.read(offset, size)();
      if (E.isLeft(content)) return content;
      longName = nameFrom(type, content.right) ?? longName;
    } else {
      if (type === "0" || type === "\0" || type === "7") members.push({ name: longName ?? name, offset, size });
      if (type !== "g") longName = null;
    }
    if (members.length > mostMembers) return E.left(damaged(source.name, at, `more than ${mostMembers} files`));
    at = offset + Math.ceil(size / block) * block;
  }
  return E.left(damaged(source.name, source.size, "no end of the archive"));
};
