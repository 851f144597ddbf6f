/**
 * A module of the user's whose default export a configuration gives options: it says which fields these have and what it
 * makes of them. It is loaded by its path, known again by its hash, and what it throws is told at its line.
 */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { toFileUrl } from "../dependencies/text.ts";
import { causedBy, type Failure, failure, FailureError } from "../errors.ts";
import { codecOf, decodeWith } from "../formats/field_codecs.ts";
import type { Fields, ValuesOf } from "../formats/fields.ts";
import type { JsonObject } from "../formats/json.ts";
import { LayerError } from "../tensor/layer_error.ts";
import { moduleHash } from "./module_files.ts";
import { describePlace, firstLine, placeOf, withDeepStacks } from "./user_code.ts";

/** What a module exports: of which kind it is, and what it makes of options.
 * @category Experiments */
export interface OwnModule<K extends string, A> {
  /** Tells what the module is for. */
  readonly module: K;
  /** The fields of its options, each with its range, its default and its description. */
  readonly options: Fields;
  /** What it makes of options. Errors: "configuration", naming `where` and the field. */
  readonly make: (where: string, options: JsonObject) => Either<Failure, A>;
}

/** The default export of a module of a kind. */
export const ownModule = <const K extends string, const F extends Fields, A>(
  module: K,
  options: F,
  make: (values: ValuesOf<F>) => A,
): OwnModule<K, A> => ({
  module,
  options,
  make: (where, given) => pipe(decodeWith(codecOf(options), where, given), E.map(make)),
});

/** A module that was loaded. */
export interface Loaded<M> {
  /** Its file. */
  readonly path: string;
  /** The SHA-256 of it and of the local files that it imports, in hexadecimal. */
  readonly hash: string;
  /** What it exports. */
  readonly exported: M;
}

/** How it is told what a user's code threw: where, and what. */
export type Tell = (where: string, found: string) => Failure;

const expecting = (expected: string): Tell => (where, found) => failure("script", where, found, expected);

/**
 * What the user's code threw as a failure at its line; null for a bug of the library or of a package.
 *
 * @param caller The module that calls the user's code: what is below it in a stack is not the user's fault.
 */
export const thrownIn = (path: string, tell: Tell, reason: unknown, caller = import.meta.url): Failure | null => {
  if (reason instanceof FailureError) return reason.failure;
  const place = placeOf(reason, caller);
  if (place === null && reason instanceof Error && !(reason instanceof LayerError)) return null;
  return pipe(tell(describePlace(path, place), firstLine(reason)), causedBy(reason));
};

const thrownOn = (path: string, tell: Tell, reason: unknown): unknown => {
  const problem = thrownIn(path, tell, reason);
  return problem === null ? reason : new FailureError(problem);
};

/**
 * What `run`, which calls the user's code, gives. @throws FailureError, as it is told, that names the line where that code throws,
 * and all else that is thrown as it is.
 */
export const guardedBy = <A>(path: string, tell: Tell, run: () => A): A =>
  withDeepStacks(() => {
    try {
      return run();
    } catch (reason) {
      throw thrownOn(path, tell, reason);
    }
  });

/** {@link guardedBy}, of kind "script". */
export const guarded = <A>(path: string, expected: string, run: () => A): A =>
  guardedBy(path, expecting(expected), run);

/** {@link guarded} of what gives a promise, and of that promise. */
export const guardedPromise = async <A>(path: string, expected: string, run: () => Promise<A> | A): Promise<A> => {
  try {
    return await guarded(path, expected, run);
  } catch (reason) {
    throw thrownOn(path, expecting(expected), reason);
  }
};

type Module = { readonly default?: unknown };

/** Imports a module of the user's. Errors: "file", naming its line, if it cannot be loaded. */
export const importModule = (path: string): TaskEither<Failure, Module> =>
  TE.tryCatch(
    async (): Promise<Module> => await import(toFileUrl(path).href),
    (reason) => {
      const where = describePlace(path, placeOf(reason));
      return pipe(failure("file", where, firstLine(reason), "a TypeScript module that loads"), causedBy(reason));
    },
  );

const describeExport = (exported: unknown): string => {
  const { module }: { readonly module?: unknown } = Object(exported);
  if (exported === undefined) return "no default export";
  return typeof module === "string"
    ? `one made by ${module}Module as its default export`
    : `a default export of type ${typeof exported}`;
};

/**
 * Loads a module of the user's. It runs code: only what a user has named may be given to it, never what a checkpoint names.
 *
 * Errors: "missing" and "file" for one that is not there or cannot be loaded; "script" for another default export.
 */
export const loadModule = <M>(
  path: string,
  is: (exported: unknown) => exported is M,
  expected: string,
): TaskEither<Failure, Loaded<M>> =>
  pipe(
    moduleHash(path),
    TE.chain((hash) =>
      pipe(
        importModule(path),
        TE.chainEitherK(({ default: exported }): Either<Failure, Loaded<M>> =>
          is(exported) ? E.right({ path, hash, exported }) : E.left(
            failure(
              "script",
              path,
              describeExport(exported),
              expected,
            ),
          )
        ),
      )
    ),
  );

/** Whether a default export is of a kind, which alone tells what it makes. */
export const isOwnModule = <K extends string, A>(kind: K) => (exported: unknown): exported is OwnModule<K, A> => {
  const { module, make }: { readonly module?: unknown; readonly make?: unknown } = Object(exported);
  return module === kind && typeof make === "function";
};

/** Whether a module is the one that is wanted. Errors: "checkpoint", naming both by the beginnings of their hashes. */
export const checkHash = (
  { path, hash }: Pick<Loaded<unknown>, "path" | "hash">,
  wanted: string | undefined,
  checkpoint: string,
): Either<Failure, void> =>
  wanted === undefined || wanted === hash ? E.right(undefined) : E.left(
    failure(
      "checkpoint",
      path,
      `another module (SHA-256 ${hash.slice(0, 12)}…) than ${checkpoint} was trained with (${wanted.slice(0, 12)}…)`,
      "the same text, and the same texts of the local files that it imports",
      "Bring the files back to what they were then, or train with them as they are now.",
    ),
  );
