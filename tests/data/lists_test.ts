// What a list is for is told by its name, its paths by their roots, and both by what data are opened for.
import type { Purpose } from "../../lib/data/layout.ts";
import { chosenLists, listRole } from "../../lib/data/lists.ts";
import { type FilesOptions, openFiles } from "../../lib/data/open_dataset.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { usualFiles } from "./files_support.ts";
import { grey16, namesOf, picture, sampleAt, type Tree, withTree } from "./layout_support.ts";

const usual: FilesOptions = usualFiles;

Deno.test("the name of a list says what it is for, by words or parts, and other words say nothing", () => {
  const told = {
    train: [
      "nyudepthv2_train_files_with_gt.txt",
      "TRAINING.csv",
      "nyu2_train.csv",
      "trainval.txt",
      "a/test/mytrain.txt",
    ],
    test: ["nyudepthv2_test_files_with_gt.txt", "nyu2_test.csv", "Testing.txt", "kittitest.txt", "testSet.txt"],
    val: ["val.txt", "eigen_val_files.txt", "validation.csv", "Valid.csv", "eval.txt"],
    none: [
      "rooms.csv",
      "all.txt",
      "latest.txt",
      "contest.txt",
      "terrain.txt",
      "interval.txt",
      "train_test.txt",
      "values.txt",
    ],
  };
  for (const [role, names] of Object.entries(told)) {
    for (const name of names) assertEquals(listRole(name) ?? "none", role, name);
  }
});

Deno.test("lists that are found are chosen by their names, and never one for both", () => {
  const chosen = (files: readonly string[], list = "", testList = "") => {
    const result = chosenLists({ list, testList }, { folder: "/d", files: files.map((name) => `/d/${name}`) });
    return result._tag === "Right" ? [result.right.train, result.right.test] : describe(result.left);
  };
  assertEquals(chosen(["all.txt"]), ["/d/all.txt", undefined]);
  assertEquals(chosen(["a_test.txt"]), [undefined, "/d/a_test.txt"]);
  assertEquals(chosen(["a_test.txt"], "a_test.txt"), ["/d/a_test.txt", undefined], "who names it means it");
  assertEquals(chosen(["test.txt", "train.txt", "val.txt"]), ["/d/train.txt", "/d/test.txt"]);
  assertEquals(chosen(["train.txt", "val.txt"]), ["/d/train.txt", "/d/val.txt"]);
  assertEquals(chosen(["a.txt", "test.txt"]), ["/d/a.txt", "/d/test.txt"]);
  assertEquals(chosen(["a.txt"], "", "a.txt"), [undefined, "/d/a.txt"]);
  assertEquals(chosen(["a.txt", "b.txt"], "", "b.txt"), ["/d/a.txt", "/d/b.txt"]);
  assertStringIncludes(String(chosen(["a.txt", "b.txt"])), "the lists a.txt, b.txt");
});

const line = (at: number): string => `${at}.png d.png\n`;

const text = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => line(from + at)).join("");

/** How many samples are trained and tested on, or why not. */
const sizes = async (options: FilesOptions, purpose?: Purpose): Promise<string> => {
  const opened = await openFiles(options, purpose)();
  return opened._tag === "Left" ? describe(opened.left) : `${opened.right.train.size}+${opened.right.test.size}`;
};

Deno.test("of a lone list a training holds out a share, an evaluation tests all, and one called test is no training's", async () => {
  await withTree({ "all/all.txt": text(0, 10), "test/nyu_test_files.txt": text(0, 12) }, async (folder) => {
    const [all, test] = [{ ...usual, folder: `${folder}/all` }, { ...usual, folder: `${folder}/test` }];
    assertEquals([await sizes(all), await sizes(all, "training"), await sizes(all, "evaluation")], [
      "8+2",
      "8+2",
      "0+10",
    ]);
    assertEquals([await sizes(test), await sizes(test, "evaluation")], ["0+12", "0+12"]);
    const refused = await sizes(test, "training");
    for (const part of ["nyu_test_files.txt", "12 samples to test on", "data.list"]) {
      assertStringIncludes(refused, part);
    }
    assertEquals(await sizes({ ...test, list: "nyu_test_files.txt" }, "training"), "10+2", "who names it means it");
  });
});

