// What tests use of Deno's standard library, and how they name paths.
// @ts-types="../lib/dependencies/std.d.ts"
export {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
export { parseJsonc } from "../lib/dependencies/text.ts";
export { basename, dirname, extname, fromFileUrl, join, resolve, toFileUrl } from "../lib/dependencies/text.ts";
