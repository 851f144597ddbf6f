import type { Device } from "../../backend/device.ts";
import { E, type Either, type TaskEither, TE } from "../../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError } from "../../errors.ts";
import { fileFailure } from "../../formats/files.ts";
import type { RunState } from "./run_state.ts";

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

/** The backend that a run was made with, so far as it was made. */
const backendsOf = (state: RunState): readonly string[] =>
  state.kind === "finished" ? [state.record.backend.name] : state.kind === "interrupted" ? [state.backend] : [];

/**
 * Refuses to go on with another backend than that of the runs before: its own would have other times and other last bits.
 *
 * Errors: "usage", naming the backend to take.
 */
export const checkBackend = (
  { backend }: Pick<Device, "backend">,
  states: readonly RunState[],
): Either<Failure, void> => {
  const other = states.flatMap(backendsOf).find((name) => name !== backend);
  return other === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--backend",
    `${backend}, and runs that were made with ${other}`,
    "one backend for all runs",
    `Run with --backend ${other}, or choose another --out.`,
  ));
};
