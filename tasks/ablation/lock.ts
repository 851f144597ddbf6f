import { type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError } from "../../lib/errors.ts";
import { fileFailure } from "../../lib/formats/files.ts";

const taken = (out: string): Failure =>
  failure(
    "file",
    out,
    "an ablation that is still running in this folder",
    "a folder that no other ablation writes to",
    "Wait for it to end, or choose another --out.",
  );

const lock = (out: string): TaskEither<Failure, Deno.FsFile> =>
  attempt(async () => {
    await Deno.mkdir(out, { recursive: true });
    const file = await Deno.open(`${out}/.lock`, { create: true, write: true });
    if (await file.tryLock(true)) return file;
    file.close();
    throw new FailureError(taken(out));
  }, (reason) => fileFailure(out, "write", reason));

/**
 * Uses a folder that no other ablation uses meanwhile. The system ends the lock with its process, however that ends.
 *
 * Errors: "file" if another one does, and those of `use`.
 */
export const withLock = <A>(out: string, use: () => TaskEither<Failure, A>): TaskEither<Failure, A> =>
  TE.bracket(lock(out), use, (file) => TE.fromIO(() => file.close()));
