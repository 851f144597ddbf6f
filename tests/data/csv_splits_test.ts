// No line of a CSV vanishes: its split is known, or an error; what is no such CSV is told by its heading.
import { csvDataset, parseList } from "../../lib/data/csv.ts";
import type { PublishedDataset } from "../../lib/data/dataset.ts";
import { openFiles } from "../../lib/data/open_dataset.ts";
import { recognizeLayout } from "../../lib/data/recognize_layout.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { usualFiles } from "./files_support.ts";
import { namesOf, withTree } from "./layout_support.ts";

const heading = "image,depth,scene,split";

const csvOf = (...splits: readonly string[]): string =>
  [heading, ...splits.map((split, at) => `${at}.png,d.png,hall,${split}`)].join("\n");

Deno.test("splits are known by their usual names, in any case and with spaces around them", () => {
  const names = {
    train: ["train", "Train", " TRAINING "],
    val: ["val", "Valid", "validation"],
    test: ["test", " Testing"],
  };
  for (const [split, written] of Object.entries(names)) {
    const entries = orThrow(parseList("rooms.csv", csvOf(...written)));
    assertEquals(entries.map((entry) => entry.split), written.map(() => split));
  }
});

Deno.test("any other split is an error with its line", () => {
  for (const split of ["trian", "all", "0", "train;", "dev"]) {
    const parsed = parseList("rooms.csv", csvOf("train", "test", split));
    assert(parsed._tag === "Left", split);
    assertEquals(parsed.left.where, "rooms.csv, line 4, column split");
    for (const part of [split, "train, val, test, or gap"]) assertStringIncludes(describe(parsed.left), part);
  }
});

/** The names of both splits, and what is said of the rest. */
const dividedAs = (dataset: PublishedDataset) => ({
  train: namesOf(dataset, "train").map(parseFloat),
  test: namesOf(dataset, "test").map(parseFloat),
  omitted: (dataset.omitted ?? []).map(({ count }) => count),
  said: (dataset.remarks ?? []).join(),
});

const opened = async (folder: string, list: string | undefined, testList?: string) =>
  dividedAs(orThrow(await csvDataset({ folder, list, testList, depthScale: 1000 })()));

Deno.test("lines of val are tested on where none is of test, and else counted and kept apart", async () => {
  await withTree({ "a.csv": csvOf("train", "val", "val"), "b.csv": csvOf("train", "val", "test") }, async (folder) => {
    const { said, ...alone } = await opened(folder, "a.csv");
    assertEquals(alone, { train: [0], test: [1, 2], omitted: [] });
    assertStringIncludes(said, "2 of val are tested on");
    assertEquals(await opened(folder, "b.csv"), { train: [0], test: [2], omitted: [1], said: "" });
  });
});

Deno.test("lines of gap are neither trained nor tested on, in either list, and are counted", async () => {
  const lists = { "a.csv": csvOf("train", "GAP", "gap", "test"), "b.csv": csvOf("train", "gap", "val") };
  await withTree({ ...lists, "t.csv": csvOf("gap", "test") }, async (folder) => {
    assertEquals(await opened(folder, "a.csv"), { train: [0], test: [3], omitted: [2], said: "" });
    assertEquals((await opened(folder, "b.csv")).test, [2]);
    const { said: _, ...both } = await opened(folder, "b.csv", "t.csv");
    assertEquals(both, { train: [0], test: [1], omitted: [1, 1, 1] });
  });
});

Deno.test("either split may be without a line; what needs both says so where it is opened for it", async () => {
  await withTree({ "a.csv": csvOf("train"), "b.csv": csvOf("test"), "c.csv": heading }, async (folder) => {
    assertEquals([(await opened(folder, "a.csv")).test, (await opened(folder, "b.csv")).train], [[], []]);
    const empty = await csvDataset({ folder, list: "c.csv", depthScale: 1000 })();
    assert(empty._tag === "Left" && empty.left.where === `${folder}/c.csv`);
  });
});

