import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { fileFailure, writeText } from "../formats/files.ts";
import type { StepRecord } from "../train/loop.ts";

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
      write: (phase) => ({ step, lr, loss, terms, ms, waited }) =>
        E.tryCatch(() => {
          const line = { phase, step, lr, loss, terms, ms: tenths(ms), waited: tenths(waited) };
          Deno.writeTextFileSync(path, `${JSON.stringify(line)}\n`, { append: true });
        }, (reason) => fileFailure(path, "write", reason)),
    })),
  );
};
