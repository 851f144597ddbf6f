import process from "node:process";
import { E, type Either, type TaskEither } from "../lib/dependencies/fp.ts";
import { describe, type Failure, FailureError, printable, reasonText } from "../lib/errors.ts";
import { floating, placeOf } from "../lib/modules/user_code.ts";
import { stoppable } from "../lib/train/listener.ts";
import { type Arguments, type Command, decodeArguments, helpOf, locating } from "./arguments.ts";
import { outputFailure, terminal } from "./progress.ts";
import { type Stop, withSignals } from "./signals.ts";

/** The stack of what was thrown, and of what had been thrown before it. */
const stackOf = (reason: unknown): string => {
  if (!(reason instanceof Error)) return reasonText(reason);
  const own = reason.stack ?? reason.message;
  return reason.cause === undefined ? own : `${own}\ncaused by ${stackOf(reason.cause)}`;
};

const exitWith = (problem: Failure, debug: boolean): never => {
  console.error(`error: ${describe(problem)}`);
  if (debug && problem.cause !== undefined) console.error(stackOf(problem.cause));
  Deno.exit(problem.kind === "usage" ? 2 : 1);
};

/** What is kept of work that a signal has stopped, and its exit status. */
const exitStopped = ({ advice = "Files that are whole are kept." }: Failure, { signal, status }: Stop): never => {
  console.error(`stopped by ${signal}. ${advice}`);
  Deno.exit(status);
};

/** A bug in a task: still one line, with what is needed to report it. */
const unexpected = (reason: unknown, debug: boolean): never => {
  const advice = debug ? "" : " and what --debug adds to it";
  console.error(
    `error: a bug in this program: ${
      printable(reasonText(reason))
    }. Please report it with the command that you ran${advice}.`,
  );
  if (debug) console.error(stackOf(reason));
  Deno.exit(1);
};

/** What work gives; a failure that it throws is as one that it gives, and a bug ends the process. */
const resultOf = (work: TaskEither<Failure, void>, debug: boolean): Promise<Either<Failure, void>> =>
  work().catch((reason) => {
    const problem = reason instanceof FailureError ? reason.failure : outputFailure(reason);
    return problem === null ? unexpected(reason, debug) : E.left(problem);
  });

/** What nobody handled: a promise that was rejected, or what a timer threw. A user's own module is named with its line. */
const unhandled = (reason: unknown, debug: boolean): never => {
  return placeOf(reason) === null ? unexpected(reason, debug) : exitWith(floating("", reason), debug);
};

/** Where the user stands: `deno task` tells it, and runs the program in the project's folder. */
const userFolder = (): string => {
  const told = Deno.permissions.querySync({ name: "env", variable: "INIT_CWD" }).state === "granted";
  return told ? Deno.env.get("INIT_CWD") ?? Deno.cwd() : Deno.cwd();
};

/**
 * Decodes the command line, runs the task, and ends with exit status 0, 1, or 2 for a wrong command line, and with 130 or 143
 * after Ctrl-C or SIGTERM.
 */
export const main = async (command: Command, run: (args: Arguments) => TaskEither<Failure, void>): Promise<void> => {
  const args = decodeArguments(command, Deno.args, locating(userFolder(), Deno.cwd()));
  if (E.isLeft(args)) return exitWith(args.left, false);
  const { debug, help } = args.right;
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, (reason) => unhandled(reason, debug));
  }
  const work = (signal: AbortSignal): TaskEither<Failure, void> => async () =>
    help
      ? E.right(console.log(helpOf(command)))
      : await run({ ...args.right, listener: stoppable(terminal, signal) })();
  const [result, stop] = await withSignals((signal) => resultOf(work(signal), debug));
  if (E.isRight(result)) return;
  if (stop !== undefined && result.left.kind === "interrupted") return exitStopped(result.left, stop);
  exitWith(result.left, debug);
};
