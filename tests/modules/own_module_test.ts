// A module of one's own is known by what it and its files say, loaded by its path, and told of at its line.
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, FailureError, orThrow } from "../../lib/errors.ts";
import { moduleHash } from "../../lib/modules/module_files.ts";
import { checkHash, guardedPromise, isOwnModule, loadModule } from "../../lib/modules/own_module.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";
import { helperText, ownFiles, writeFiles } from "./support.ts";

const hashAt = async (folder: string, files: Readonly<Record<string, string>>): Promise<string> => {
  await writeFiles(folder, files);
  return orThrow(await moduleHash(`${folder}/network.ts`)());
};

Deno.test("the hash of a module is of its text and of its files' texts, wherever they lie", async () => {
  await withFolder(async (folder) => {
    const here = await hashAt(`${folder}/here`, ownFiles);
    assert(/^[0-9a-f]{64}$/.test(here), here);
    assertEquals(await hashAt(`${folder}/far/away`, ownFiles), here);
    const texts = [
      { "network.ts": `${ownFiles["network.ts"]}// changed\n` },
      { "helper.ts": helperText(2) },
      { "helper.ts": `export { scale } from "./deeper.ts";\n`, "deeper.ts": helperText(1) },
      { "helper.ts": `export { scale } from "./deeper.ts";\n`, "deeper.ts": helperText(2) },
    ];
    const hashes: string[] = [here];
    for (const [at, text] of texts.entries()) hashes.push(await hashAt(`${folder}/${at}`, { ...ownFiles, ...text }));
    assertEquals(new Set(hashes).size, hashes.length, "two texts have one hash");
    assertNotEquals(await hashAt(`${folder}/here`, { "helper.ts": helperText(3) }), here);
    const missing = await moduleHash(`${folder}/none.ts`)();
    assertEquals(E.isLeft(missing) && missing.left.kind, "missing");
  });
});

Deno.test("a module is the one that is wanted by its hash; where none is known, any is", () => {
  const loaded = { path: "mine.ts", hash: "0123456789abcdef" };
  assertEquals(checkHash(loaded, loaded.hash, "a.safetensors"), E.right(undefined));
  assertEquals(checkHash(loaded, undefined, "a.safetensors"), E.right(undefined));
  const other = checkHash(loaded, "fedcba9876543210", "a.safetensors");
  assert(E.isLeft(other));
  assertEquals(other.left.kind, "checkpoint");
  for (const part of ["mine.ts", "a.safetensors", "0123456789ab…", "fedcba987654…"]) {
    assertStringIncludes(describe(other.left), part);
  }
});

const loadNetwork = async (folder: string, name: string, text: string): Promise<Either<Failure, unknown>> => {
  await writeFiles(folder, { [name]: text });
  return await loadModule(`${folder}/${name}`, isOwnModule("network"), "a network")();
};

Deno.test("another default export, and a module that cannot be loaded, are told by the file", async () => {
  await withFolder(async (folder) => {
    const makeData = `import { dataModule } from "${moduleUrl("lib/data/data_module.ts")}";\n`;
    const refused = [
      ["none.ts", "export const network = 1;", "script", "none.ts", "no default export"],
      ["function.ts", "export default () => 1;", "script", "function.ts", "of type function"],
      ["null.ts", "export default null;", "script", "null.ts", "a default export of type"],
      ["data.ts", `${makeData}export default dataModule({}, () => {});`, "script", "data.ts", "made by dataModule"],
      ["fake.ts", 'export default { module: "network" };', "script", "fake.ts", "networkModule"],
      ["throws.ts", "\nthrow new Error('not today');", "file", "throws.ts:2", "not today"],
      ["syntax.ts", "export default (", "file", "syntax.ts", ""],
    ] as const;
    for (const [name, text, kind, where, says] of refused) {
      const result = await loadNetwork(folder, name, text);
      assert(E.isLeft(result), name);
      assertEquals(result.left.kind, kind, name);
      assertStringIncludes(result.left.where, `${folder}/${where}`);
      assertStringIncludes(result.left.found, says);
    }
  });
});

Deno.test("what a module throws is told as it is, and a bug of the library's stays one", async () => {
  const thrownBy = (run: () => Promise<unknown>) =>
    guardedPromise("mine.ts", "no error", run).catch((reason) => reason);
  const text = await thrownBy(() => Promise.reject("a text"));
  assert(text instanceof FailureError);
  assertEquals([text.failure.kind, text.failure.where, text.failure.found], ["script", "mine.ts", "a text"]);
  // Of no file that is the user's: a stack that holds only frames of the library.
  const bug = new TypeError("a bug");
  bug.stack = `TypeError: a bug\n    at ${moduleUrl("lib/modules/own_module.ts")}:3:1`;
  assertEquals(await thrownBy(() => Promise.reject(bug)), bug);
});
