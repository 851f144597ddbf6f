import { assert, assertEquals } from "../std.ts";
import { ownImports, resolved, sources, specifiersOf, textOf } from "./sources.ts";

/** The rooms of the house in the order in which they stand; a file imports only from its own and those before. */
const rooms = [
  "dependencies",
  "errors.ts",
  "tensor",
  "formats",
  "modules",
  "backend",
  "scenes",
  "data",
  "nn",
  "cliffnet",
  "optim",
  "embedding",
  "weights",
  "loss",
  "metrics",
  "pictures",
  "train",
  "experiment",
];

const roomOf = (path: string): number => rooms.indexOf(path.split("/")[1] ?? "");

Deno.test("imports point to earlier rooms of the house only", () => {
  for (const path of sources("lib")) {
    assert(roomOf(path) >= 0, `${path} is in no room`);
    // An entry gathers what belongs together for a user, wherever it lies.
    if (path.endsWith("/mod.ts")) continue;
    for (const specifier of specifiersOf(path).filter((each) => each.startsWith("."))) {
      const target = resolved(path, specifier);
      assert(target.startsWith("lib/") && roomOf(target) <= roomOf(path), `${path} imports ${target}`);
    }
  }
});

Deno.test("the modules of entries are for users: no file of the library imports one", () => {
  for (const path of [...sources("lib"), ...sources("tasks")]) {
    assertEquals(ownImports(path, true).filter((target) => target.endsWith("mod.ts")), [], path);
  }
});

Deno.test("WebGPU and wasm know nothing of each other", () => {
  for (const [own, other] of [["wasm", "webgpu"], ["webgpu", "wasm"]]) {
    for (const path of sources(`lib/backend/${own}`)) {
      const strangers = specifiersOf(path).filter((each) =>
        each.includes(`/${other}/`) || each.endsWith(`/${other}.ts`)
      );
      assertEquals(strangers, [], path);
    }
  }
});

Deno.test("a file of the library has at most 260 lines", () => {
  const long = sources("lib").filter((path) => textOf(path).split("\n").length - 1 > 260);
  assertEquals(long, []);
});

Deno.test("the library prints nothing", () => {
  for (const path of sources("lib")) {
    assertEquals(textOf(path).match(/\bconsole\.\w+/g) ?? [], [], path);
  }
});
