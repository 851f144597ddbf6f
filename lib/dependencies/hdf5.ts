// The build for browsers, because the one for Node asks for the environment. It has four megabytes: this file is imported when
// an HDF5 file is first read. The types are of what is used, because its own leave out how a file system is mounted.
export { ready } from "npm:h5wasm@0.10.3";

/** A file or a folder of the library's file system. */
export interface FileNode {
  readonly id: number;
  readonly mode: number;
  node_ops: NodeOperations;
  stream_ops: StreamOperations;
}

/** What the library asks of a node. */
export interface NodeOperations {
  readonly getattr: (node: FileNode) => FileAttributes;
  readonly lookup: (parent: FileNode, name: string) => FileNode;
}

/** What `stat` says of a file. */
export interface FileAttributes {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly blksize: number;
  readonly blocks: number;
}

/** What the library does with an open file. */
export interface StreamOperations {
  readonly read?: (stream: object, memory: Int8Array, start: number, length: number, position: number) => number;
  readonly write?: (stream: object, memory: Int8Array, start: number, length: number) => number;
  readonly llseek?: (stream: { readonly position: number }, offset: number, whence: number) => number;
}

/** The library's file system: no file of the machine is in it unless it is mounted. */
export interface FileSystem {
  readonly mkdir: (path: string) => void;
  readonly rmdir: (path: string) => void;
  readonly mount: (type: { readonly mount: () => FileNode }, options: object, path: string) => void;
  readonly unmount: (path: string) => void;
  readonly createNode: (parent: FileNode | null, name: string, mode: number, device: number) => FileNode;
  readonly getStream: (descriptor: number) => { stream_ops: StreamOperations };
  /** What an operation throws to give the library an error number. */
  readonly ErrnoError: new (code: number) => Error;
}

/** Type, shape and storage of an array. */
export interface ArrayMetadata {
  readonly shape: readonly number[] | null;
  readonly chunks: readonly number[] | null;
  /** 0 integer, 1 floating point, 7 reference, and others. */
  readonly type: number;
  /** Bytes of an element. */
  readonly size: number;
  readonly signed: boolean;
  readonly ref_type?: "object" | "region";
}

/** The HDF5 library, compiled to WebAssembly. It reads at once, without waiting. */
export interface Hdf5Library {
  readonly FS: FileSystem;
  readonly HEAPU8: Uint8Array;
  readonly H5F_ACC_RDONLY: number;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  readonly open: (path: string, mode: number, ordered: boolean, lowest: number, highest: number) => bigint;
  readonly close_file: (file: bigint) => number;
  readonly get_type: (file: bigint, path: string) => number;
  readonly get_names: (file: bigint, path: string, recursive: boolean) => string[];
  readonly get_dataset_metadata: (file: bigint, path: string) => ArrayMetadata;
  readonly get_dataset_data: (
    file: bigint,
    path: string,
    count: bigint[],
    offset: bigint[],
    strides: bigint[],
    address: bigint,
  ) => number;
  readonly create_object_reference: (file: bigint, path: string) => ArrayLike<number>;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/** Whether the module that {@link ready} gives is the one that the types are of. */
export const isHdf5Library = (module: object): module is Hdf5Library =>
  ["FS", "HEAPU8", "open", "close_file", "get_names", "get_dataset_metadata", "get_dataset_data"].every((name) =>
    name in module
  );
