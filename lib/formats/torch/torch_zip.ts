import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import type { ByteSource } from "../byte_source.ts";
import { charactersAt } from "../bytes.ts";
import type { TensorFile } from "../tensor_file.ts";
import { readZipEntries, type ZipEntry } from "../zip.ts";
import { maximumPickle, readPickle } from "./pickle.ts";
import { type LocateStorage, tensorFileOf } from "./torch_tensors.ts";

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
