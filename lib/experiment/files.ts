import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { resolve } from "../dependencies/text.ts";
import type { Failure } from "../errors.ts";
import { isUrl } from "../formats/byte_source.ts";
import { appendWhole, fileFailure, readText, writeText } from "../formats/files.ts";
import type { StepRecord } from "../train/loop.ts";

/** The name of a file without folders and its last extension. */
export const stem = (path: string): string => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, "");

/** A folder from the root on, wherever the program was started; an address as it is. */
export const located = (folder: string): string => isUrl(folder) ? folder : resolve(folder);

/** Writes a value as indented JSON. Errors: "file". */
export const writeJson = (path: string, value: unknown): TaskEither<Failure, void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);

/** The text of a file, null if there is none. Errors: "file" for one that cannot be read. */
export const textIfAny = (path: string): TaskEither<Failure, string | null> => async () => {
  const text = await readText(path, "record")();
  return E.isLeft(text) && text.left.kind === "missing" ? E.right(null) : text;
};

/** Removes a file, if there is one. Errors: "file". */
export const removeFile = (path: string): TaskEither<Failure, void> =>
  TE.tryCatch(
    () =>
      Deno.remove(path).catch((reason) => reason instanceof Deno.errors.NotFound ? undefined : Promise.reject(reason)),
    (reason) => fileFailure(path, "write", reason),
  );

/** A log that grows by a line a step, JSON each. */
export interface LogFile {
  readonly write: (phase: string) => (record: StepRecord) => Either<Failure, void>;
}

const tenths = (ms: number): number => Math.round(10 * ms) / 10;

/** Starts a log, with the lines that are kept of an earlier one; what was at the path is replaced. Lines are written whole. */
export const openLog = (folder: string, kept: readonly string[] = []): TaskEither<Failure, LogFile> => {
  const path = `${folder}/log.jsonl`;
  return pipe(
    writeText(path, kept.map((line) => `${line}\n`).join("")),
    TE.map(() => ({
      write: (phase) => ({ step, lr, loss, terms, weights, ms, waited }) =>
        E.tryCatch(() => {
          const learned = weights === undefined ? {} : { weights };
          const line = { phase, step, lr, loss, terms, ...learned, ms: tenths(ms), waited: tenths(waited) };
          using file = Deno.openSync(path, { append: true });
          appendWhole(file, new TextEncoder().encode(`${JSON.stringify(line)}\n`));
        }, (reason) => fileFailure(path, "write", reason)),
    })),
  );
};
