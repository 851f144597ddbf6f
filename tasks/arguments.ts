import { E, type Either, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { isAbsolute, relative, resolve } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Listener } from "../lib/train/listener.ts";
import { isUrl } from "../lib/formats/byte_source.ts";
import { parseArgs } from "./std.ts";

/** A flag of a task. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** What stands for its value in the help; absent for a switch, which has none. */
  readonly value?: string;
  readonly help: string;
  /** The values that it may have, if they are few. */
  readonly allowed?: readonly string[];
  /** Whether its value is a path, or the path in NAME=FILE: it begins where the user stands. */
  readonly path?: "whole" | "after =";
  /** Whether it may be given several times. */
  readonly repeated?: boolean;
}

/** A task's command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What follows the flags, such as IMAGE…; absent if nothing may. */
  readonly operands?: string;
  /** Whether the operands are paths, which begin where the user stands; this may depend on flags that are given. */
  readonly operandsArePaths?: boolean | ((args: CommandLine) => boolean);
}

/** A decoded command line. */
export interface CommandLine {
  readonly help: boolean;
  /** Whether the stack of what went wrong is wanted. */
  readonly debug: boolean;
  /** The value of a flag, if it was given. */
  readonly flag: (name: string) => string | undefined;
  /** All values of a flag that may be repeated. */
  readonly flags: (name: string) => readonly string[];
  /** Whether a switch was given. */
  readonly switched: (name: string) => boolean;
  readonly operands: readonly string[];
}

/** What a task is run with. */
export interface Arguments extends CommandLine {
  /** Told how its work is doing; ends it when somebody stops the task. */
  readonly listener: Listener;
}

/** The flags of every task. */
export const commonFlags: readonly Flag[] = [
  { name: "config", value: "FILE", path: "whole", help: "the configuration, JSON with comments" },
  {
    name: "backend",
    value: "NAME",
    help: "auto (WebGPU on a real adapter, else wasm), webgpu or wasm",
    allowed: ["auto", "webgpu", "wasm"],
  },
  {
    name: "kernels",
    value: "WHOSE",
    help: "own, or stock: TensorFlow.js's, for comparison",
    allowed: ["own", "stock"],
  },
  { name: "workers", value: "N", help: "workers that read the data, one less than processors by default; 0 for none" },
  { name: "set", value: "FIELD=VALUE", help: "overrides a field, as in --set optim.lr=3e-4", repeated: true },
];

/** The flag of tasks that train into a folder. */
export const freshFlag: Flag = {
  name: "fresh",
  help: "moves a training that lies in --out aside, to DIR.1 or the next",
};

/** The help of a task, as it is printed. */
export const helpOf = ({ name, summary, flags, operands }: Command): string => {
  const rows = [
    ...flags.map((flag) => [[`--${flag.name}`, flag.value].join(" ").trimEnd(), flag.help]),
    ["--debug", "adds the stack to an error"],
    ["--help", "this text"],
  ];
  const width = Math.max(...rows.map(([left = ""]) => left.length)) + 2;
  const lines = rows.map(([left = "", right = ""]) => `  ${left.padEnd(width)}${right}`);
  return [`deno task ${name} [FLAGS]${operands === undefined ? "" : ` ${operands}`}`, "", summary, "", ...lines].join(
    "\n",
  );
};

const usage = (where: string, found: string, expected: string, { name }: Command): Failure =>
  failure("usage", where, found, expected, `See deno task ${name} --help.`);

const valuesOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => each === undefined ? [] : [String(each)]);

const checkFlag = (command: Command, flag: Flag, values: readonly string[]): Either<Failure, void> => {
  const where = `--${flag.name}`;
  if (values.includes("")) return E.left(usage(where, "no value", flag.value ?? "", command));
  const strange = values.find((value) => flag.allowed !== undefined && !flag.allowed.includes(value));
  return strange === undefined
    ? E.right(undefined)
    : E.left(usage(where, `"${strange}"`, `one of ${flag.allowed?.join(", ")}`, command));
};

