import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { storedFloat32 } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, namesIn, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

const withoutGenerators = { ...tiny, training: { steps: 0, batch: 2 }, evaluation: { pictures: 0 } };

Deno.test("a checkpoint that does not fit is refused with what is wrong with it", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, withoutGenerators);
    const out = `${folder}/run`;
    const pretrained = `${folder}/scene/heg-scene.safetensors`;
    const loss = ["--set", 'loss=[{"kind":"l1"}]'];
    const [, said] = await Promise.all([
      succeeding("train", "--config", config, "--out", out, "--backend", "wasm", ...loss),
      succeeding(
        "pretrain",
        "--config",
        config,
        "--out",
        `${folder}/scene`,
        "--generator",
        "scene",
        "--backend",
        "wasm",
      ),
    ]);
    const checkpoint = `${out}/checkpoint.safetensors`;
    const evaluating = (path: string, ...args: readonly string[]) =>
      failing(1, "evaluate", "--backend", "wasm", "--checkpoint", path, ...args);

    await t.step("pretrain writes its generator, and says where it is", () => {
      assertEquals(namesIn(`${folder}/scene`), ["config.json", "heg-scene.safetensors", "log.jsonl", "metrics.json"]);
      assertStringIncludes(said, pretrained);
      const lines = Deno.readTextFileSync(`${folder}/scene/log.jsonl`).trim().split("\n");
      assertEquals(lines.map((line) => JSON.parse(line).phase), ["scene", "scene"]);
    });

    await t.step("a generator is no depth network", async () => {
      const problem = await evaluating(pretrained);
      for (const part of [pretrained, '"scene"', '"depth"']) assertStringIncludes(problem, part);
    });

    await t.step("a network of another width is refused with every tensor that differs", async () => {
      const problem = await evaluating(checkpoint, "--set", "network.features=8");
      const lines = problem.split("\n").slice(1);
      assertStringIncludes(problem, `${checkpoint}: found a file that does not fit in ${lines.length} tensors`);
      for (
        const part of ["params/pyramid/lateral/level2/conv/kernel: [1, 1, 4, 4] instead of [1, 1, 4, 8]", "statistics/"]
      ) {
        assertStringIncludes(problem, part);
      }
    });

    await t.step("a setting that does not exist is an error here, too", async () => {
      assertStringIncludes(await evaluating(checkpoint, "--set", "network.depth=8"), "network.depth");
    });

    await t.step("a truncated checkpoint, an empty one and a missing one are named", async () => {
      const whole = await Deno.readFile(checkpoint);
      const damaged = [whole.subarray(0, 1000), whole.subarray(0, whole.length - 4), new Uint8Array(0)];
      for (const [at, bytes] of damaged.entries()) {
        const path = `${folder}/damaged${at}.safetensors`;
        await Deno.writeFile(path, bytes);
        assertStringIncludes(await evaluating(path), path);
      }
      assertStringIncludes(await evaluating(`${folder}/none.safetensors`), "no such file");
    });

    await t.step("safetensors of another program are told from ours", async () => {
      const path = `${folder}/other.safetensors`;
      await Deno.writeFile(path, encodeSafetensors([storedFloat32("weight", [2], Float32Array.of(1, 2))], {}));
      assertStringIncludes(await evaluating(path), "train or pretrain");
    });

    await t.step("results that cannot be written are named, and nothing is left half", async () => {
      const problem = await evaluating(checkpoint, "--json", `${config}/metrics.json`);
      assertStringIncludes(problem, `${config}/metrics.json`);
      const before = namesIn(folder);
      assertEquals(before.filter((name) => name.includes("part")), []);
    });

    await t.step("train takes a pretrained generator, and refuses one of another kind", async () => {
      const args = ["--config", config, "--out", `${folder}/second`, "--fresh", "--backend", "wasm"];
      const own = ["--set", `generators.scene.checkpoint=${pretrained}`];
      const only = (generator: string) => [
        "--set",
        `loss=[{"kind":"hierarchical","generator":"${generator}","weights":[1,1]}]`,
      ];
      const heard = await succeeding("train", ...args, ...own, ...only("scene"), "--set", "training.steps=1");
      assertStringIncludes(heard, `HEG-S from ${pretrained}`);
      assert(!namesIn(`${folder}/second`).includes("heg-scene.safetensors"), "it was pretrained again");
      const other = ["--set", `generators.reconstruction.checkpoint=${pretrained}`];
      const problem = await failing(1, "train", ...args, ...other, ...only("reconstruction"));
      for (const part of [pretrained, '"scene"', '"reconstruction"']) assertStringIncludes(problem, part);
    });
  });
});
