import { assert, assertEquals } from "../std.ts";
import { sources, specifiersOf, textOf } from "./sources.ts";

const packageOf = (specifier: string): string => specifier.match(/^npm:(@[^/]+\/[^@/]+|[^@/]+)@/)?.[1] ?? "";
const pinned = (specifier: string): string => specifier.match(/^npm:(?:@[^/]+\/)?[^@/]+@[^/]+/)?.[0] ?? "";

Deno.test("the library names npm packages only in lib/dependencies, so that it can be imported by URL", () => {
  for (const path of sources("lib")) {
    const outside = specifiersOf(path).filter((specifier) => !specifier.startsWith("."));
    const allowed = path.startsWith("lib/dependencies/") ? /^(npm:|node:)/ : /^\b$/;
    assertEquals(outside.filter((specifier) => !allowed.test(specifier)), [], path);
  }
});

Deno.test("lib/dependencies and deno.json pin the same versions", () => {
  const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(textOf("deno.json"));
  const versions = new Map(Object.values(imports).map((specifier) => [packageOf(specifier), pinned(specifier)]));
  const used = sources("lib/dependencies").flatMap(specifiersOf).filter((specifier) => specifier.startsWith("npm:"));
  assert(used.length > 5);
  for (const specifier of used) {
    assertEquals(versions.get(packageOf(specifier)), pinned(specifier), `deno.json's imports and ${specifier}`);
  }
});
