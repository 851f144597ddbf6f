import type { FileNode, FileSystem, StreamOperations } from "../../dependencies/hdf5.ts";

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
export const mountFile = (
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
