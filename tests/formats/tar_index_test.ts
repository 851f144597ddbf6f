import fc from "fast-check";
import { packTar } from "../../lib/dependencies/codecs.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { indexTar } from "../../lib/formats/tar_index.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const archiveOf = (files: readonly (readonly [string, string])[]): Promise<Uint8Array> =>
  packTar(files.map(([name, body]) => ({ header: { name, size: body.length, type: "file" }, body })));

const index = async (bytes: Uint8Array) => await indexTar(sourceOfBytes("a.tar", bytes))();

Deno.test("every file is found where it lies, however long its name", async () => {
  const names = ["a.png", `${"deep/".repeat(25)}b.json`, `${"x".repeat(200)}.txt`, "ü/é.png"];
  const bytes = await archiveOf(names.map((name, at) => [name, "12345".repeat(at * 200)]));
  const members = orThrow(await index(bytes));
  assertEquals(members.map(({ name }) => name), names);
  for (const [at, { offset, size }] of members.entries()) {
    assertEquals(new TextDecoder().decode(bytes.subarray(offset, offset + size)), "12345".repeat(at * 200));
  }
});

Deno.test("folders are left out, and archives by the system's tar are read", async () => {
  const folder = { header: { name: "folder/", size: 0, type: "directory" as const } };
  const file = { header: { name: "folder/a", size: 1, type: "file" as const }, body: "a" };
  assertEquals(orThrow(await index(await packTar([folder, file]))).map(({ name }) => name), ["folder/a"]);
});

Deno.test("an archive that is cut off, or is none, is refused by the byte where it ends", async () => {
  const bytes = await archiveOf([["a", "1".repeat(1000)], ["b", "2"]]);
  for (const [length, found] of [[1024, "beyond the end"], [2000, "a.tar"], [1536, "no end of the archive"]] as const) {
    const result = await index(bytes.subarray(0, length));
    assert(E.isLeft(result));
    assertStringIncludes(`${result.left.where}: ${result.left.found}`, found);
  }
  const other = await index(new TextEncoder().encode("no archive ".repeat(100)));
  assert(E.isLeft(other));
  assertStringIncludes(other.left.found, "checksum");
});

Deno.test("changed bytes give members inside the archive or a failure, and never an endless walk", async () => {
  const bytes = await archiveOf([["a.png", "1".repeat(700)], ["a.json", "{}"], ["b.png", "3"]]);
  await fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
    fc.nat(bytes.length),
    async (changes, length) => {
      const changed = bytes.slice();
      changes.forEach(([at, value]) => changed[at] = value);
      const result = await index(changed.subarray(0, length));
      if (E.isRight(result)) {
        assert(result.right.every(({ offset, size }) => size >= 0 && offset + size <= length));
      }
    },
  ));
});
