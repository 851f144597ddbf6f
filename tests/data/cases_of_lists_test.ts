// What people brought and the program took wrongly: inputs beside the repository, skipped where they are not.
import { openFiles } from "../../lib/data/open_dataset.ts";
import { surveyOf } from "../../lib/data/survey.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { usualFiles } from "./files_support.ts";
import { withTree } from "./layout_support.ts";

const cases = new URL("../../../shared/cases/", import.meta.url);

const areThere = (): boolean => {
  try {
    return Deno.statSync(cases).isDirectory;
  } catch {
    return false;
  }
};

const missing = !areThere();
if (missing) console.log("The cases of users are not here; the tests that read them are skipped.");

const testCase = (name: string, behaviour: string, run: (folder: string) => Promise<void>): void =>
  Deno.test({ name: `case ${name}: ${behaviour}`, ignore: missing, fn: () => run(fromFileUrl(new URL(name, cases))) });

testCase("06-tum-own-scale", "a recorder's millimetres are read as such", async (folder) => {
  const { train } = orThrow(await openFiles({ ...usualFiles, folder, depthScale: 1000 })());
  const { nearest, farthest } = await surveyOf(orThrow(await train.read(0)()));
  // The same frame at the benchmark's 5000 ends before 1.05 m.
  assertEquals([nearest > 0.8, farthest > 3 && farthest < 5.3], [true, true], `${nearest} to ${farthest} m`);
});

/** How many samples each CSV has to train and to test on, or what is said of it. */
const lists: Readonly<Record<string, string>> = {
  "frames-Train.csv": "8+4",
  "frames-val.csv": "8+4",
  "frames-test-only.csv": "0+12",
  "frames-semicolon.csv": "apart by semicolons",
};

testCase("13-csv-splits", "no line vanishes, and two lists are two splits", async (folder) => {
  for (const [name, expected] of Object.entries(lists)) {
    const opened = await openFiles({ ...usualFiles, folder, layout: "csv", list: name })();
    const sizes = opened._tag === "Left" ? "" : `${opened.right.train.size}+${opened.right.test.size}`;
    assertStringIncludes(opened._tag === "Left" ? describe(opened.left) : sizes, expected, name);
  }
  const [train, test] = await Promise.all(["train", "test"].map((name) => Deno.readTextFile(`${folder}/${name}.csv`)));
  await withTree({ "train.csv": train ?? "", "test.csv": test ?? "" }, async (copy) => {
    const { train, test } = orThrow(await openFiles({ ...usualFiles, folder: copy })());
    assertEquals([train.size, test.size], [8, 4]);
  });
});
