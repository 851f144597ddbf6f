import { E, type Either } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { fileFailure } from "../lib/formats/files.ts";
import type { StepRecord } from "../lib/train/loop.ts";

/** A log that grows by a line a step, JSON each. */
export interface LogFile {
  readonly write: (phase: string) => (record: StepRecord) => Either<Failure, void>;
}

const refused = (path: string) => (reason: unknown): Failure => fileFailure(path, "write", reason);

const tenths = (ms: number): number => Math.round(10 * ms) / 10;

/** Starts a log, with the lines that are kept of an earlier one; what was at the path is replaced. Lines are written whole. */
export const openLog = (folder: string, kept: readonly string[] = []): Either<Failure, LogFile> => {
  const path = `${folder}/log.jsonl`;
  return E.tryCatch(() => {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(`${path}.part`, kept.map((line) => `${line}\n`).join(""));
    Deno.renameSync(`${path}.part`, path);
    return {
      write: (phase) => ({ step, lr, loss, terms, ms, waited }) =>
        E.tryCatch(() => {
          const line = { phase, step, lr, loss, terms, ms: tenths(ms), waited: tenths(waited) };
          Deno.writeTextFileSync(path, `${JSON.stringify(line)}\n`, { append: true });
        }, refused(path)),
    };
  }, refused(path));
};
