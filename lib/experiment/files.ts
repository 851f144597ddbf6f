import { resolve } from "../dependencies/path.ts";
import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { fileFailure, readText, writeText } from "../formats/files.ts";
import { isUrl } from "../formats/http_source.ts";

/** The name of a file without folders and its last extension. */
export const stem = (path: string): string => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, "");

/** A folder from the root on, wherever the program was started; an address as it is. */
export const located = (folder: string): string => isUrl(folder) ? folder : resolve(folder);

/** Writes a value as indented JSON. Errors: "file". */
export const writeJson = (path: string, value: unknown): TaskEither<Failure, void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);

/** The text of a file, null if there is none. Errors: "file" for one that cannot be read. */
export const textIfAny = (path: string): TaskEither<Failure, string | null> => async () => {
  const text = await readText(path)();
  return E.isLeft(text) && text.left.kind === "missing" ? E.right(null) : text;
};

/** Removes a file, if there is one. Errors: "file". */
export const removeFile = (path: string): TaskEither<Failure, void> =>
  TE.tryCatch(
    () =>
      Deno.remove(path).catch((reason) => reason instanceof Deno.errors.NotFound ? undefined : Promise.reject(reason)),
    (reason) => fileFailure(path, "write", reason),
  );

/** Whether there is a file. */
export const isFile = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};
