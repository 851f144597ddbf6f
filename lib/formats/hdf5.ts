import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import type { FileNode, FileSystem, Hdf5Library, StreamOperations } from "../dependencies/hdf5.ts";
import { attempt, type Failure, FailureError, orThrow } from "../errors.ts";
import { knownKind, otherKind, tellingBytes } from "./file_kinds.ts";
import { checkRegular, fileFailure } from "./files.ts";
import { arraysOf, damaged, type Hdf5File } from "./hdf5_arrays.ts";

/** Up to `length` bytes from `position` on; fewer at the end of the file. What it throws ends the library's work. */
export type ReadAt = (position: number, length: number) => Uint8Array;

const folder = "/mounted";

const modes = { folder: 0o40555, file: 0o100444 } as const;

/** Numbers of errors in the library. */
const errors = { invalidArgument: 28, inputOutput: 29 } as const;

const attributesOf = (node: FileNode, size: number) => {
  const never = new Date(0);
  const times = { atime: never, mtime: never, ctime: never };
  // Unlike the file's own number the node's is new for each mount: the library takes files of one number for one file.
  const identity = { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0 };
  return { ...identity, ...times, size, blksize: 4096, blocks: Math.ceil(size / 512) };
};

const streamOperations = (fs: FileSystem, size: number, readAt: ReadAt): StreamOperations => ({
  read: (_stream, memory, start, length, position) => {
    try {
      const bytes = readAt(position, length);
      memory.set(bytes, start);
      return bytes.length;
    } catch {
      throw new fs.ErrnoError(errors.inputOutput);
    }
  },
  llseek: ({ position }, offset, whence) => {
    const origin = [0, position, size][whence];
    if (origin === undefined) throw new fs.ErrnoError(errors.invalidArgument);
    return offset + origin;
  },
});

/**
 * Puts one file, which is read where it lies, into the library's own file system; gives its path there, and how to take
 * it out again. One file can be in it at a time.
 */
const mountFile = (
  fs: FileSystem,
  size: number,
  readAt: ReadAt,
): { readonly path: string; readonly unmount: () => void } => {
  const nodeOf = (parent: FileNode | null, name: string, mode: number): FileNode => {
    const node = fs.createNode(parent, name, mode, 0);
    node.node_ops = {
      getattr: (own) => attributesOf(own, size),
      lookup: (own, wanted) => nodeOf(own, wanted, modes.file),
    };
    node.stream_ops = streamOperations(fs, size, readAt);
    return node;
  };
  fs.mkdir(folder);
  fs.mount({ mount: () => nodeOf(null, "/", modes.folder) }, {}, folder);
  const unmount = (): void => {
    fs.unmount(folder);
    fs.rmdir(folder);
  };
  return { path: `${folder}/file`, unmount };
};

/** The most bytes that are read at once: a compressed chunk is read as a whole. */
const longestRead = 2 ** 26;

/** The most readings for one use of a file: damaged trees must not be walked forever. */
const mostReadings = 2 ** 20;

const readFrom = (file: Deno.FsFile, path: string): ReadAt => {
  let readings = 0;
  return (position, length) => {
    readings += 1;
    if (length > longestRead || readings > mostReadings) throw new FailureError(damaged(path));
    const bytes = new Uint8Array(length);
    file.seekSync(position, Deno.SeekMode.Start);
    for (let filled = 0; filled < length;) {
      const count = file.readSync(bytes.subarray(filled));
      if (count === null) return bytes.subarray(0, filled);
      filled += count;
    }
    return bytes;
  };
};

/** The reader, which keeps what it throws: the library only hears that there was an error. */
const remembering = (path: string, read: ReadAt): { readonly read: ReadAt; readonly failed: () => Failure | null } => {
  let failed: Failure | null = null;
  const remembered: ReadAt = (position, length) => {
    try {
      return read(position, length);
    } catch (reason) {
      failed = reason instanceof FailureError ? reason.failure : fileFailure(path, "read", reason);
      throw reason;
    }
  };
  return { read: remembered, failed: () => failed };
};

const loadHdf5 = async (): Promise<Hdf5Library> => {
  const { isHdf5Library, ready } = await import("../dependencies/hdf5.ts");
  const library: object = await ready;
  if (!isHdf5Library(library)) throw new Error("h5wasm is another version than its types are of");
  return library;
};

/** Why the library does not open a file: it is another one, or a damaged one of its own. */
const whyUnopened = (path: string, start: Uint8Array): Failure => {
  const isOther = !/^an? (HDF5 file|MATLAB file \(version)/.test(knownKind(start)?.what ?? "an HDF5 file");
  return isOther ? otherKind(path, start, "an HDF5 file, such as MATLAB 7.3 writes") : damaged(path);
};

const useMounted = <A>(
  library: Hdf5Library,
  mounted: string,
  unopened: () => Failure,
  use: (id: bigint) => Either<Failure, A>,
): Either<Failure, A> => {
  const id = library.open(mounted, library.H5F_ACC_RDONLY, false, -1, -1);
  if (id < 0n) return E.left(unopened());
  try {
    return use(id);
  } finally {
    library.close_file(id);
  }
};

const useFile = <A>(
  library: Hdf5Library,
  path: string,
  use: (file: Hdf5File) => Either<Failure, A>,
): Either<Failure, A> => {
  using file = Deno.openSync(path);
  const { size, mtime, ino } = file.statSync();
  const reader = remembering(path, readFrom(file, path));
  const mounted = mountFile(library.FS, size, reader.read);
  // What the library says of errors goes to its standard error, line by line, and tells a user nothing.
  library.FS.getStream(2).stream_ops = { write: (_stream, _memory, _start, length) => length };
  try {
    const identity = [ino, size, mtime?.getTime()].join();
    const result = useMounted(
      library,
      mounted.path,
      () => whyUnopened(path, reader.read(0, Math.min(size, tellingBytes))),
      (id) => use({ identity, ...arraysOf(library, path, id) }),
    );
    const failed = reader.failed();
    return failed === null ? result : E.left(failed);
  } finally {
    mounted.unmount();
  }
};

/**
 * Uses an HDF5 file (of any version, also with a block of other bytes before it) and closes it again. What is asked for,
 * and no more, is read where it lies. Needs the permission to read, and no other. The callback must not keep the file.
 *
 * The library checks what it reads, and its memory is its own: a file that was made to harm can at most make that grow
 * to its limit of 2 GB, by a chunk that decompresses to far more than a chunk has.
 *
 * Errors: "missing" or "file" if it cannot be read, "format" if it is damaged or no HDF5, and what the callback gives.
 */
export const withHdf5 = <A>(path: string, use: (file: Hdf5File) => Either<Failure, A>): TaskEither<Failure, A> =>
  attempt(
    async () => {
      checkRegular(path, await Deno.stat(path));
      return orThrow(useFile(await loadHdf5(), path, use));
    },
    (reason) => fileFailure(path, "read", reason),
  );
