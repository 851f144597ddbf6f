import { type FileEntry, type Reader, ZipReader } from "../../dependencies/codecs.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError, orThrow, reasonText } from "../../errors.ts";
import type { ByteSource } from "../byte_source.ts";
import { charactersAt } from "../bytes.ts";
import type { TensorFile } from "../tensor_file.ts";
import { maximumPickle, readPickle } from "./pickle.ts";
import { type LocateStorage, tensorFileOf } from "./torch_tensors.ts";

/** A file in an archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** How many bytes it has when it is read. */
  readonly size: number;
  /** Whether its bytes lie in the archive as they are: not compressed and not encrypted. */
  readonly isStored: boolean;
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
const readZipEntries = (source: ByteSource): TaskEither<Failure, readonly ZipEntry[]> =>
  attempt(async () => {
    const entries = await new ZipReader(readerOf(source)).getEntries();
    const files = orThrow(checkEntries(source, entries.filter((entry) => !entry.directory)));
    return files.map((entry) => ({
      name: entry.filename,
      size: entry.uncompressedSize,
      isStored: entry.compressionMethod === 0 && !entry.encrypted && entry.compressedSize === entry.uncompressedSize,
      start: startOf(source.name, entry),
    }));
  }, (reason) => damaged(source.name, reason));

type Entries = ReadonlyMap<string, ZipEntry>;

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected, advice));

/** A zip archive that another program wrote, told by what is in it. */
const otherArchive = (file: string, names: readonly string[]): Either<Failure, never> => {
  const isNpz = names.length > 0 && names.every((name) => name.endsWith(".npy"));
  const inside = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 60))).join(", ");
  const content = names.length === 0 ? "it is empty" : `it holds ${inside}${names.length > 3 ? " and more" : ""}`;
  return wrong(
    file,
    isNpz ? `an archive of NumPy (.npz) with ${inside}` : `a zip archive without data.pkl (${content})`,
    "one that torch.save wrote",
    isNpz ? "Save the arrays by safetensors.numpy.save_file." : "If weights are inside, unpack it and name them.",
  );
};

/** The folder that everything lies in; PyTorch names it after the file. Empty, or with a slash at its end. */
const findFolder = (file: string, entries: Entries): Either<Failure, string> => {
  const folders = [...entries.keys()].filter((name) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  const [folder, ...others] = folders.map((name) => name.slice(0, -"data.pkl".length));
  if (folder === undefined) return otherArchive(file, [...entries.keys()]);
  if (others.length > 0) return wrong(file, "a zip archive with several data.pkl", "one that torch.save wrote");
  const isScript = entries.has(`${folder}constants.pkl`) ||
    [...entries.keys()].some((name) => name.startsWith(`${folder}code/`));
  if (!isScript) return E.right(folder);
  const advice = "Load it with torch.jit.load, and save its tensors with torch.save(model.state_dict(), path).";
  return wrong(file, "a TorchScript archive, which is a program", "tensors that torch.save wrote", advice);
};

const checkStored = (file: string, entry: ZipEntry): Either<Failure, ZipEntry> => {
  if (entry.isStored) return E.right(entry);
  const advice = "PyTorch never compresses; unpack the archive and pack it again without compression (zip -0).";
  return wrong(`${file}, ${entry.name}`, "a compressed or encrypted zip entry", "one that is only stored", advice);
};

const readEntry = (source: ByteSource, entry: ZipEntry, limit: number): TaskEither<Failure, Uint8Array> => {
  const where = `${source.name}, ${entry.name}`;
  if (entry.size > limit) return TE.fromEither(wrong(where, `${entry.size} bytes`, `at most ${limit}`));
  return pipe(
    TE.fromEither(checkStored(source.name, entry)),
    TE.chain(({ start }) => start),
    TE.chain((start) => source.read(start, entry.size)),
  );
};

const checkByteOrder = (source: ByteSource, entry: ZipEntry | undefined): TaskEither<Failure, void> => {
  if (entry === undefined) return TE.right(undefined);
  return pipe(
    readEntry(source, entry, 16),
    TE.chainEitherK((bytes) => {
      const order = charactersAt(bytes, 0, bytes.length);
      if (order === "little") return E.right(undefined);
      return wrong(`${source.name}, ${entry.name}`, `the byte order ${JSON.stringify(order)}`, `"little"`);
    }),
  );
};

const locateIn = (file: string, folder: string, entries: Entries): LocateStorage => (where, { key, wholeSize }) => {
  const name = `${folder}data/${key}`;
  const entry = entries.get(name);
  if (entry === undefined) return wrong(where, `no zip entry ${JSON.stringify(name)}`, "the tensor's data");
  if (entry.size !== wholeSize) return wrong(where, `data of ${entry.size} bytes`, `${wholeSize} bytes`);
  return E.map(({ start }: ZipEntry) => start)(checkStored(file, entry));
};

const readEntries = (source: ByteSource, entries: Entries, folder: string): TaskEither<Failure, TensorFile> => {
  const [data, order] = [entries.get(`${folder}data.pkl`), entries.get(`${folder}byteorder`)];
  if (data === undefined) throw new Error("a folder that was found has data.pkl");
  return pipe(
    checkByteOrder(source, order),
    TE.chain(() => readEntry(source, data, maximumPickle)),
    TE.chainEitherK((bytes) => readPickle(`${source.name}, ${data.name}`, bytes, 0)),
    TE.chainEitherK(({ value }) =>
      tensorFileOf(source, "PyTorch (zip)", value, locateIn(source.name, folder, entries))
    ),
  );
};

/**
 * Reads a file of PyTorch 1.6 or later: a zip archive with the object's pickle in `data.pkl` and each storage in
 * `data/…`, all in a folder of any name, and nothing compressed. Only the archive's directory and the pickle are read.
 * Left with kind `format`, also for TorchScript and for big-endian files, and `missing` or `file` if reading fails.
 */
export const readTorchZip = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(
    readZipEntries(source),
    TE.map((entries): Entries => new Map(entries.map((entry) => [entry.name, entry]))),
    TE.chain((entries) =>
      pipe(
        TE.fromEither(findFolder(source.name, entries)),
        TE.chain((folder) => readEntries(source, entries, folder)),
      )
    ),
  );
