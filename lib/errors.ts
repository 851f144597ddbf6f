import { E, type Either, type TaskEither, TE } from "./dependencies/fp.ts";

/**
 * What kind of thing went wrong; decides the exit code of a task. "missing" is a file or folder that is not there, "file" one
 * that cannot be read or written, "script" a user's own module (a loss, a generator) that throws or does not fit,
 * "interrupted" work that somebody has stopped: `where` says by what, `advice` what is kept of it.
 */
export type FailureKind =
  | "usage"
  | "configuration"
  | "file"
  | "missing"
  | "format"
  | "data"
  | "worker"
  | "checkpoint"
  | "device"
  | "numeric"
  | "script"
  | "interrupted";

/**
 * An expected failure, as a value. `where` names the file, flag or field, `found` says what was there, `expected` what
 * should have been there, and `advice`, if any, what to do about it.
 */
export interface Failure {
  /** What kind of thing went wrong. */
  readonly kind: FailureKind;
  /** The file, flag, field or tensor that is wrong, as a person would name it. */
  readonly where: string;
  /** What was there, without a full stop: it stands in the middle of a sentence. */
  readonly found: string;
  /** What should have been there, such as the values that are allowed. */
  readonly expected: string;
  /** What to do about it, as a sentence of its own. */
  readonly advice?: string;
  /** What a sentence has no room for, such as the names of many tensors: a line each. */
  readonly details?: readonly string[];
  /** What was thrown, if anything was: for those who look for the reason, not for the message. */
  readonly cause?: unknown;
}

/** Makes a {@link Failure}. */
export const failure = (
  kind: FailureKind,
  where: string,
  found: string,
  expected: string,
  advice?: string,
): Failure => ({
  kind,
  where,
  found,
  expected,
  ...(advice === undefined ? {} : { advice }),
});

/** The same failure with what was thrown, for use in `pipe` and with `mapLeft`. */
export const causedBy = (cause: unknown) => (problem: Failure): Failure => ({ ...problem, cause });

/** The failure as one readable message: `where: found …, expected …. advice`, and its details as indented lines below. */
export const describe = ({ where, found, expected, advice, details = [] }: Failure): string =>
  [
    `${where}: found ${found}, expected ${expected}.${advice === undefined ? "" : ` ${advice}`}`,
    ...details.map((detail) => `  ${detail}`),
  ].join("\n");

/** A failure thrown through code that cannot return an `Either`, such as a callback of a library. */
export class FailureError extends Error {
  /** The failure that is carried. */
  readonly failure: Failure;
  /** The error that carries a failure; its message is {@link describe}'s. */
  constructor(problem: Failure) {
    super(describe(problem), { cause: problem.cause });
    this.name = "FailureError";
    this.failure = problem;
  }
}

/**
 * Runs a promise; a {@link FailureError} or anything else that it rejects with becomes a `Left`. What was thrown is the
 * failure's cause, unless `explain` gives another one.
 */
export const attempt = <A>(
  run: () => Promise<A>,
  explain: (reason: unknown) => Failure,
): TaskEither<Failure, A> =>
  TE.tryCatch(
    run,
    (reason) => reason instanceof FailureError ? reason.failure : { cause: reason, ...explain(reason) },
  );

/** The same work; a {@link FailureError} that is thrown on its way becomes a `Left`, and anything else is thrown on. */
export const settled = <A>(work: TaskEither<Failure, A>): TaskEither<Failure, A> => () =>
  work().catch((reason) => {
    if (reason instanceof FailureError) return E.left(reason.failure);
    throw reason;
  });

/** The value of a `Right`; a `Left` is thrown as a {@link FailureError}. For the edge of a program and for scripts. */
export const orThrow = <A>(result: Either<Failure, A>): A => {
  if (result._tag === "Left") throw new FailureError(result.left);
  return result.right;
};

/** What an unknown thrown value says of itself. */
export const reasonText = (reason: unknown): string => reason instanceof Error ? reason.message : String(reason);
