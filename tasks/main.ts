import process from "node:process";
import type { TaskEither } from "../lib/dependencies/fp.ts";
import { describe, type Failure, FailureError, printable, reasonText } from "../lib/errors.ts";
import { floating, placeOf } from "../lib/experiment/user_code.ts";
import { type Arguments, type Command, decodeArguments, helpOf } from "./arguments.ts";

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

/** A bug in a task: still one line, with what is needed to report it. */
const unexpected = (reason: unknown, debug: boolean): never => {
  if (reason instanceof FailureError) return exitWith(reason.failure, debug);
  const advice = debug ? "" : " and what --debug adds to it";
  console.error(
    `error: a bug in this program: ${
      printable(reasonText(reason))
    }. Please report it with the command that you ran${advice}.`,
  );
  if (debug) console.error(stackOf(reason));
  Deno.exit(1);
};

/** What nobody handled: a promise that was rejected, or what a timer threw. A user's own module is named with its line. */
const unhandled = (reason: unknown, debug: boolean): never => {
  return placeOf(reason) === null ? unexpected(reason, debug) : exitWith(floating("", reason), debug);
};

/** Decodes the command line, runs the task, and ends with exit status 0, 1, or 2 for a wrong command line. */
export const main = async (command: Command, run: (args: Arguments) => TaskEither<Failure, void>): Promise<void> => {
  const args = decodeArguments(command, Deno.args);
  if (args._tag === "Left") return exitWith(args.left, false);
  if (args.right.help) return console.log(helpOf(command));
  const { debug } = args.right;
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, (reason) => unhandled(reason, debug));
  }
  const result = await run(args.right)().catch((reason) => unexpected(reason, debug));
  if (result._tag === "Left") exitWith(result.left, debug);
};
