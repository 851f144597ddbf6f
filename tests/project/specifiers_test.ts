import { assert, assertEquals, fromFileUrl, join } from "../std.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** Every TypeScript file below a folder, as a path from the root. */
const sources = (folder: string): readonly string[] =>
  [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : name.endsWith(".ts") ? [`${folder}/${name}`] : []
  );

const textOf = (path: string): string => Deno.readTextFileSync(join(root, path));

/** What a file imports or exports from, in the order of its lines. */
const specifiersOf = (path: string): readonly string[] =>
  [...textOf(path).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, specifier = ""]) => specifier);

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

/** The rooms of the house in the order in which they stand; a file imports only from its own and those before. */
const rooms = [
  "dependencies",
  "errors.ts",
  "tensor",
  "formats",
  "backend",
  "nn",
  "cliffnet",
  "embedding",
  "weights",
  "loss",
  "optim",
  "data",
  "metrics",
  "pictures",
  "train",
  "config",
  "workers",
];

Deno.test("imports point to earlier rooms of the house only", () => {
  for (const path of sources("lib")) {
    const place = rooms.indexOf(path.split("/")[1] ?? "");
    assert(place >= 0, `${path} is in no room`);
    for (const specifier of specifiersOf(path).filter((each) => each.startsWith("."))) {
      const target = new URL(specifier, `file:///${path}`).pathname.split("/")[2] ?? "";
      assert(rooms.indexOf(target) <= place, `${path} imports from ${target}`);
    }
  }
});
