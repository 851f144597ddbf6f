// The `lib/….js` paths, because `fp-ts/function` loses its types under Deno.
export { absurd, flow, identity } from "./functions.ts";
export * as E from "npm:fp-ts@2.16.11/lib/Either.js";
export * as TE from "npm:fp-ts@2.16.11/lib/TaskEither.js";
export { type Pipe, pipe } from "./pipe.ts";

// Member for member the types of fp-ts, and so interchangeable with them; its own cannot be documented from here.

/** What may fail: a `Left` that says why, or a `Right` with the value; `_tag` tells which. `Either` of fp-ts.
 * @category Errors */
export type Either<E, A> =
  | { readonly _tag: "Left"; readonly left: E }
  | { readonly _tag: "Right"; readonly right: A };

/** What may fail and takes time: a function that starts when it is called, and never rejects. `TaskEither` of fp-ts.
 * @category Errors */
export type TaskEither<E, A> = () => Promise<Either<E, A>>;

/** A way to join two values of a type, and the value that changes nothing when joined. `Monoid` of fp-ts.
 * @category Errors */
export interface Monoid<A> {
  /** Joins two values. It is associative: how a longer chain is bracketed does not matter. */
  readonly concat: (first: A, second: A) => A;
  /** The unit: joined with any value, on either side, it gives that value. */
  readonly empty: A;
}

export * as t from "npm:io-ts@2.2.22";
