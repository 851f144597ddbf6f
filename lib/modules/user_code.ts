/** Where a user's own code went wrong: its module and line, from what it threw, or from a promise that nobody waits for. */
import { E, type Either } from "../dependencies/fp.ts";
import { fromFileUrl, toFileUrl } from "../dependencies/text.ts";
import { causedBy, type Failure, failure } from "../errors.ts";
import { describeThrown } from "../tensor/layer_error.ts";

/** A frame of a stack as V8 writes it: the module's URL, and the line. */
const frame = /(?:^|[\s(])((?:file|https?|data|blob):\S*?):(\d+):\d+\)?$/;

/** The colours in which Deno writes where a module is that it cannot load. */
const colours = /\p{Cc}\[[0-9;]*m/gu;

/** The folders of this library's modules and of its tasks, and its entry. */
const ownFolders = ["../", "../../tasks/", "../../mod.ts"].map((path) => new URL(path, import.meta.url).href);

/** Whether a module belongs to an npm package, in Deno's cache or in a folder of modules. */
const isPackage = (module: string): boolean =>
  module.includes("/node_modules/") || /\/npm\/[^/]+\/(?:@[^/]+\/)?[^/]+\/\d+\.\d+\.\d+/.test(module);

/** Whether a module, by its URL, is neither of this library nor of a package. */
export const isUsers = (module: string): boolean =>
  !ownFolders.some((folder) => module.startsWith(folder)) && !isPackage(module);

/** A user's module by its URL, and a line of it. */
type Place = readonly [module: string, line: string];

/**
 * Where the user's code threw: the innermost frame that is neither of this library nor of a package. Null if there is none
 * above the module `caller`, which calls the user's: then it is a bug of the library's.
 */
export const placeOf = (reason: unknown, caller?: string): Place | null => {
  const stack = reason instanceof Error ? reason.stack ?? "" : "";
  for (const text of stack.replaceAll(colours, "").split("\n")) {
    const [, module, line] = frame.exec(text) ?? [];
    if (module === undefined || line === undefined) continue;
    if (module === caller) return null;
    if (isUsers(module)) return [module, line];
  }
  return null;
};

/** A place as people name it: a file by its path, as it was given if it is the one at `path`. */
export const describePlace = (path: string, place: Place | null): string => {
  if (place === null) return path;
  const [module, line] = place;
  if (path !== "" && module === toFileUrl(path).href) return `${path}:${line}`;
  return `${module.startsWith("file:") ? fromFileUrl(module) : module}:${line}`;
};

/** Runs with stacks so deep that they show the user's function below those of TensorFlow.js that it calls. */
export const withDeepStacks = <A>(run: () => A): A => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/** The first line of what was thrown, with the operation that threw it, to stand in the middle of a sentence. */
export const firstLine = (reason: unknown): string => describeThrown(reason).replace(/\n.*$/s, "").replace(/\.$/, "");

/** What was thrown or rejected and handled by nobody, at its line; `path` is the file of the user's code that ran, if one did. */
export const floating = (path: string, reason: unknown): Failure =>
  causedBy(reason)(failure(
    "script",
    describePlace(path, placeOf(reason)),
    `what was thrown or rejected and nobody handles: ${firstLine(reason)}`,
    "promises that are awaited, and errors that are caught",
  ));

/** What a user's code does while it runs is asked for now and then. */
export interface Watch {
  /** The failure of the first promise that was rejected and that nobody waits for; nothing wrong otherwise. */
  readonly verdict: () => Either<Failure, void>;
  /** Waits for such a promise, for ever if there is none. */
  readonly rejected: Promise<Either<Failure, never>>;
}

/** Lets the event loop turn once: only then does Deno tell of promises that were rejected before. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Runs with an eye on the promises that a user's code rejects and that nobody waits for, which would end the process. One that
 * comes to light at the end of the run ends it, too.
 *
 * Errors: those of `run`; "script" for such a promise, with its file and, where it tells, its line.
 *
 * @param path The file of the user's code; "" for none, which is not watched.
 */
export const watched = async <A>(
  path: string,
  run: (watch: Watch) => Promise<Either<Failure, A>>,
  free: (made: A) => void = () => {},
): Promise<Either<Failure, A>> => {
  const { promise: rejected, resolve } = Promise.withResolvers<Either<Failure, never>>();
  const found: Either<Failure, never>[] = [];
  const listen = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    const problem = E.left(floating(path, event.reason));
    found.push(problem);
    resolve(problem);
  };
  const verdict = () => found[0] ?? E.right(undefined);
  if (path === "") return await run({ verdict, rejected });
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    const result = await run({ verdict, rejected });
    await turn();
    const [problem] = found;
    if (problem === undefined || E.isLeft(result)) return result;
    free(result.right);
    return problem;
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
};
