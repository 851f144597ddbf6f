import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** Whether a path of a list is absolute, or has a step up: what a list of files below its folder never has. */
export const outside = (path: string): boolean => /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes("..");

/**
 * A path of a list, if it stays below the folder that the list's paths begin at. Links in that folder are its owner's and
 * may lead anywhere.
 *
 * Errors: "data" at `where`, the list and the line, for a path that is {@link outside}.
 */
export const belowRoot = (path: string, where: string): Either<Failure, string> =>
  outside(path) ? E.left(failure("data", where, `the path ${path}`, "a path below the list's folder")) : E.right(path);
