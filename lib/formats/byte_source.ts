import { attempt, type Failure, failure, FailureError } from "../errors.ts";
import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import { checkRegular, fileFailure } from "./files.ts";

/** Bytes that are read where they lie, so that a large file is never in memory as a whole. */
export interface ByteSource {
  /** The file's name, for messages. */
  readonly name: string;
  /** How many bytes there are. */
  readonly size: number;
  /** Bytes `offset` to `offset + length`. Left with kind `format` beyond the end, `missing` or `file` if reading fails. */
  readonly read: (offset: number, length: number) => TaskEither<Failure, Uint8Array>;
}

const beyond = (name: string, size: number, offset: number, length: number): Failure =>
  failure(
    "format",
    name,
    `a file of ${size} bytes`,
    `at least ${offset + length}`,
    "The file is probably truncated; copy or download it again.",
  );

const isWithin = (size: number, offset: number, length: number): boolean =>
  Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= size;

/** Bytes in memory as a source; what is read shares their memory. */
export const sourceOfBytes = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: (offset, length) =>
    TE.fromEither(
      isWithin(bytes.length, offset, length)
        ? E.right(bytes.subarray(offset, offset + length))
        : E.left(beyond(name, bytes.length, offset, length)),
    ),
});

/** What tells a file from another one that took its name. */
const identityOf = ({ ino, dev, size, mtime }: Deno.FileInfo): string => [ino, dev, size, mtime?.getTime()].join();

const readFileRange = async (path: string, identity: string, offset: number, length: number): Promise<Uint8Array> => {
  using file = await Deno.open(path);
  if (identityOf(await file.stat()) !== identity) {
    throw new FailureError(
      failure("file", path, "a file that was changed while it was read", "one that stays as it is"),
    );
  }
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) throw new FailureError(beyond(path, offset + filled, offset, length));
    filled += count;
  }
  return bytes;
};

/**
 * An ordinary file as a source. It is opened for each reading, so nothing has to be closed; a file that was changed or
 * replaced between two readings is refused. Left with kind `missing` or `file` if it cannot be read.
 */
export const openSource = (path: string): TaskEither<Failure, ByteSource> =>
  attempt(
    async () => {
      const info = await Deno.stat(path);
      checkRegular(path, info);
      const [size, identity] = [info.size, identityOf(info)];
      return {
        name: path,
        size,
        read: (offset, length) =>
          isWithin(size, offset, length)
            ? attempt(
              () => readFileRange(path, identity, offset, length),
              (reason) => fileFailure(path, "read", reason),
            )
            : TE.left(beyond(path, size, offset, length)),
      };
    },
    (reason) => fileFailure(path, "read", reason),
  );
