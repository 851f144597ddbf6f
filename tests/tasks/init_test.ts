/** Fine-tuning by `deno task train --init`. */
import { orThrow } from "../../lib/errors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { storedFloat32, type StoredTensor } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";
import { readAll } from "../weights/support.ts";
import { failing, namesIn, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const wasm = ["--backend", "wasm"];

const byName = async (path: string): Promise<ReadonlyMap<string, StoredTensor>> =>
  new Map((await readAll(orThrow(await openTensorFile(path)()))).map((tensor) => [tensor.name, tensor]));

/** Trains, with no step by default, and gives the checkpoint's path and what was said. */
const trained = async (folder: string, name: string, change: object, ...args: readonly string[]) => {
  const config = await writeConfiguration(folder, {
    ...{ ...tinier, evaluation: { pictures: 0 }, training: { steps: 0, batch: 2 } },
    ...change,
  });
  const said = await succeeding("train", "--config", config, "--out", `${folder}/${name}`, ...wasm, ...args);
  return { path: `${folder}/${name}/checkpoint.safetensors`, said };
};

Deno.test("a run begins with all of a checkpoint, own or PyTorch's, or with what is selected of it", async (t) => {
  await withFolder(async (folder) => {
    const { path: first } = await trained(folder, "first", { training: { steps: 1, batch: 2 } });
    const before = await byName(first);
    const anew = await byName((await trained(folder, "anew", {}, "--seed", "9")).path);
    const stem = "params/backbone/stem/conv/kernel";
    assertNotEquals(before.get(stem)?.bytes, anew.get(stem)?.bytes);
    const weightsOf = (tensors: ReadonlyMap<string, StoredTensor>) =>
      [...tensors].filter(([name]) => !name.startsWith("optimizer/"));

    await t.step("its own checkpoint: every parameter and statistic, and a new optimizer", async () => {
      const { path, said } = await trained(folder, "tuned", {}, "--seed", "9", "--init", first);
      const after = await byName(path);
      weightsOf(before).forEach(([name, { bytes }]) => assertEquals(after.get(name)?.bytes, bytes, name));
      const optimizer = [...after].filter(([name]) => name.startsWith("optimizer/"));
      optimizer.forEach(([name, { bytes }]) => assertEquals(bytes, anew.get(name)?.bytes, name));
      assertStringIncludes(said, `init: ${first} gives ${weightsOf(before).length} of the network's`);
      const config = JSON.parse(await Deno.readTextFile(`${folder}/tuned/config.json`));
      assertEquals(config.init, { file: first, only: "**" });
      const told = orThrow(await openTensorFile(path)()).metadata.configuration ?? "";
      assertEquals(JSON.parse(told).init, config.init);
    });

    await t.step("a selection: the backbone, and the rest as it is drawn", async () => {
      const args = ["--seed", "9", "--init", first, "--init-only", "backbone/**"];
      const { path, said } = await trained(folder, "selected", {}, ...args);
      weightsOf(await byName(path)).forEach(([name, { bytes }]) => {
        const from = /^(params|statistics)\/backbone\//.test(name) ? before : anew;
        assertEquals(bytes, from.get(name)?.bytes, name);
      });
      assertStringIncludes(said, "not selected: pyramid ");
    });

    await t.step("PyTorch's names with a head of another width", async () => {
      const [published, bare] = [`${folder}/published.safetensors`, `${folder}/bare.safetensors`];
      await succeeding("convert", first, published, "--names", "published");
      const tensors = (await readAll(orThrow(await openTensorFile(published)()))).map((tensor) => ({
        ...tensor,
        name: `module.${tensor.name}`,
      }));
      const more = storedFloat32("module.extra.weight", [2], new Float32Array(2));
      await Deno.writeFile(bare, encodeSafetensors([...tensors, more], {}));
      const wider = { network: { features: 6 } };
      const { path, said } = await trained(folder, "wider", wider, "--init", bare);
      assertEquals((await byName(path)).get(stem)?.bytes, before.get(stem)?.bytes);
      for (const part of ["does not say which variant", "of another shape: pyramid", "module.extra.weight 1"]) {
        assertStringIncludes(said, part);
      }
      assert(said.split("\n").every((line) => line.length < 500), said);
    });

    await t.step("another fusion's tensors are not taken, and it is said", async () => {
      const fused = { network: { features: 4, fusion: "cliff-no-attention" } };
      const { path, said } = await trained(folder, "fused", fused, "--seed", "9", "--init", first);
      assertStringIncludes(said, 'the fusion "cliff"');
      const name = "params/estimator/fusion/level2/fuse/conv/kernel";
      assertNotEquals((await byName(path)).get(name)?.bytes, before.get(name)?.bytes);
    });

    await t.step("what cannot work is told at the start, before anything is written", async () => {
      const names = namesIn(folder);
      const refused = async (change: object, ...args: readonly string[]) => {
        const config = await writeConfiguration(folder, { ...tinier, ...change });
        return await failing(1, "train", "--config", config, "--out", `${folder}/refused`, ...wasm, ...args);
      };
      const wide = { backbone: { layers: 50, width: 8 }, network: { features: 5 } };
      const none = await refused(wide, "--init", first, "--init-only", "pyramid/lateral/level3/conv/kernel");
      for (const part of [first, "nothing that the network can begin with", "of another shape: pyramid"]) {
        assertStringIncludes(none, part);
      }
      assertStringIncludes(await refused({}, "--init", first, "--init-only", "backbon/**"), "init.only");
      assertStringIncludes(await refused({}, "--init-only", "backbone/**"), "without a file");
      assertStringIncludes(await refused({}, "--init", `${folder}/none.pth`), "none.pth");
      const variant = { backbone: { ...tinier.backbone, preprocessing: "rgb-imagenet" } };
      assertStringIncludes(await refused(variant, "--init", first), "backbone.preprocessing");
      assertEquals(namesIn(folder), names);
    });
  });
});
