// evaluate and explain on other data than those of the training, as a user runs them.
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { writePairs } from "./pairs.ts";
import { failing, namesIn, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

/** The mean relative error that evaluate writes, and what it prints. */
const evaluated = async (folder: string, ...args: readonly string[]) => {
  const json = `${folder}/out.json`;
  const said = await succeeding("evaluate", ...args, "--json", json, "--backend", "wasm", "--workers", "0");
  const { rel, images } = JSON.parse(await Deno.readTextFile(json));
  return { rel, images, said };
};

const filesConfiguration = {
  ...tinier,
  data: { kind: "files", height: 32, width: 40, depthScale: 500, crop: [36, 44] },
};

/** Lines as BTS lists them, of the pairs of the folder. */
const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `${at}.png ${at}_depth.png\n`).join("");

Deno.test("other data are described by themselves: scale, crop and list of the training stay behind", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, filesConfiguration);
    await writePairs(`${folder}/own`);
    await writePairs(`${folder}/other`);
    const training = ["--config", config, "--backend", "wasm", "--workers", "0"];
    const trained = await succeeding("train", ...training, "--data", `${folder}/own`, "--out", `${folder}/run`);
    assertStringIncludes(trained, "500 units = 1 m");
    const network = ["--checkpoint", `${folder}/run/checkpoint.safetensors`];
    const other = ["--data", `${folder}/other`];
    const own = await evaluated(folder, ...network);

    await t.step("what was taken is printed, and a setting is for the other data", async () => {
      const plain = await evaluated(folder, ...network, ...other);
      assertStringIncludes(plain.said, "1000 = 1 m, floats in metres, no crop");
      assertStringIncludes(plain.said, "samples: 3 to train on, 2 to test on");
      const set = await evaluated(folder, ...network, ...other, "--set", "data.depthScale=500");
      assertStringIncludes(set.said, "depth 500 units = 1 m (data.depthScale), no crop");
      assertEquals([set.rel, set.images], [own.rel, 2], "the same pictures and depths as the training's");
      assert(Math.abs(plain.rel - own.rel) > 0.01, "metres are other ones at another scale");
    });

    await t.step("the folder of the training keeps its description, and a configuration brings its own", async () => {
      const again = await evaluated(folder, ...network, "--data", `${folder}/own`);
      assertEquals(again.rel, own.rel);
      assertStringIncludes(again.said, "crop of 36×44");
      const { said } = await evaluated(folder, ...network, ...other, "--config", config);
      assertStringIncludes(said, "500 units = 1 m (data.depthScale), crop of 36×44");
    });

    await t.step("of a single list all is tested, also of one that is called a test list", async () => {
      for (const name of ["all.txt", "nyudepthv2_test_files_with_gt.txt"]) {
        await writePairs(`${folder}/lists-${name}`);
        await Deno.remove(`${folder}/lists-${name}/pairs.csv`);
        await Deno.writeTextFile(`${folder}/lists-${name}/${name}`, lines(5));
        const { images } = await evaluated(folder, ...network, "--data", `${folder}/lists-${name}`);
        assertEquals(images, 5, name);
      }
      const refused = ["--data", `${folder}/lists-nyudepthv2_test_files_with_gt.txt`, "--out", `${folder}/refused`];
      const problem = await failing(1, "train", ...training, "--set", "data.depthScale=0", ...refused);
      assertStringIncludes(problem, "5 samples to test on and none to train on");
      assert(!namesIn(folder).includes("refused"), "nothing was written");
    });

    await t.step("a field that the other layout does not use is refused", async () => {
      const args = [...network, "--data", `${folder}/lists-all.txt`, "--backend", "wasm"];
      const problem = await failing(1, "evaluate", ...args, "--set", "data.shuffleBuffer=10");
      for (const part of ["data.shuffleBuffer", "layout bts", "shards"]) assertStringIncludes(problem, part);
    });

    await t.step("a network of files is evaluated on scenes, by a configuration or a setting", async () => {
      const scenes = `${folder}/scenes.jsonc`;
      await Deno.writeTextFile(scenes, JSON.stringify(tinier));
      assertEquals((await evaluated(folder, ...network, "--config", scenes)).images, 2);
      const { images } = await evaluated(folder, ...network, "--set", "data.kind=scenes", "--set", "data.test=3");
      assertEquals(images, 3);
    });
  });
});

Deno.test("a network of scenes is evaluated on and explained with files, without another configuration", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tinier);
    await writePairs(`${folder}/data`);
    await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
    const args = ["--checkpoint", `${folder}/run/checkpoint.safetensors`, "--data", `${folder}/data`];
    const { images, said } = await evaluated(folder, ...args, "--set", "data.depthScale=500");
    assertEquals(images, 2);
    assertStringIncludes(said, "500 units = 1 m");
    const explained = await succeeding("explain", ...args, "--count", "1", "--backend", "wasm", "--workers", "0");
    for (const part of ["1000 = 1 m", "2 to test on", "1 pictures"]) assertStringIncludes(explained, part);
  });
});
