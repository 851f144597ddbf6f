import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError } from "../errors.ts";
import { fileFailure, leavesFolder } from "../formats/files.ts";

/** The names in a folder, each sorted by code unit; what is hidden (begins with a full stop) is left out. */
export interface Folder {
  /** Its files, and links to anything. */
  readonly files: readonly string[];
  /** Its folders, less links to folders. */
  readonly folders: readonly string[];
}

/** Why a folder cannot be read. */
const folderFailure = (path: string, reason: unknown): Failure => ({
  ...fileFailure(path, "read", reason),
  ...(reason instanceof Deno.errors.NotFound ? { found: "no such folder" } : {}),
  expected: "a folder that can be read",
});

const readNames = async (path: string, most: number): Promise<Folder> => {
  const files: string[] = [];
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (files.length + folders.length >= most) {
      throw new FailureError(failure("data", path, `more than ${most} files`, "a folder of a data set"));
    }
    if (!name.startsWith(".")) (isDirectory ? folders : files).push(name);
  }
  return { files: files.sort(), folders: folders.sort() };
};

/** What is in a folder. Errors: "file" if it cannot be read, "data" if it holds more than `most` names. */
export const readFolder = (path: string, most = 10_000_000): TaskEither<Failure, Folder> =>
  attempt(() => readNames(path, most), (reason) => folderFailure(path, reason));

/** What a path leads to, links followed; null for nothing. */
export type PathKind = "file" | "folder" | null;

/** What a path leads to. Errors: "file" if that cannot be told, such as without permission. */
export const kindOf = (path: string): TaskEither<Failure, PathKind> =>
  attempt(async () => {
    try {
      return (await Deno.stat(path)).isDirectory ? "folder" : "file";
    } catch (reason) {
      if (reason instanceof Deno.errors.NotFound || reason instanceof Deno.errors.NotADirectory) return null;
      throw reason;
    }
  }, (reason) => fileFailure(path, "read", reason));

/** The first of some paths that leads to what is wanted, or null. Errors as {@link kindOf}. */
export const firstOf = (paths: readonly string[], wanted: "file" | "folder"): TaskEither<Failure, string | null> =>
  pipe(
    TE.sequenceArray(paths.map(kindOf)),
    TE.map((kinds) => paths.find((_, index) => kinds[index] === wanted) ?? null),
  );

/** The last name of a path to a folder; null where the path does not say it, as `.` and `..`. */
export const folderName = (path: string): string | null => {
  const name = path.split(/[/\\]+/).filter((part) => part !== "").at(-1) ?? "";
  return /^\.{0,2}$/.test(name) ? null : name;
};

/**
 * Does the same to each, in batches of at most 64 at a time, so that a large data set does not exhaust open files. The
 * answers have the order of the items; the first failure ends it.
 */
export const inBatches = <A, B>(
  items: readonly A[],
  work: (item: A) => TaskEither<Failure, B>,
): TaskEither<Failure, readonly B[]> =>
async () => {
  const answers: B[] = [];
  for (let first = 0; first < items.length; first += 64) {
    const batch = await TE.sequenceArray(items.slice(first, first + 64).map(work))();
    if (batch._tag === "Left") return batch;
    answers.push(...batch.right);
  }
  return E.right(answers);
};

/**
 * A path of a list, if it stays below the folder that the list's paths begin at. Links in that folder are its owner's and
 * may lead anywhere.
 *
 * Errors: "data" at `where`, the list and the line, for a path that leaves it.
 */
export const belowRoot = (path: string, where: string): Either<Failure, string> =>
  leavesFolder(path)
    ? E.left(failure("data", where, `the path ${path}`, "a path below the list's folder"))
    : E.right(path);

/** A line of a text and its number. */
export interface TextLine {
  /** Without spaces at its ends; never empty. */
  readonly text: string;
  /** Counted from 1, as an editor does. */
  readonly line: number;
}

/** The lines of a text, less the empty ones; Unix and Windows ends of lines alike. */
export const textLines = (text: string): readonly TextLine[] =>
  text.split(/\r\n?|\n/)
    .map((whole, index) => ({ text: whole.trim(), line: index + 1 }))
    .filter((line) => line.text !== "");
