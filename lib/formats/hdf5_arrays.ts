import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Hdf5Library } from "../dependencies/hdf5.ts";
import { causedBy, type Failure, failure } from "../errors.ts";
import { viewOf } from "./bytes.ts";

/** What the elements of an array are. */
export type ElementType = "uint8" | "uint16" | "float32" | "float64" | "reference" | "another type";

/** What is known of an array before it is read. */
export interface StoredArray {
  /** How long it is along each axis; the last axis is the one that is contiguous. */
  readonly shape: readonly number[];
  /** What its elements are. */
  readonly type: ElementType;
}

/** An open HDF5 file. Paths of groups and arrays in it are separated by slashes. */
export interface Hdf5File {
  /** What tells the file from one that took its name, or from itself after it was written to. */
  readonly identity: string;
  /** The names in a group, "/" for the outermost; none if there is no such group. */
  readonly members: (group: string) => Either<Failure, readonly string[]>;
  /** What an array is. Left with kind "format" if there is none. */
  readonly array: (path: string) => Either<Failure, StoredArray>;
  /**
   * The elements of the block that begins at `start` and is `count` long along each axis, as little-endian bytes in
   * row-major order; a reference has 8. Left with kind "format" if they cannot be read or are absurdly many.
   */
  readonly read: (path: string, start: readonly number[], count: readonly number[]) => Either<Failure, Uint8Array>;
  /** What the elements of arrays of references hold to refer to this array or group. */
  readonly referenceTo: (path: string) => Either<Failure, bigint>;
}

/** A file whose structure or content the HDF5 library refuses. */
export const damaged = (where: string): Failure =>
  failure(
    "format",
    where,
    "bytes that the HDF5 library cannot make sense of",
    "a whole HDF5 file",
    "The file is probably damaged or truncated; copy or download it again.",
  );

/** The most bytes of a block that is read, and of a chunk that is decompressed for it. */
const limits = { block: 2 ** 27, chunk: 2 ** 26 } as const;

type Metadata = ReturnType<Hdf5Library["get_dataset_metadata"]>;

const typeOf = ({ type, size, signed, ref_type }: Metadata): ElementType => {
  if (type === 0 && !signed && size === 1) return "uint8";
  if (type === 0 && !signed && size === 2) return "uint16";
  if (type === 1 && size === 4) return "float32";
  if (type === 1 && size === 8) return "float64";
  return type === 7 && size === 8 && ref_type === "object" ? "reference" : "another type";
};

const product = (sizes: readonly number[]): number => sizes.reduce((all, each) => all * each, 1);

/** The functions of a file that the library has opened under this number; `where` is its name in messages. */
export const arraysOf = (library: Hdf5Library, where: string, id: bigint): Omit<Hdf5File, "identity"> => {
  /** Runs the library, which throws, and after damage may trap. */
  const tried = <A>(run: () => A): Either<Failure, A> =>
    E.tryCatch(run, (reason) => pipe(damaged(where), causedBy(reason)));

  const members: Hdf5File["members"] = (group) =>
    tried(() => library.get_type(id, group) === library.H5G_GROUP ? library.get_names(id, group, false) : []);

  /** Why there is no array: the name is not in its group, or what it leads to is damaged or no array. */
  const missing = (path: string): Either<Failure, never> => {
    const slash = path.lastIndexOf("/");
    return pipe(
      members(path.slice(0, Math.max(slash, 0)) || "/"),
      E.chain((names) => {
        if (names.includes(path.slice(slash + 1))) return E.left(damaged(where));
        const there = names.length === 0 ? "nothing" : names.slice(0, 20).join(", ");
        return E.left(failure("format", where, `no array "${path}" (there is: ${there})`, "one of this name"));
      }),
    );
  };

  const known = new Map<string, Metadata>();

  const metadataOf = (path: string): Either<Failure, Metadata> => {
    const before = known.get(path);
    if (before !== undefined) return E.right(before);
    const found = tried(() => library.get_dataset_metadata(id, path));
    if (E.isLeft(found)) return missing(path);
    known.set(path, found.right);
    return found;
  };

  const checked = (path: string, metadata: Metadata, start: readonly number[], count: readonly number[]) => {
    if (start.length !== count.length) throw new RangeError(`a block from [${start}] on, [${count}] long`);
    const shape = metadata.shape ?? [];
    const isInside = (length: number, axis: number): boolean => {
      const [from, size] = [start[axis], count[axis]];
      return from !== undefined && size !== undefined && from + size <= length;
    };
    if (shape.length !== count.length || !shape.every(isInside)) {
      const found = `${path}, an array of ${shape.join("×")} elements`;
      return E.left(failure("format", where, found, `at least ${count.join("×")} from ${start.join(", ")} on`));
    }
    const [block, chunk] = [product(count) * metadata.size, product(metadata.chunks ?? [0]) * metadata.size];
    return block <= limits.block && chunk <= limits.chunk ? E.right(block) : E.left(failure(
      "format",
      where,
      `${path} with a block of ${block} bytes in chunks of ${chunk}`,
      `at most ${limits.block} in chunks of at most ${limits.chunk}`,
    ));
  };

  const readBlock = (path: string, start: readonly number[], count: readonly number[], bytes: number) =>
    tried(() => {
      const address = library._malloc(bytes);
      try {
        const [blocks, offset, strides] = [count.map(BigInt), start.map(BigInt), count.map(() => 1n)];
        const status = address === 0
          ? -1
          : library.get_dataset_data(id, path, blocks, offset, strides, BigInt(address));
        if (status < 0) throw new Error("not read");
        return library.HEAPU8.slice(address, address + bytes);
      } finally {
        library._free(address);
      }
    });

  return {
    members,
    array: (path) => pipe(metadataOf(path), E.map((found) => ({ shape: found.shape ?? [], type: typeOf(found) }))),
    read: (path, start, count) =>
      pipe(
        metadataOf(path),
        E.chain((metadata) => checked(path, metadata, start, count)),
        E.chain((bytes) => readBlock(path, start, count, bytes)),
      ),
    referenceTo: (path) =>
      tried(() => viewOf(Uint8Array.from(library.create_object_reference(id, path))).getBigUint64(0, true)),
  };
};
