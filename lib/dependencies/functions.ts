// The `lib/….js` paths, because `fp-ts/function` loses its types under Deno.
export { absurd, flow, identity, pipe } from "npm:fp-ts@2.16.11/lib/function.js";
