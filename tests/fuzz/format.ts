import type { TaskEither } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";

/** What a decoder made of bytes. */
export interface Decoded {
  /** How much memory the values take, in bytes. */
  readonly size: number;
  /** Numbers that must all be finite. */
  readonly numbers: readonly ArrayLike<number>[];
}

/** A format and its decoder. */
export interface Format {
  readonly name: string;
  /** Some sound files. */
  readonly sound: () => Promise<readonly Uint8Array[]>;
  /** Decodes a file of a name; `where` is a folder for those that can only be read from a disk. */
  readonly decode: (name: string, bytes: Uint8Array, folder: string) => TaskEither<Failure, Decoded>;
  /** Puts right what every change breaks, so that half of the changes get further than that. */
  readonly repaired?: (bytes: Uint8Array) => Uint8Array;
}