Deno.test("an evaluation takes no share of a list that has a test list beside it, in every layout by lists", async () => {
  const pairs = (names: string): string => names.split("").map((name) => `${name}.png,d.png\n`).join("");
  const trees: readonly Tree[] = [
    { "train.txt": text(0, 5), "test.txt": text(5, 8) },
    { "nyu2_train.csv": pairs("abcde"), "nyu2_test.csv": pairs("fgh") },
    {
      "train.csv": `image,depth,split\n${"a.png,d.png,train\n".repeat(5)}`,
      "test.csv": `image,depth,split\n${"a.png,d.png,test\n".repeat(3)}`,
    },
  ];
  for (const tree of trees) {
    await withTree(tree, async (folder) => {
      const options = { ...usual, folder };
      for (const purpose of [undefined, "training", "evaluation"] as const) {
        assertEquals(await sizes(options, purpose), "5+3", Object.keys(tree).join());
      }
    });
  }
});

Deno.test("lists of BTS may do without focal length, with None as depth", async () => {
  await withTree({ "list.txt": "a.png d.png\nb.png None\nc.png d.png 500\n" }, async (folder) => {
    const dataset = orThrow(await openFiles({ ...usual, folder }, "evaluation")());
    assertEquals([dataset.layout, namesOf(dataset, "test")], ["bts", ["a.png", "c.png"]]);
    assertEquals(dataset.omitted, [{ what: "lines without ground truth (None)", count: 1 }]);
  });
});

/** The same samples by the lists of each layout that has them, whose images and depths lie apart from the list. */
const apart: Readonly<Record<string, string>> = {
  "list.txt": "a.png d.png\nb.png d.png\n",
  "pairs.csv": "a.png,d.png\nb.png,d.png\n",
  "frames.csv": "image,depth,split\na.png,d.png,train\nb.png,d.png,test\n",
};

Deno.test("the paths of images and of depth maps begin at their roots, absolute or in the folder", async () => {
  const files = { "raw/a.png": picture, "raw/b.png": picture, "truth/d.png": grey16(0, 500, 1000, 2000, 3000, 4000) };
  for (const [name, content] of Object.entries(apart)) {
    await withTree({ [name]: content, ...files }, async (folder) => {
      for (const [imageRoot, depthRoot] of [["raw", "truth"], [`${folder}/raw`, `${folder}/truth`]] as const) {
        const dataset = orThrow(await openFiles({ ...usual, folder, imageRoot, depthRoot })());
        const { image, depth } = await sampleAt(dataset, "train", 0);
        assertEquals([image.width, depth.metres.length, depth.metres[0]], [3, 6, 0], name);
      }
      const lost = await openFiles({ ...usual, folder, imageRoot: "pictures" })();
      assert(lost._tag === "Left" && lost.left.kind === "missing", "a root that is not there is told at once");
      assertEquals(lost.left.where, "field data.imageRoot");
      const alone = orThrow(await openFiles({ ...usual, folder, imageRoot: "raw" })());
      const read = await alone.train.read(0)();
      assert(read._tag === "Left" && read.left.where === `${folder}/raw/d.png`, "depth begins where images do");
    });
  }
});

Deno.test("a path of a list stays below its root", async () => {
  await withTree({ "list.txt": "../a.png d.png\n", "raw/a.png": picture }, async (folder) => {
    assertStringIncludes(
      await sizes({ ...usual, folder, layout: "bts", list: "list.txt", imageRoot: "raw" }),
      "../a.png",
    );
  });
});
