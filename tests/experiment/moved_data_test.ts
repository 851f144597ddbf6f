// What a network was trained on is not tested only because it lies elsewhere now.
import { namesDigest } from "../../lib/data/names.ts";
import { openDataset } from "../../lib/data/open_dataset.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { DataConfiguration } from "../../lib/experiment/configuration.ts";
import { dividedAsTrained } from "../../lib/experiment/moved_data.ts";
import { orThrow } from "../../lib/errors.ts";
import { withTree } from "../data/layout_support.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";

const filesIn = (folder: string, fields: Readonly<Record<string, unknown>> = {}): DataConfiguration =>
  orThrow(decodeConfiguration("a test", { data: { kind: "files", folder, ...fields } })).data;

const list = (...names: readonly string[]): string => names.map((name) => `${name}.png d.png 500\n`).join("");

/** What becomes of data that are all to be tested, and what is said. */
const divided = async (trained: DataConfiguration, folder: string, samples?: string) => {
  const said: string[] = [];
  const seen = { data: filesIn(folder), purpose: "evaluation" } as const;
  const listener = { message: (line: string) => said.push(line) };
  return { seen: orThrow(await dividedAsTrained({ trained, samples }, seen, listener)()), said };
};

Deno.test("samples with the names of the training's are held out as they were, and it is said", async () => {
  const tree = {
    "a/all.txt": list("1", "2", "3", "4"),
    "b/all.txt": list("1", "2", "3", "4"),
    "c/all.txt": list("1", "5"),
  };
  await withTree(tree, async (folder) => {
    const trained = filesIn(`${folder}/a`, { testShare: 0.5 });
    const digest = await namesDigest(orThrow(await openDataset(trained)()));
    const { seen: { data, purpose }, said: [said = "", ...more] } = await divided(trained, `${folder}/b`, digest);
    assertEquals([data, purpose, more], [filesIn(`${folder}/b`, { testShare: 0.5 }), undefined, []]);
    for (const part of [`${folder}/b`, "held out", "data.testShare=1"]) assertStringIncludes(said, part);
    for (const [other, known] of [["c", digest], ["b", undefined], ["none", digest]] as const) {
      const { seen, said } = await divided(trained, `${folder}/${other}`, known);
      assertEquals([seen.data, seen.purpose, said], [filesIn(`${folder}/${other}`), "evaluation", []], other);
    }
  });
});

Deno.test("a folder that lies in the training's, or holds it, is said to", async () => {
  await withTree({ "a/s/all.txt": list("1", "2"), "a/all.txt": list("3"), "as/all.txt": list("4") }, async (folder) => {
    const said = async (trained: string, seen: string) =>
      (await divided(filesIn(`${folder}/${trained}`), `${folder}/${seen}`)).said.length;
    assertEquals([await said("a", "a/s"), await said("a/s", "a"), await said("a", "as")], [1, 1, 0]);
  });
});

Deno.test("data that say themselves what is tested stay as they are", async () => {
  const csv = "image,depth,split\n1.png,d.png,train\n2.png,d.png,test\n";
  await withTree({ "a/a.csv": csv, "b/a.csv": csv }, async (folder) => {
    const trained = filesIn(`${folder}/a`);
    const digest = await namesDigest(orThrow(await openDataset(trained)()));
    const { seen, said } = await divided(trained, `${folder}/b`, digest);
    assertEquals([seen.purpose, said], ["evaluation", []]);
  });
});

Deno.test("the digest of names does not depend on how samples are divided, and tells layout and every name", async () => {
  const split = (...names: readonly string[]) => ({
    size: names.length,
    entry: (at: number) => ({ name: names[at] ?? "", scene: null, where: "" }),
    read: () => () => Promise.reject(new Error("nothing is read")),
  });
  const digest = await namesDigest({ train: split("a", "b"), test: split("c") });
  assert(/^[0-9a-f]{64}$/.test(digest));
  assertEquals(await namesDigest({ train: split("c"), test: split("b", "a") }), digest);
  assertNotEquals(await namesDigest({ layout: "bts", train: split("a", "b"), test: split("c") }), digest);
  for (const other of [split("a", "b", "c", "c"), split("a", "bc"), split("a", "b", "d")]) {
    assertNotEquals(await namesDigest({ train: other, test: split() }), digest);
  }
});
