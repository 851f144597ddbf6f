import { orThrow } from "../../lib/errors.ts";
import { importedFiles } from "../../lib/modules/module_files.ts";
import { assertEquals, assertNotEquals } from "../std.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

/** Writes files below a folder, and gives what the first of them imports. */
const importsOf = async (folder: string, files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  return orThrow(await importedFiles(`${folder}/${Object.keys(files)[0]}`)());
};

/** The SHA-256 of a text, by the platform. */
const hash = async (text: string): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();

const files = {
  "losses/own.ts":
    'import { a, type B } from "./a.ts";\nimport data from "../data.json" with { type: "json" };\nimport\n' +
    `  * as cn from "${moduleUrl("mod.ts")}";\nexport { c } from /* ours */ './deep/c.ts';\nexport default a;\n` +
    '// import "./gone.ts";\n',
  "losses/a.ts": "const late = () => import(`./late.js`);\nconst other = await import('./' + late);\n",
  "losses/late.js": 'import "./own.ts"; import "node:fs"; import x from "npm:deno-std@1.4.0"; import "unknown";\n',
  "losses/deep/c.ts": 'export * from "../../up.ts?version=2";\n',
  "up.ts": "export const c = 1;\n",
  "data.json": '{"import": "./other.ts"}',
  "losses/other.ts": "export {};\n",
};

Deno.test("all local files that a module imports are found, by its own imports and theirs, and no others", async () => {
  await withFolder(async (folder) => {
    const found = await importsOf(folder, files);
    assertEquals(Object.keys(found), ["../data.json", "../up.ts", "a.ts", "deep/c.ts", "late.js"]);
    assertEquals(found["../up.ts"], await hash(files["up.ts"]));
  });
});

Deno.test("they are known by what they say, wherever they lie", async () => {
  await withFolder(async (folder) => {
    const here = await importsOf(`${folder}/here`, files);
    assertEquals(await importsOf(`${folder}/there`, files), here);
    const changed = await importsOf(`${folder}/there`, { ...files, "up.ts": "export const c = 2;\n" });
    assertNotEquals(changed["../up.ts"], here["../up.ts"]);
    assertEquals({ ...changed, "../up.ts": "" }, { ...here, "../up.ts": "" });
  });
});

Deno.test("a module that imports only this library is itself alone", async () => {
  await withFolder(async (folder) => {
    assertEquals(await importsOf(folder, { "own.ts": `export { l1 as default } from "${moduleUrl("mod.ts")}";` }), {});
  });
});
