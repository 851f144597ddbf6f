/** What tells a file without opening it as anything: whether it is there, and what its bytes hash to. */
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { readBytes } from "./files.ts";

/** The SHA-256 of bytes, in hexadecimal. */
export const sha256 = async (bytes: Uint8Array): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toHex();

/** The SHA-256 of a file, in hexadecimal. Errors: "missing" and "file". */
export const hashOf = (path: string): TaskEither<Failure, string> =>
  pipe(readBytes(path), TE.chainTaskK((bytes) => () => sha256(bytes)));

/** Whether there is a file. */
export const isFile = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};
