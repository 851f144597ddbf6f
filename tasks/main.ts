import type { Either, TaskEither } from "../lib/dependencies/fp.ts";
import { describe, type Failure, FailureError, reasonText } from "../lib/errors.ts";
import { type Arguments, type Command, decodeArguments, helpOf } from "./arguments.ts";

const exitWith = (problem: Failure): never => {
  console.error(`error: ${describe(problem)}`);
  Deno.exit(problem.kind === "usage" ? 2 : 1);
};

/** A bug in a task: still one line, with what is needed to report it. */
const unexpected = (reason: unknown): never => {
  if (reason instanceof FailureError) return exitWith(reason.failure);
  console.error(`error: a bug in this program: ${reasonText(reason)}. Please report it with the command that you ran.`);
  Deno.exit(1);
};

/** Decodes the command line, runs the task, and ends with exit status 0, 1, or 2 for a wrong command line. */
export const main = async (command: Command, run: (args: Arguments) => TaskEither<Failure, void>): Promise<void> => {
  const args: Either<Failure, Arguments> = decodeArguments(command, Deno.args);
  if (args._tag === "Left") return exitWith(args.left);
  if (args.right.help) return console.log(helpOf(command));
  const result = await run(args.right)().catch(unexpected);
  if (result._tag === "Left") exitWith(result.left);
};
