// What tasks use of Deno's standard library.
// @ts-types="../lib/dependencies/std.d.ts"
export { parseArgs } from "@std/cli/parse-args";
