import { E, type Either, type TaskEither, TE } from "./dependencies/fp.ts";

/**
 * What kind of thing went wrong; decides the exit code of a task. "missing" is a file or folder that is not there, "file" one
 * that cannot be read or written, "script" a user's own module (a loss, a generator) that throws or does not fit,
 * "interrupted" work that somebody has stopped: `where` says by what, `advice` what is kept of it.
 * @category Errors
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
 * @category Errors
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

/** The most letters of a message, and of each of its details. */
const longestMessage = 500;

/** The most details that a message lists. */
const mostDetails = 1000;

/** Of what a file holds, so much is kept before a message is made of it. */
const longestFound = 400;

/** Controls (of terminals as well), separators of lines, marks that turn the direction of writing, and what is not seen. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\ufeff\u{e0000}-\u{e007f}]/gu;

const escaped = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
};

/** A text in one line, safe to be shown: ends of lines are spaces, and what a terminal would obey is written as its code. */
const oneLine = (text: string): string =>
  text.trim().replaceAll(/[\t\r\n]+ */g, " ").replaceAll(unprintable, escaped).toWellFormed();

/** A text of at most so many letters, its middle left out: a path is told by its end, and a sentence by its beginning. */
const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`.toWellFormed();
};

/** What a message may show of a text from anywhere: a file, the system, another program. Its middle is cut before its letters. */
const shown = (text: string, most: number): string => shortened(oneLine(shortened(text, 4 * most)), most);

/** A text from anywhere in one line of at most 500 letters, without what a terminal would obey. */
export const printable = (text: string): string => shown(text, longestMessage);

/** Makes a {@link Failure}. What was found is kept in one line of at most 400 letters, without anything that a terminal obeys.
 * @category Errors */
export const failure = (
  kind: FailureKind,
  where: string,
  found: string,
  expected: string,
  advice?: string,
): Failure => ({
  kind,
  where,
  found: shown(found, longestFound),
  expected,
  ...(advice === undefined ? {} : { advice }),
});

/** The same failure with what was thrown, for use in `pipe` and with `mapLeft`. */
export const causedBy = (cause: unknown) => (problem: Failure): Failure => ({ ...problem, cause });

/** How long each of some texts may be so that all together are no longer than `most`: short ones are not cut. */
const fairLength = (texts: readonly string[], most: number): number => {
  let left = most;
  for (const [index, length] of texts.map((text) => text.length).sort((a, b) => a - b).entries()) {
    const sharing = texts.length - index;
    if (length * sharing > left) return Math.floor(left / sharing);
    left -= length;
  }
  return Infinity;
};

const sentenceOf = ({ where, found, expected, advice = "" }: Failure): string => {
  const parts = [where, found, expected, advice].map(printable);
  const joined = ([where, found, expected, advice]: readonly string[]): string =>
    `${where}: found ${found}, expected ${expected}.${advice === "" ? "" : ` ${advice}`}`;
  const most = fairLength(parts, longestMessage - joined(["", "", "", " "]).length);
  return joined(parts.map((part) => shortened(part, most)));
};

/**
 * The failure as one readable message: `where: found …, expected …. advice` in one line of at most 500 letters, and its
 * details as indented lines below, at most 1000 of at most 500 letters each. Whatever a file or a name holds, nothing of it
 * commands the terminal: control characters are written as codes.
 * @category Errors
 */
export const describe = (problem: Failure): string => {
  const { details = [] } = problem;
  const rest = details.length - mostDetails;
  return [
    sentenceOf(problem),
    ...details.slice(0, mostDetails).map((detail) => `  ${shown(detail, longestMessage - 2)}`),
    ...(rest > 0 ? [`  … and ${rest} more.`] : []),
  ].join("\n");
};

/** A failure thrown through code that cannot return an `Either`, such as a callback of a library.
 * @category Errors */
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
 * @category Errors
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

/** The value of a `Right`; a `Left` is thrown as a {@link FailureError}. For the edge of a program and for scripts.
 * @category Errors */
export const orThrow = <A>(result: Either<Failure, A>): A => {
  if (result._tag === "Left") throw new FailureError(result.left);
  return result.right;
};

/** What an unknown thrown value says of itself, as it says it; {@link printable} before it is shown. */
export const reasonText = (reason: unknown): string => reason instanceof Error ? reason.message : String(reason);
