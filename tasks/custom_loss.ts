import { E, type Either, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../lib/errors.ts";
import type { Loss } from "../lib/loss/loss.ts";
import { named, type Objective } from "../lib/loss/objective.ts";
import { resolve, toFileUrl } from "./std.ts";

const isTerms = (value: unknown): value is Objective =>
  Array.isArray(value) && value.length > 0 &&
  value.every((term) =>
    typeof term === "object" && term !== null && typeof term.name === "string" && typeof term.weight === "function" &&
    typeof term.loss === "function"
  );

const isLoss = (value: unknown): value is Loss => typeof value === "function";

const objectiveFrom = (path: string, exported: unknown): Either<Failure, Objective> => {
  if (isTerms(exported)) return E.right(exported);
  if (isLoss(exported)) return E.right(named("custom", exported));
  return E.left(
    failure(
      "configuration",
      path,
      `a default export of type ${exported === undefined ? "nothing" : typeof exported}`,
      "a loss, (target, prediction, mask) => scalar, or an objective made of such by named, scale, warmup and sum",
    ),
  );
};

/**
 * The user's own loss: the default export of a module, a loss or an objective.
 *
 * Errors: "file" if the module cannot be loaded, "configuration" if it exports something else.
 */
export const loadLoss = (path: string): TaskEither<Failure, Objective> =>
  TE.chainEitherK((module: { readonly default?: unknown }) => objectiveFrom(path, module.default))(
    TE.tryCatch(
      async (): Promise<{ readonly default?: unknown }> => await import(toFileUrl(resolve(path)).href),
      (reason) => failure("file", path, reasonText(reason).split("\n")[0] ?? "", "a TypeScript module that loads"),
    ),
  );
