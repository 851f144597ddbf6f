// The build for browsers, because the one for Node asks for the environment. The types are of the part that is used.
// @ts-types="./h5wasm.d.ts"
export { ready } from "npm:h5wasm@0.10.3";
