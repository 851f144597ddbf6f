import { inflateRawSync } from "../dependencies/codecs.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { causedBy, type Failure, failure, reasonText } from "../errors.ts";
import { sourceOfBytes } from "./byte_source.ts";
import { decodeNpy, type NpyArray } from "./npy.ts";
import { readZipEntries, type ZipEntry } from "./zip.ts";

/** The largest array that is read, in bytes: 33 million numbers of 64 bits. */
const largestArray = 2 ** 28;

const arrayName = ({ name }: ZipEntry): string => name.replace(/\.npy$/, "");

/** The only array, or that of the name. */
const chosenArray = (file: string, wanted: string, entries: readonly ZipEntry[]): Either<Failure, ZipEntry> => {
  const arrays = entries.filter(({ name }) => name.endsWith(".npy"));
  const chosen = arrays.length === 1 ? arrays[0] : arrays.find((entry) => arrayName(entry) === wanted);
  if (chosen !== undefined) return E.right(chosen);
  const names = arrays.slice(0, 8).map(arrayName).join(", ");
  const found = arrays.length === 0 ? "a zip archive without arrays (.npy)" : `${arrays.length} arrays: ${names}`;
  return E.left(
    failure("format", file, found, `one array, or one that is called ${wanted}`, "Save it with numpy.savez."),
  );
};

/** Bytes of an entry as they lie in the archive, and what they become. */
const inflated = (where: string, { size, deflatedSize }: ZipEntry, bytes: Uint8Array): Either<Failure, Uint8Array> => {
  if (deflatedSize === null) return E.right(bytes);
  return E.tryCatch(
    () => new Uint8Array(inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) })),
    (reason) =>
      pipe(
        failure("format", where, `data that do not decompress (${reasonText(reason)})`, `${size} bytes of an array`),
        causedBy(reason),
      ),
  );
};

/**
 * Decodes the only array of an NPZ file, or of several the one that is called `wanted`; stored or compressed, as
 * `numpy.savez` and `savez_compressed` write them. Left with kind `format` for an archive that is damaged or has no such array,
 * for an array of more than 2²⁸ bytes, before it is decompressed, and as {@link decodeNpy}.
 */
export const decodeNpz = (name: string, bytes: Uint8Array, wanted: string): TaskEither<Failure, NpyArray> => {
  const source = sourceOfBytes(name, bytes);
  return pipe(
    readZipEntries(source),
    TE.chainEitherK((entries) => chosenArray(name, wanted, entries)),
    TE.chain((entry) => {
      const where = `${name}, ${entry.name}`;
      const wrong = (found: string, expected: string) => TE.left(failure("format", where, found, expected));
      if (entry.size > largestArray) return wrong(`${entry.size} bytes`, `at most ${largestArray}`);
      if (!entry.isStored && entry.deflatedSize === null) return wrong("an encrypted or unusual zip entry", "deflate");
      return pipe(
        entry.start,
        TE.chain((start) => source.read(start, entry.deflatedSize ?? entry.size)),
        TE.chainEitherK((packed) => inflated(where, entry, packed)),
        TE.chainEitherK((array) => decodeNpy(where, array)),
      );
    }),
  );
};
