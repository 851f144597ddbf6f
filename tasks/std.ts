// The only file that names Deno's standard library, so that its types are declared once (see std.d.ts).
// @ts-types="./std.d.ts"
export { parseArgs } from "@std/cli/parse-args";
// @ts-types="./std.d.ts"
export { parse as parseJsonc } from "@std/jsonc";
// @ts-types="./std.d.ts"
export { basename, dirname, extname, fromFileUrl, join, resolve, toFileUrl } from "@std/path";
// @ts-types="./std.d.ts"
export {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
