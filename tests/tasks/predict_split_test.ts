/** `deno task predict --data DIR --split NAME`: depth maps of a split, in folders as its samples are called. */
import { orThrow } from "../../lib/errors.ts";
import { loadDepthNetwork } from "../../lib/experiment/trained_network.ts";
import { decodeRgbPng } from "../../lib/formats/png.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { openDevice } from "../../lib/backend/device.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { depthOf } from "./pairs.ts";
import { failing, pngOf, problemOf, runTask, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

/** All files below a folder, by their paths in it. */
const filesBelow = (folder: string, below = ""): readonly string[] =>
  Array.from(Deno.readDirSync(`${folder}/${below}`), ({ name, isDirectory }) => {
    const path = below === "" ? name : `${below}/${name}`;
    return isDirectory ? filesBelow(folder, path) : [path];
  }).flat().sort();

/** A list of pairs in folders: two to train, the others to test. */
const writeSet = async (folder: string, names: readonly string[]): Promise<void> => {
  await Deno.mkdir(folder);
  const rows = names.map((name, at) => `${name},depth/${at}.png,${at < 2 ? "train" : "test"}`);
  await Deno.writeTextFile(`${folder}/pairs.csv`, ["image,depth,split", ...rows].join("\n"));
  await Deno.mkdir(`${folder}/depth`);
  for (const [at, name] of names.entries()) {
    await Deno.mkdir(new URL(`file://${folder}/${name}/..`), { recursive: true });
    await Deno.writeFile(`${folder}/${name}`, pngOf(37, 45, at));
    await Deno.writeFile(`${folder}/depth/${at}.png`, depthOf(at));
  }
};

Deno.test("predict on a split of a data set", async (t) => {
  await withFolder(async (folder) => {
    const data = `${folder}/data`;
    await writeSet(data, ["a/0.png", "a/1.png", "a/x.png", "b/x.png", "b/X.jpg.png", "b/x.PNG"]);
    const config = await writeConfiguration(folder, { ...tinier, evaluation: { pictures: 0 } });
    await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
    const checkpoint = `${folder}/run/checkpoint.safetensors`;
    const args = ["--checkpoint", checkpoint, "--backend", "wasm", "--workers", "0"];
    const out = `${folder}/out`;

    await t.step(
      "its test split lies in folders as its samples do, each name once, and is what the network predicts",
      async () => {
        const said = await succeeding(
          "predict",
          ...args,
          "--data",
          data,
          "--split",
          "test",
          "--format",
          "npy",
          "--out",
          out,
        );
        assertStringIncludes(said, `4 depth maps in ${out}/test`);
        const files = filesBelow(out);
        assertEquals(files, [
          "test/a/x_depth.npy",
          "test/b/X.jpg_depth.npy",
          "test/b/x-2_depth.npy",
          "test/b/x_depth.npy",
        ]);
        orThrow(await openDevice("wasm")());
        const { predict, dispose } = orThrow(await loadDepthNetwork(checkpoint, { backend: "wasm" })());
        const image = orThrow(decodeRgbPng("x.png", await Deno.readFile(`${data}/b/x.png`)));
        const { values, shape } = orThrow(decodeNpy("x.npy", await Deno.readFile(`${out}/test/b/x_depth.npy`)));
        assertEquals([Array.from(values, Number), shape], [[...orThrow(await predict(image)()).metres], [37, 45]]);
        dispose();
      },
    );

    await t.step("its training split lies beside it, and test is what is taken if none is named", async () => {
      await succeeding("predict", ...args, "--data", data, "--split", "train", "--out", out);
      assertEquals(filesBelow(`${out}/train`), ["a/0_depth.png", "a/1_depth.png"]);
      await succeeding("predict", ...args, "--data", data, "--out", `${folder}/default`);
      assertEquals(filesBelow(`${folder}/default`).length, 4);
    });

    await t.step("without other data it is the split of the network's own", async () => {
      await succeeding("predict", ...args, "--split", "test", "--out", `${folder}/own`);
      assertEquals(filesBelow(`${folder}/own`).length, 2);
    });

    await t.step("files that others wrote stay, and what makes no sense together is refused", async () => {
      const again = await failing(1, "predict", ...args, "--data", data, "--format", "npy", "--out", out);
      assertStringIncludes(again, "4 in the place of results");
      assertStringIncludes(await failing(2, "predict", ...args, "--split", "val"), '"val"');
      assertStringIncludes(await failing(2, "predict", ...args, "--split", "test", `${data}/a/x.png`), "either images");
      const bound = ["--data", data, "--max-megapixels", "1"];
      assertStringIncludes(await failing(2, "predict", ...args, ...bound), "--max-megapixels");
    });

    await t.step("a sample that cannot be read is told at the end, and the others are predicted", async () => {
      await Deno.writeTextFile(`${data}/a/x.png`, "no picture");
      const outcome = await runTask("predict", [...args, "--data", data, "--out", `${folder}/rest`]);
      assertEquals(outcome.code, 1);
      assertStringIncludes(problemOf(outcome), "1 of 4");
      assertEquals(filesBelow(`${folder}/rest`).length, 3);
    });
  });
});
