// Which data a network is seen on: its training's as they were described, or others, which describe themselves.
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { DataConfiguration } from "../../lib/experiment/configuration.ts";
import { networkSettings, seenByConfiguration, seenData } from "../../lib/experiment/other_data.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { type Tree, withTree } from "../data/layout_support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const dataOf = (data: unknown): DataConfiguration => orThrow(decodeConfiguration("a test", { data })).data;

const size = { height: 40, width: 48 } as const;

/** Trained with everything that must not go along to other data. */
const trainedOn = (folder: string): DataConfiguration =>
  dataOf({
    ...{ kind: "files", folder, ...size, layout: "csv", list: "a.csv", depthScale: 256, crop: [30, 40] },
    onUnreadable: "skip",
  });

const csv = "image,depth,split\na.png,d.png,train\nb.png,d.png,test\n";
const bts = "a.png d.png\nb.png d.png\n";
const tree: Tree = {
  "own/a.csv": csv,
  "own/b.csv": csv,
  "other/frames.csv": csv,
  "lists/all.txt": bts,
  "lists/more.txt": bts,
  "tum/rgb.txt": "1 a.png\n",
  "tum/depth.txt": "1 d.png\n",
};

const seen = async (trained: DataConfiguration, folder?: string, ...settings: readonly string[]) =>
  orThrow(await seenData(trained, { folder, settings })());

Deno.test("other data have the defaults of files, the size of the network's input, and what is set for them", async () => {
  await withTree(tree, async (folder) => {
    const other = `${folder}/other`;
    for (const trained of [trainedOn(`${folder}/own`), dataOf({ kind: "scenes", ...size })]) {
      const { data, purpose } = await seen(trained, other);
      const onUnreadable = trained.kind === "files" ? "skip" : "fail";
      assertEquals(data, dataOf({ kind: "files", folder: other, ...size, onUnreadable }));
      assertEquals(purpose, "evaluation");
      const set = await seen(trained, other, "data.depthScale=500", "optim.lr=1", "data.crop=[8,9]");
      assertEquals(set.data, dataOf({ ...data, depthScale: 500, crop: [8, 9] }));
      assertEquals(
        (await seen(trained, undefined, `data.folder="${other}"`)).data,
        data,
        "however the folder is given",
      );
    }
    const held = await seen(trainedOn(`${folder}/own`), other, "data.testShare=0.2");
    assertEquals(held.purpose, undefined, "a share that is asked for is held out");
  });
});

Deno.test("the folder of the training, however it is reached, is described and divided as it was trained on", async () => {
  await withTree(tree, async (folder) => {
    const trained = trainedOn(`${folder}/own`);
    await Deno.symlink(`${folder}/own`, `${folder}/link`);
    for (const path of [undefined, `${folder}/own`, `${folder}/link`, `${folder}/other/../own/`]) {
      assertEquals(await seen(trained, path), { data: trained, purpose: undefined }, path);
    }
    const set = await seen(trained, `${folder}/own`, "data.depthScale=1000");
    assertEquals(set, { data: dataOf({ ...trained, depthScale: 1000 }), purpose: undefined });
    const other = await seen(trained, undefined, "data.list=b.csv");
    assertEquals(other, { data: dataOf({ ...trained, list: "b.csv" }), purpose: "evaluation" }, "another list");
  });
});

Deno.test("the list that told the training's data is the same data as their folder, and the other way round", async () => {
  await withTree(tree, async (folder) => {
    const pairs = [
      [`${folder}/other`, `${folder}/other/frames.csv`],
      [`${folder}/tum`, `${folder}/tum/rgb.txt`],
      [`${folder}/lists`, `${folder}/lists/all.txt`],
    ] as const;
    for (const [whole, part] of pairs) {
      const trained = dataOf({ kind: "files", folder: whole, ...size });
      assertEquals((await seen(trained, part)).purpose, undefined, part);
    }
    const trained = dataOf({ kind: "files", folder: `${folder}/lists/all.txt`, ...size });
    assertEquals((await seen(trained, `${folder}/lists/more.txt`)).purpose, "evaluation", "another list beside it");
  });
});

Deno.test("a network that was trained on files is seen on scenes by a setting", async () => {
  const { data } = await seen(trainedOn("/none"), undefined, "data.kind=scenes", "data.test=3");
  assertEquals(data, dataOf({ kind: "scenes", ...size, test: 3 }));
});

Deno.test("a field that the data have not is named, and the network takes only its own settings", async () => {
  const wrong = await seenData(dataOf({ kind: "scenes" }), { folder: "/none", settings: ["data.depthScal=2"] })();
  assert(wrong._tag === "Left" && wrong.left.kind === "configuration");
  assertStringIncludes(describe(wrong.left), "depthScal");
  const settings = ["data.height=64", "data.depthScale=2", "evaluation.far=8", "data={}"];
  assertEquals(networkSettings(settings), ["data.height=64", "evaluation.far=8"]);
});

Deno.test("another configuration describes its data; with scenes in it a folder describes itself", async () => {
  await withTree(tree, async (folder) => {
    const files = { kind: "files", folder: `${folder}/own`, height: 64, width: 80, depthScale: 256 };
    const [filesPath, scenesPath] = [`${folder}/files.jsonc`, `${folder}/scenes.jsonc`];
    await Deno.writeTextFile(filesPath, JSON.stringify({ data: files }));
    await Deno.writeTextFile(scenesPath, JSON.stringify({ data: { kind: "scenes", ...size } }));
    const by = async (path: string, place: string | undefined, ...settings: readonly string[]) =>
      orThrow(await seenByConfiguration(path, { folder: place, settings })()).seen;
    const other = `${folder}/other`;
    assertEquals(await by(filesPath, undefined), { data: dataOf(files), purpose: undefined });
    assertEquals(
      (await by(filesPath, other, "data.list=x.csv")).data,
      dataOf({ ...files, folder: other, list: "x.csv" }),
    );
    assertEquals((await by(scenesPath, undefined)).data.kind, "scenes");
    const { data, purpose } = await by(scenesPath, other, "data.depthScale=500");
    assertEquals([data, purpose], [dataOf({ kind: "files", ...size, folder: other, depthScale: 500 }), "evaluation"]);
  });
});
