// A trained network is seen on data of a module only if a user names it: by a flag, by a setting, or by a configuration.
import { openData } from "../../lib/data/open_data.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import type { DataConfiguration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { seenByConfiguration, type SeenData, seenData, type SeenRequest } from "../../lib/experiment/other_data.ts";
import { checkTrainedData, namedData } from "../../lib/experiment/own_modules.ts";
import { relative } from "../../lib/dependencies/text.ts";
import { moduleHash } from "../../lib/modules/module_files.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { dataText, writeFiles } from "../modules/support.ts";
import { withFolder } from "../tasks/support.ts";

const size = { height: 40, width: 48 } as const;

const dataOf = (data: object): DataConfiguration => orThrow(decodeConfiguration("a test", { data })).data;

const trainedOn = (file: string): DataConfiguration =>
  dataOf({ kind: "module", file, ...size, options: { count: 4 }, maxDepth: 9, folder: "/then" });

const seen = async (trained: DataConfiguration, request: Partial<SeenRequest>): Promise<SeenData> =>
  orThrow(await seenData(trained, { folder: undefined, settings: [], ...request })());

Deno.test("the data of the training that nobody has named are described, and not opened", async () => {
  const trained = trainedOn("/nowhere/walls.ts");
  const { data, purpose, dataset } = await seen(trained, {});
  assertEquals([data, purpose, dataset], [trained, undefined, undefined]);
  const opened = await openData(data, { workers: 0, own: orThrow(await namedData("")()) })();
  assert(E.isLeft(opened));
  for (const part of ["--dataset", "/nowhere/walls.ts", "no code is run"]) {
    assertStringIncludes(describe(opened.left), part);
  }
});

Deno.test("named by a flag or a setting, the training's own file keeps its description, and another takes defaults", async () => {
  const file = "/data/walls.ts";
  const trained = trainedOn(file);
  for (
    const request of [{ dataset: file }, { settings: [`data.file=${file}`] }, { settings: [`data.file="${file}"`] }]
  ) {
    assertEquals(await seen(trained, request), { data: trained, purpose: undefined, dataset: file });
  }
  const other = dataOf({ kind: "module", file: "/data/other.ts", ...size });
  for (const from of [trained, dataOf({ kind: "scenes", ...size }), dataOf({ kind: "files", folder: "/f", ...size })]) {
    for (const request of [{ dataset: "/data/other.ts" }, { settings: ["data.file=/data/other.ts"] }]) {
      assertEquals(await seen(from, request), { data: other, purpose: undefined, dataset: "/data/other.ts" });
    }
  }
});

Deno.test("a folder and settings are for the module that is named", async () => {
  const trained = trainedOn("/data/walls.ts");
  const request = { dataset: "/data/walls.ts", folder: "/now", settings: ["data.options.count=7", "optim.lr=1"] };
  const { data } = await seen(trained, request);
  assertEquals(data, dataOf({ ...trained, folder: "/now", options: { count: 7 } }));
});

Deno.test("a folder alone is a data set in files, and another kind is asked for by a setting", async () => {
  const trained = trainedOn("/data/walls.ts");
  const files = await seen(trained, { folder: "/pictures" });
  assertEquals(files, {
    data: dataOf({ kind: "files", folder: "/pictures", ...size }),
    purpose: "evaluation",
  });
  const scenes = await seen(trained, { settings: ["data.kind=scenes"] });
  assertEquals([scenes.data, scenes.dataset], [dataOf({ kind: "scenes", ...size }), undefined]);
});

Deno.test("a configuration that the user names is the user's word for its data", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, {
      "own.jsonc": JSON.stringify({ data: { kind: "module", file: "/data/walls.ts", ...size } }),
      "scenes.jsonc": JSON.stringify({ data: { kind: "scenes", ...size } }),
    });
    const by = async (name: string, request: Partial<SeenRequest>): Promise<SeenData> =>
      orThrow(await seenByConfiguration(`${folder}/${name}`, { folder: undefined, settings: [], ...request })()).seen;
    const described = { kind: "module", file: "/data/walls.ts", ...size };
    const [module, now] = [dataOf(described), dataOf({ ...described, folder: "/now" })];
    assertEquals(await by("own.jsonc", {}), { data: module, purpose: undefined, dataset: "/data/walls.ts" });
    assertEquals((await by("own.jsonc", { folder: "/now" })).data, now);
    const named = { dataset: "/data/walls.ts", folder: "/now" };
    assertEquals(await by("scenes.jsonc", named), { data: now, purpose: undefined, dataset: "/data/walls.ts" });
    assertEquals((await by("scenes.jsonc", {})).dataset, undefined);
  });
});

Deno.test("the file of the training is refused once it says something else, and another file is not", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, { "walls.ts": dataText, "other.ts": dataText });
    const file = `${folder}/walls.ts`;
    const modules = { data: orThrow(await moduleHash(file)()) };
    const check = (named?: string) => checkTrainedData({ path: "a.safetensors", modules }, trainedOn(file), named)();
    assertEquals(await check(file), E.right(undefined));
    await writeFiles(folder, { "walls.ts": `${dataText}// changed\n` });
    const changed = await check(file);
    assert(E.isLeft(changed));
    assertEquals([changed.left.kind, changed.left.where], ["checkpoint", file]);
    // A configuration may name it from the current folder on, and a command line from the root on.
    const nearby = trainedOn(relative(Deno.cwd(), file));
    assert(E.isLeft(await checkTrainedData({ path: "a.safetensors", modules }, nearby, file)()));
    for (const named of [undefined, "", `${folder}/other.ts`]) assertEquals(await check(named), E.right(undefined));
  });
});
