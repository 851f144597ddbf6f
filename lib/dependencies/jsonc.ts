// @ts-types="./jsonc.d.ts"
export { parse as parseJsonc } from "npm:deno-std@1.4.0/jsonc/mod.js";
