export { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";

// JSON in which comments and trailing commas are allowed.
// @ts-types="./std.d.ts"
export { parse as parseJsonc } from "npm:deno-std@1.4.0/jsonc/mod.js";
