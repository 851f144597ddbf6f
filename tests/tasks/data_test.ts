import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { depthOf, validPixels, writePairs } from "./pairs.ts";
import { failing, namesIn, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const csv = { ...tinier, data: { kind: "files", list: "pairs.csv", height: 32, width: 40, depthScale: 1000 } };

Deno.test("a folder of one's own pictures and depth maps is trained and evaluated on", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, csv);
    const data = `${folder}/pairs`;
    await writePairs(data);
    const out = `${folder}/run`;
    const args = ["--config", config, "--out", out, "--fresh", "--backend", "wasm"];
    await succeeding("train", ...args, "--data", data);

    await t.step("images are compared at their own size, wherever depth was measured", () => {
      const { network, constant, input } = JSON.parse(Deno.readTextFileSync(`${out}/metrics.json`));
      assertEquals([network.images, network.pixels, constant.pixels], [2, 2 * validPixels, 2 * validPixels]);
      assertEquals(input, { height: 32, width: 40 });
      assert(constant.metres > 1 && constant.metres < 4, `${constant.metres} m is not the train split's`);
      assert(namesIn(`${out}/pictures`).includes("overview.png"));
    });

    await t.step("the checkpoint evaluates on its own data, and on another folder", async () => {
      await writePairs(`${folder}/moved`);
      await Deno.remove(`${folder}/moved/pairs.csv`);
      await Deno.writeTextFile(
        `${folder}/moved/pairs.csv`,
        "image,depth,split\n0.png,0_depth.png,train\n1.png,1_depth.png,test\n",
      );
      const evaluating = ["--checkpoint", `${out}/checkpoint.safetensors`, "--backend", "wasm"];
      const [own, moved] = await Promise.all([
        succeeding("evaluate", ...evaluating),
        succeeding("evaluate", ...evaluating, "--data", `${folder}/moved`),
      ]);
      assertStringIncludes(own, "2 images");
      assertStringIncludes(moved, `1 images, ${validPixels} valid pixels`);
    });

    await t.step("without a folder the flag is asked for", async () => {
      assertStringIncludes(await failing(2, "train", ...args), "--data");
    });

    await t.step("a list without labels cannot pretrain HEG-S, and says so before a step", async () => {
      const scene = 'loss=[{"kind":"hierarchical","generator":"scene","weights":[1,1]}]';
      const problem = await failing(1, "train", ...args, "--data", `${folder}/moved`, "--set", scene);
      for (const part of ["pairs.csv", "scene labels", "reconstruction"]) assertStringIncludes(problem, part);
    });

    await t.step(
      "training reads nothing of the test split: a file that is damaged there is noticed after it",
      async () => {
        const whole = await Deno.readFile(`${data}/4.png`);
        await Deno.writeFile(`${data}/4.png`, whole.subarray(0, 100));
        await Deno.remove(out, { recursive: true });
        const problem = await failing(1, "train", ...args, "--data", data, "--set", "training.steps=4");
        assertStringIncludes(problem, `${data}/4.png`);
        assertEquals(Deno.readTextFileSync(`${out}/log.jsonl`).trim().split("\n").length, 4);
        assert(namesIn(out).includes("checkpoint.safetensors"), "training did not come to its end");
        await Deno.writeFile(`${data}/4.png`, whole);
      },
    );

    await t.step("a damaged file ends training with its name", async () => {
      await Deno.writeFile(`${data}/2_depth.png`, depthOf(2).subarray(0, 300));
      const problem = await failing(1, "train", ...args, "--data", data, "--set", "training.steps=2");
      assertStringIncludes(problem, `${data}/2_depth.png`);
    });

    await t.step("a wrong line of the list is named", async () => {
      await Deno.writeTextFile(`${data}/pairs.csv`, "image,depth,split\n0.png,0_depth.png,train\n1.png,,test\n");
      const problem = await failing(1, "train", ...args, "--data", data);
      assertStringIncludes(problem, "pairs.csv, line 3, column depth");
    });
  });
});
