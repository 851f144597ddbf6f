import type { Either } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";

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
