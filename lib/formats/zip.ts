import { type FileEntry, type Reader, ZipReader } from "../dependencies/codecs.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError, orThrow, reasonText } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";

/** A file in an archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** How many bytes it has when it is read. */
  readonly size: number;
  /** Whether its bytes lie in the archive as they are: not compressed and not encrypted. */
  readonly isStored: boolean;
  /** Whether its bytes are compressed by deflate, and not encrypted; then how many bytes they are in the archive. */
  readonly deflatedSize: number | null;
  /** Where its bytes start in the archive. Left with kind `format` for an archive that contradicts itself. */
  readonly start: TaskEither<Failure, number>;
}

/** The longest directory of an archive, in bytes, that is read: that of more than 10 000 files. */
const maximumDirectory = 2 ** 20;

const damaged = (name: string, reason: unknown): Failure =>
  failure(
    "format",
    name,
    `a zip archive that cannot be read (${reasonText(reason)})`,
    "a whole archive",
    "The file is damaged or truncated; copy or download it again.",
  );

/** The archive as the library reads it. It may ask beyond the end, and gets less then; it never asks for a stream. */
const readerOf = (source: ByteSource): Reader<unknown> => ({
  size: source.size,
  readable: new ReadableStream(),
  createReadable: () => new ReadableStream(),
  readUint8Array: async (offset, length) => {
    if (length > maximumDirectory) {
      throw new FailureError(
        failure("format", source.name, `a zip directory of ${length} bytes`, `at most ${maximumDirectory}`),
      );
    }
    const within = Math.min(Math.max(offset, 0), source.size);
    return orThrow(await source.read(within, Math.min(length, source.size - within))());
  },
});

/** The library looks for the data without reading them where it is asked to check for overlaps only. */
const startOf = (name: string, entry: FileEntry): TaskEither<Failure, number> =>
  attempt(async () => {
    await entry.getData(new WritableStream(), { checkOverlappingEntryOnly: true, passThrough: true });
    if (entry.localDirectory === undefined) throw new Error("a file without header");
    return entry.localDirectory.dataOffset;
  }, (reason) => damaged(name, reason));

/** The bytes of a file's header in the archive, without its name. */
const headerSize = 30;

const checkEntries = (source: ByteSource, entries: readonly FileEntry[]): Either<Failure, readonly FileEntry[]> => {
  const wrong = (found: string, expected: string) => E.left(failure("format", source.name, found, expected));
  const names = new Set<string>();
  let covered = 0;
  for (const { filename, offset, compressedSize } of entries.toSorted((a, b) => a.offset - b.offset)) {
    const name = JSON.stringify(filename);
    if (names.has(filename)) return wrong(`the zip entry ${name} twice`, "each name once");
    if (offset < covered) return wrong(`the zip entry ${name} inside another one`, "entries one after the other");
    covered = offset + headerSize + compressedSize;
    if (covered > source.size) {
      return wrong(`the zip entry ${name} up to byte ${covered}`, `at most ${source.size} bytes`);
    }
    names.add(filename);
  }
  return E.right(entries);
};

/**
 * The files of a zip archive, of which only the directory is read; an archive of 4 GB and more may be zip64. Left with
 * kind `format` for a damaged archive, and one whose files overlap, share a name or go beyond its end.
 */
export const readZipEntries = (source: ByteSource): TaskEither<Failure, readonly ZipEntry[]> =>
  attempt(async () => {
    const entries = await new ZipReader(readerOf(source)).getEntries();
    const files = orThrow(checkEntries(source, entries.filter((entry) => !entry.directory)));
    return files.map((entry) => ({
      name: entry.filename,
      size: entry.uncompressedSize,
      isStored: entry.compressionMethod === 0 && !entry.encrypted && entry.compressedSize === entry.uncompressedSize,
      deflatedSize: entry.compressionMethod === 8 && !entry.encrypted ? entry.compressedSize : null,
      start: startOf(source.name, entry),
    }));
  }, (reason) => damaged(source.name, reason));
