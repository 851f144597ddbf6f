import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { openSource } from "./byte_source.ts";
import { charactersAt, viewOf } from "./bytes.ts";
import { withHdf5 } from "./hdf5.ts";
import type { Hdf5File } from "./hdf5_arrays.ts";

/** MATLAB's own header, behind which the HDF5 file begins. */
const headerLength = 512;

const signature = "\x89HDF\r\n\x1a\n";

const saveAgain = 'Download the file as it is published, or save it in MATLAB with save(…, "-v7.3").';

/** The length that a superblock of version 0, which is MATLAB's, says the file has; for other versions none. */
const announcedLength = (bytes: Uint8Array, start: number): number =>
  bytes[start + 8] === 0 && bytes.length >= start + 48 ? Number(viewOf(bytes).getBigUint64(start + 40, true)) : 0;

/**
 * Checks that a file begins as a MATLAB 7.3 file does, or a plain HDF5 file, and has the length that it announces.
 *
 * @param first the first 560 bytes of the file, or all if it has fewer.
 *
 * Errors: "format": of an older MATLAB version, of no MATLAB at all, or truncated; each says so.
 */
export const checkMatlab73 = (name: string, first: Uint8Array, size: number): Either<Failure, void> => {
  const [, version] = charactersAt(first, 0, 19).match(/^MATLAB (\d+\.\d+) MAT-file/) ?? [];
  if (version !== undefined && version !== "7.3") {
    return E.left(failure("format", name, `a MATLAB ${version} file`, "a MATLAB 7.3 file", saveAgain));
  }
  const start = [0, headerLength].find((at) => charactersAt(first, at, at + 8) === signature);
  if (start === undefined) {
    const found = version === undefined ? "no MATLAB file" : "a MATLAB header without the HDF5 file behind it";
    return E.left(failure("format", name, found, "a MATLAB 7.3 file", saveAgain));
  }
  const announced = announcedLength(first, start);
  return size >= announced ? E.right(undefined) : E.left(
    failure(
      "format",
      name,
      `a file of ${size} bytes`,
      `${announced}, as it says itself`,
      "It is truncated; download it again.",
    ),
  );
};

/**
 * Uses a MATLAB 7.3 file, as {@link withHdf5}. MATLAB's arrays are there under their names with the order of their axes
 * reversed, and the cells of cell arrays in the group "#refs#".
 */
export const withMatlab73 = <A>(path: string, use: (file: Hdf5File) => Either<Failure, A>): TaskEither<Failure, A> =>
  pipe(
    openSource(path),
    TE.chain((source) =>
      pipe(
        source.read(0, Math.min(source.size, headerLength + 48)),
        TE.chainEitherK((first) => checkMatlab73(path, first, source.size)),
      )
    ),
    TE.chain(() => withHdf5(path, use)),
  );

/** The arrays that cells refer to, by what references to them hold. */
export type References = ReadonlyMap<bigint, string>;

/** The arrays that cells of a file refer to. */
export const referencesOf = (file: Hdf5File): Either<Failure, References> =>
  pipe(
    file.members("#refs#"),
    E.map((names) => names.map((name) => `#refs#/${name}`)),
    E.chain(E.traverseArray((path) => pipe(file.referenceTo(path), E.map((reference) => [reference, path] as const)))),
    E.map((pairs) => new Map(pairs)),
  );

const longestText = 1024;

const utf16 = (bytes: Uint8Array): string => new TextDecoder("utf-16le").decode(bytes);

const readText = (name: string, file: Hdf5File, path: string): Either<Failure, string> =>
  pipe(
    file.array(path),
    E.filterOrElse(
      ({ shape, type }) => type === "uint16" && shape.length === 2 && shape.reduce((a, b) => a * b, 1) <= longestText,
      ({ shape, type }) =>
        failure(
          "format",
          name,
          `${path}, ${shape.join("×")} of ${type}`,
          `a text of at most ${longestText} characters`,
        ),
    ),
    E.chain(({ shape }) => file.read(path, [0, 0], shape)),
    E.map(utf16),
  );

/**
 * The texts of a cell array of so many.
 *
 * @param name the file's name, for messages.
 *
 * Errors: "format" if the array has another size or type, or a cell is no text.
 */
export const readTexts = (
  name: string,
  file: Hdf5File,
  references: References,
  path: string,
  count: number,
): Either<Failure, readonly string[]> => {
  const textAt = (reference: bigint, index: number): Either<Failure, string> => {
    const text = references.get(reference);
    const found = `a reference to nothing in ${path}, cell ${index + 1}`;
    return text === undefined ? E.left(failure("format", name, found, "one to a text")) : readText(name, file, text);
  };
  return pipe(
    file.array(path),
    E.filterOrElse(
      ({ shape, type }) => type === "reference" && shape.length === 2 && shape.reduce((a, b) => a * b, 1) === count,
      ({ shape, type }) => failure("format", name, `${path}, ${shape.join("×")} of ${type}`, `${count} references`),
    ),
    E.chain(({ shape }) => file.read(path, [0, 0], shape)),
    E.map((bytes) => Array.from({ length: count }, (_, at) => viewOf(bytes).getBigUint64(8 * at, true))),
    E.chain(E.traverseArrayWithIndex((index, reference) => textAt(reference, index))),
  );
};