Deno.test("training needs both splits and evaluation a test split, and each says which one is missing", async () => {
  await withTree({ "a/a.csv": csvOf("train", "train"), "b/b.csv": csvOf("test") }, async (folder) => {
    const cases = [
      ["a", "training", "2 samples to train on and none to test on"],
      ["a", "evaluation", "2 samples to train on and none to test on"],
      ["b", "training", "1 samples to test on and none to train on"],
      ["b", "evaluation", null],
      ["a", undefined, null],
      ["b", undefined, null],
    ] as const;
    for (const [name, purpose, found] of cases) {
      const result = await openFiles({ ...usualFiles, folder: `${folder}/${name}` }, purpose)();
      assertEquals(result._tag === "Left" ? result.left.found : null, found, `${name} for ${purpose}`);
      if (result._tag === "Left") assertEquals(result.left.where, `${folder}/${name}/${name}.csv`);
    }
  });
});

Deno.test("a second list is the test split, with or without a column that says so", async () => {
  const tests = { "t.csv": csvOf("test", "val"), "plain.csv": "image,depth\n0.png,d.png\n1.png,d.png\n" };
  const lists = { "train.csv": csvOf("train", "test", "train"), "wrong.csv": csvOf("test", "train") };
  await withTree({ ...tests, ...lists }, async (folder) => {
    for (const name of Object.keys(tests)) {
      const { said, ...divided } = await opened(folder, "train.csv", name);
      assertEquals(divided, { train: [0, 2], test: [0, 1], omitted: [1] });
      assertStringIncludes(said, name);
    }
    assertEquals((await opened(folder, undefined, "plain.csv")).test, [0, 1]);
    const trained = await csvDataset({ folder, list: "train.csv", testList: "wrong.csv", depthScale: 1 })();
    assert(trained._tag === "Left" && trained.left.where === `${folder}/wrong.csv, line 3, column split`);
    const same = await csvDataset({ folder, list: "t.csv", testList: "t.csv", depthScale: 1 })();
    assert(same._tag === "Left" && same.left.kind === "data", "nothing is trained and tested on");
  });
});

const utf16 = (text: string, bigEndian: boolean, mark: boolean): Uint8Array => {
  const units = [...mark ? "\ufeff" : "", ...text].map((character) => character.charCodeAt(0));
  return Uint8Array.from(units.flatMap((unit) => bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]));
};

Deno.test("what is apart by other marks, in UTF-16 or under other headings is told by what was found", async () => {
  const text = csvOf("train", "test");
  const cases: readonly (readonly [content: string | Uint8Array, found: readonly string[]])[] = [
    [text.replaceAll(",", ";"), ["image;depth;scene;split", "semicolons"]],
    [text.replaceAll(",", "\t"), ["image\\tdepth", "tabs"]],
    [text.replace("image,depth", "rgb,depth_path"), ["rgb,depth_path,scene,split", "no column image, depth"]],
    [text.replace("split", "fold"), ["image,depth,scene,fold", "no column split"]],
    [utf16(text, false, true), ["UTF-16"]],
    [utf16(text, true, true), ["UTF-16"]],
    [utf16(text, false, false), ["UTF-16"]],
    [utf16(text, true, false), ["UTF-16"]],
  ];
  for (const [content, parts] of cases) {
    await withTree({ "frames.csv": content, "notes.txt": "hello" }, async (folder) => {
      const named = await csvDataset({ folder, list: "frames.csv", depthScale: 1000 })();
      const found = [await recognizeLayout(folder)(), await recognizeLayout(`${folder}/frames.csv`)(), named];
      for (const result of found) {
        assert(result._tag === "Left" && result.left.where.startsWith(`${folder}/frames.csv`));
        for (const part of parts) assertStringIncludes(describe(result.left), part);
      }
    });
  }
});
