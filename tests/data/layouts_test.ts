import type { Dataset } from "../../lib/data/dataset.ts";
import { filesFields } from "../../lib/data/fields.ts";
import { layoutFields } from "../../lib/data/layout.ts";
import { dataLayouts, layoutOf, layouts } from "../../lib/data/layouts.ts";
import { type FilesOptions, openFiles } from "../../lib/data/open_dataset.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { namesOf, type Tree, withTree } from "./layout_support.ts";

const root = new URL("../../", import.meta.url);

/** Every module that is loaded with one, from what Deno tells of its graph, and those that are loaded on demand. */
const loadedWith = async (path: string): Promise<{ readonly loaded: Set<string>; readonly onDemand: Set<string> }> => {
  const command = new Deno.Command("deno", {
    args: ["info", "--json", path],
    cwd: fromFileUrl(root),
    env: { NO_COLOR: "1" },
  });
  const { modules, roots } = JSON.parse(new TextDecoder().decode((await command.output()).stdout));
  const [loaded, onDemand] = [new Set<string>(roots), new Set<string>()];
  for (const specifier of loaded) {
    const { dependencies = [] } = modules.find((module: { specifier: string }) => module.specifier === specifier) ?? {};
    for (const { code, isDynamic } of dependencies) {
      if (code !== undefined) (isDynamic === true ? onDemand : loaded).add(code.specifier);
    }
  }
  return { loaded, onDemand };
};

Deno.test("recognising a layout, and the fields of a configuration, load nothing that reads data", async () => {
  for (const path of ["../../lib/data/recognize_layout.ts", "../../lib/data/fields.ts"]) {
    const { loaded, onDemand } = await loadedWith(new URL(path, import.meta.url).href);
    assert(loaded.has(new URL("../../lib/data/layouts.ts", import.meta.url).href), path);
    assertEquals(onDemand.size, dataLayouts.length, "each layout loads what opens it");
    assertEquals([...loaded].filter((module) => onDemand.has(module)), []);
    assertEquals([...loaded].filter((module) => /hdf5|h5wasm|tensorflow|png|jpeg|scenes/.test(module)), [], path);
  }
});

Deno.test("what opens each layout is found where its record says", async () => {
  for (const layout of dataLayouts) assertEquals(typeof await layout.load(), "function", layout.name);
});

Deno.test("the layouts of a configuration are those of the list, each with a name of its own", () => {
  assertEquals(filesFields.layout.of, ["auto", ...layouts]);
  assertEquals(new Set(layouts).size, dataLayouts.length);
  layouts.forEach((name) => assertEquals(layoutOf(name).name, name));
});

const usual: Omit<FilesOptions, "folder"> = {
  layout: "auto",
  list: "",
  testList: "",
  depthScale: 0,
  depth: "published",
  testShare: layoutFields.testShare.default,
  shuffleBuffer: layoutFields.shuffleBuffer.default,
  imageRoot: "",
  depthRoot: "",
};

Deno.test("a layout reads just the fields that it says it uses", async () => {
  for (const { name, uses, load } of dataLayouts) {
    const read = new Set<string | symbol>();
    const options = new Proxy({ ...usual }, {
      get: (fields, field) => {
        read.add(field);
        return Reflect.get(fields, field);
      },
    });
    await withTree({}, async (folder) => {
      await (await load())(options, { folder, files: [`${folder}/list`] })();
    });
    assertEquals(read, new Set(uses), name);
    uses.forEach((field) => assert(field in layoutFields && field in filesFields, field));
  }
});

/** Lists of every layout that has some: the path that is given, and the names of the samples that it stands for. */
const lists: readonly (readonly [path: string, tree: Tree, train: readonly string[], test: readonly string[]])[] = [
  ["rooms.csv", { "rooms.csv": "image,depth,split\na.png,b.png,train\nc.png,b.png,test\n" }, ["a.png"], ["c.png"]],
  ["all.txt", { "all.txt": "a.png b.png 500\nc.png b.png 500\n" }, ["a.png"], ["c.png"]],
  ["nyu2_train.csv", { "nyu2_train.csv": "a.png,b.png\nc.png,b.png\n" }, ["a.png"], ["c.png"]],
  ["nyu2_train.csv", { "nyu2_train.csv": "a.png,b.png\n", "nyu2_test.csv": "c.png,b.png\n" }, ["a.png"], ["c.png"]],
  ["nyu2_test.csv", { "nyu2_train.csv": "a.png,b.png\n", "nyu2_test.csv": "c.png,b.png\n" }, ["a.png"], ["c.png"]],
  ["data/nyu2_test.csv", { "data/nyu2_test.csv": "data/c.png,data/b.png\n" }, [], ["data/c.png"]],
  ["pairs.csv", { "pairs.csv": "a.png,b.png\nc.png,b.png\n", "other.csv": "c.png,b.png\n" }, ["a.png"], ["c.png"]],
  ["s/rgb.txt", { "s/rgb.txt": "1 a.png\n2 c.png\n", "s/depth.txt": "1 b.png\n2 b.png\n" }, ["s/a.png"], ["s/c.png"]],
  ["s/depth.txt", { "s/rgb.txt": "1 a.png\n2 c.png\n", "s/depth.txt": "1 b.png\n2 b.png\n" }, ["s/a.png"], ["s/c.png"]],
];

const opened = async (options: FilesOptions): Promise<Dataset> => orThrow(await openFiles(options)());

Deno.test("every layout by lists is opened by the path of its list, recognised or named", async () => {
  for (const [path, tree, train, test] of lists) {
    await withTree(tree, async (folder) => {
      const options = { ...usual, folder: `${folder}/${path}` };
      const dataset = await opened(options);
      assertEquals(
        [namesOf(dataset, "train"), namesOf(dataset, "test")],
        [train, test],
        `${path} of ${Object.keys(tree)}`,
      );
      const named = await Promise.all(layouts.map((layout) => openFiles({ ...options, layout })()));
      const [own, ...others] = named.flatMap((result) => result._tag === "Right" ? [result.right] : []);
      assert(own !== undefined && others.length === 0);
      assertEquals(namesOf(own, "train"), train);
      for (const [at, result] of named.entries()) {
        if (result._tag === "Left") assertStringIncludes(describe(result.left), `expected the layout ${layouts[at]}`);
      }
    });
  }
});

Deno.test("lists of DenseDepth may have any name, in the folder at which their paths begin", async () => {
  const tree = {
    "lists/mine.csv": "data/a.png,data/b.png\n",
    "lists/other.csv": "data/c.png,data/b.png\n",
    "data/b.png": "",
  };
  await withTree(tree, async (folder) => {
    for (const layout of ["auto", "densedepth"] as const) {
      const dataset = await opened({ ...usual, folder, layout, list: "lists/mine.csv", testList: "lists/other.csv" });
      assertEquals([namesOf(dataset, "train"), namesOf(dataset, "test")], [["data/a.png"], ["data/c.png"]]);
      const read = await dataset.train.read(0)();
      assert(read._tag === "Left" && read.left.where === `${folder}/data/a.png`, "where its paths begin");
    }
  });
});

Deno.test("a list that is given lends its folder to the others", async () => {
  await withTree({ "a.txt": "a.png b.png 500\n", "b.txt": "c.png b.png 500\n" }, async (folder) => {
    const dataset = await opened({ ...usual, folder: `${folder}/a.txt`, testList: "b.txt" });
    assertEquals([namesOf(dataset, "train"), namesOf(dataset, "test")], [["a.png"], ["c.png"]]);
  });
});
