// The `lib/….js` paths, because `fp-ts/function` loses its types under Deno.
export { absurd, flow, identity, pipe } from "npm:fp-ts@2.16.11/lib/function.js";
export * as E from "npm:fp-ts@2.16.11/lib/Either.js";
export * as TE from "npm:fp-ts@2.16.11/lib/TaskEither.js";
export type { Either } from "npm:fp-ts@2.16.11/lib/Either.js";
export type { TaskEither } from "npm:fp-ts@2.16.11/lib/TaskEither.js";
export type { Monoid } from "npm:fp-ts@2.16.11/lib/Monoid.js";
