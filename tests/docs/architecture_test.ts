// docs/architecture.md names files that are there, and on each way those that its task loads.
import { resolved, specifiersOf, textOf } from "../project/sources.ts";
import { assert, assertEquals, fromFileUrl, join } from "../std.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const page = textOf("docs/architecture.md");

/** The files that a part of the page names, each once. */
const filesIn = (part: string): readonly string[] => [
  ...new Set([...part.matchAll(/`((?:lib|tasks)\/[\w/]+\.ts)`/g)].map(([, path = ""]) => path)),
];

/** The part of the page under a heading. */
const partOf = (heading: string): string => page.split("\n## ").find((part) => part.startsWith(`${heading}\n`)) ?? "";

/** All files of the repository that some files import, at once or on demand, themselves among them. */
const loadedBy = (...starts: readonly string[]): ReadonlySet<string> => {
  const reached = new Set(starts);
  for (const path of reached) {
    const own = specifiersOf(path).filter((specifier) => specifier.startsWith(".") && specifier.endsWith(".ts"));
    own.forEach((specifier) => reached.add(resolved(path, specifier)));
  }
  return reached;
};

Deno.test("every file and folder that docs/architecture.md names is there", async () => {
  const folders = [...page.matchAll(/`((?:lib|tasks|tests)\/(?:\w+\/)*)`/g)].map(([, path = ""]) => path);
  const files = filesIn(page);
  assert(files.length > 40 && folders.length > 10);
  for (const path of files) assert((await Deno.stat(join(root, path))).isFile, path);
  for (const path of folders) assert((await Deno.stat(join(root, path))).isDirectory, path);
});

Deno.test("every folder of the library is in docs/architecture.md's list", () => {
  const folders = Array.from(Deno.readDirSync(join(root, "lib")), ({ name, isDirectory }) => isDirectory ? name : "");
  for (const name of folders.filter((each) => each !== "")) assert(page.includes(`\n| \`lib/${name}/\``), name);
});

// A worker's program is started by its address, which no import names.
const ways = {
  "One image's way": ["tasks/predict.ts"],
  "One step's way": ["tasks/train.ts", "lib/data/sample_worker.ts"],
};

for (const [heading, starts] of Object.entries(ways)) {
  Deno.test(`${heading} leads through files that ${starts[0]} loads`, () => {
    const named = filesIn(partOf(heading));
    assert(named.length > 15);
    const loaded = loadedBy(...starts);
    assertEquals(named.filter((path) => !loaded.has(path)), []);
  });
}