/** Where a typed path leads, as the program has to ask for it. */
export type Locate = (typed: string) => string;

/**
 * Where typed paths lead if the user stands in one folder and the program in another, as `deno task` has it, which runs in
 * the project's: below the program's folder relative to it, else from the root on. Addresses stay as they are.
 */
export const locating = (user: string, program: string): Locate => (typed) => {
  if (user === program || typed === "" || isUrl(typed) || isAbsolute(typed)) return typed;
  const whole = resolve(user, typed);
  const below = relative(program, whole);
  if (below === "") return ".";
  return isAbsolute(below) || below.split(/[/\\]/)[0] === ".." ? whole : below;
};

const locatedValue = ({ path }: Flag, value: string, locate: Locate): string => {
  if (path === undefined) return value;
  const [name = "", ...rest] = path === "after =" ? value.split("=") : [];
  return rest.length === 0 ? path === "whole" ? locate(value) : value : `${name}=${locate(rest.join("="))}`;
};

const locatedOperands = ({ operandsArePaths = false }: Command, args: CommandLine, locate: Locate): CommandLine => {
  const paths = typeof operandsArePaths === "boolean" ? operandsArePaths : operandsArePaths(args);
  return paths ? { ...args, operands: args.operands.map(locate) } : args;
};

/**
 * Decodes a command line.
 *
 * Errors: "usage", naming the flag or value and what is allowed.
 *
 * @param locate Where typed paths lead; as they are by default.
 */
export const decodeArguments = (
  command: Command,
  args: readonly string[],
  locate: Locate = (typed) => typed,
): Either<Failure, CommandLine> => {
  const known = command.flags.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const switches = command.flags.filter(({ value }) => value === undefined).map(({ name }) => name);
  const strangers: string[] = [];
  const parsed = parseArgs(args, {
    string: [...known, "_"],
    boolean: ["help", "debug", ...switches],
    collect: known,
    unknown: (argument, key) => {
      if (key === undefined) return true;
      strangers.push(argument);
      return false;
    },
  });
  const operands = parsed._.map(String);
  const allowed = [...known, ...switches, "debug", "help"].map((name) => `--${name}`).join(", ");
  const [stranger] = strangers;
  if (stranger !== undefined) return E.left(usage(stranger, "an unknown flag", `one of ${allowed}`, command));
  if (operands.length > 0 && command.operands === undefined) {
    return E.left(usage(`"${operands[0]}"`, "a value without a flag", `flags: ${allowed}`, command));
  }
  for (const flag of command.flags.filter(({ value }) => value !== undefined)) {
    const values = valuesOf(parsed[flag.name]);
    const checked = checkFlag(command, flag, values);
    if (E.isLeft(checked)) return checked;
    if (values.length > 1 && flag.repeated !== true) {
      return E.left(usage(`--${flag.name}`, `${values.length} values`, "one", command));
    }
  }
  const flags = (name: string): readonly string[] => {
    const flag = command.flags.find((each) => each.name === name);
    return valuesOf(parsed[name]).map((value) => flag === undefined ? value : locatedValue(flag, value, locate));
  };
  const line: CommandLine = {
    help: parsed.help === true,
    debug: parsed.debug === true,
    flag: (name) => flags(name)[0],
    flags,
    switched: (name) => parsed[name] === true,
    operands,
  };
  return E.right(locatedOperands(command, line, locate));
};

/** The number above 0 of a flag, if it was given. Errors: "usage". */
export const numberOf = (args: Arguments, name: string): Either<Failure, number | undefined> => {
  const given = args.flag(name);
  if (given === undefined) return E.right(undefined);
  const value = Number(given);
  return value > 0 && Number.isFinite(value)
    ? E.right(value)
    : E.left(failure("usage", `--${name}`, `"${given}"`, "a number above 0"));
};

/** Writes what a flag names, if it was given. */
export const unlessAbsent = (
  file: string | undefined,
  write: (path: string) => TaskEither<Failure, void>,
): TaskEither<Failure, void> => file === undefined ? TE.right(undefined) : write(file);
