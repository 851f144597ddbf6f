import { assert, assertEquals } from "../std.ts";
import { root, textOf } from "./sources.ts";

const { name, exports }: { readonly name: string; readonly exports: Readonly<Record<string, string>> } = JSON.parse(
  textOf("deno.json"),
);

const entries = Object.entries(exports).map(([entry, path]) => ({
  entry: entry === "." ? name : `${name}${entry.slice(1)}`,
  path: path.slice(2),
}));

/** The example in the doc of a module. */
const exampleIn = (path: string): string => {
  const doc = textOf(path).split("*/")[0] ?? "";
  const code = /```ts\n([\s\S]*?)```/.exec(doc)?.[1];
  assert(code !== undefined && doc.includes("@module"), `${path} has no module doc with an example`);
  return code.replace(/^ \* ?/gm, "");
};

Deno.test("there is an entry for each part of the library, and mod.ts", () => {
  assertEquals(entries.length, 16);
});

for (const { entry, path } of entries) {
  Deno.test(`${entry} can be imported on demand: it is a module and no thenable`, async () => {
    const module: Readonly<Record<string, unknown>> = await import(`../../${path}`);
    assert(Object.keys(module).length > 0);
    assert(!("then" in module));
  });

  Deno.test(`the example in the doc of ${entry} runs`, async () => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    const urlOf = (specifier: string): string =>
      new URL(entries.find((each) => each.entry === specifier)?.path ?? "", `file://${root}`).href;
    const code = exampleIn(path).replace(/from "(@cliffnet[^"]*)"/g, (_, specifier) => `from "${urlOf(specifier)}"`);
    await Deno.writeTextFile(file, `${code}\nexport {};\n`);
    await import(`file://${file}`).finally(() => Deno.remove(file));
  });
}

Deno.test("mod.ts can be held in one view: at most 150 values", async () => {
  const module: Readonly<Record<string, unknown>> = await import("../../mod.ts");
  assert(Object.keys(module).length <= 150, `${Object.keys(module).length} values`);
  for (const needed of ["tf", "openDevice", "orThrow", "keyOf"]) assert(needed in module, needed);
});

Deno.test("what two entries call by one name is one thing", async () => {
  const meanings = new Map<string, unknown>();
  for (const { path } of entries) {
    const module: Readonly<Record<string, unknown>> = await import(`../../${path}`);
    for (const [exported, value] of Object.entries(module)) {
      const known = meanings.get(exported);
      assert(known === undefined || known === value, `${exported} of ${path} is another thing elsewhere`);
      meanings.set(exported, value);
    }
  }
});
