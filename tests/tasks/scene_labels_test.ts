/** Data whose test samples have no scene of training, as Cityscapes' and DenseDepth's, train with what learns scenes. */
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { dirname } from "../../lib/dependencies/text.ts";
import { jsonOf } from "./ablation_support.ts";
import { writePairs } from "./pairs.ts";
import { failing, namesIn, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

const configuration = {
  ...tiny,
  data: { kind: "files", height: 32, width: 40 },
  generators: { scene: tiny.generators.scene, image: tiny.generators.scene },
  loss: [{ kind: "l1" }, { kind: "hierarchical", generator: "scene", weights: [0, 10, 15], weight: 0.02 }],
  training: { steps: 1, batch: 2 },
  evaluation: { pictures: 0 },
};

interface Metrics {
  readonly generators: { readonly scene: Readonly<Record<string, number>> };
}

/** Five pairs, of which the last two are tested: their scenes are `tested`, those of training kitchen, office, kitchen. */
const withScenes = async (
  tested: readonly [string, string],
  use: (args: readonly string[], out: string) => Promise<void>,
) =>
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const path = `${folder}/data/pairs.csv`;
    const [heading, ...lines] = (await Deno.readTextFile(path)).split("\n");
    const changed = lines.map((line, at) => line.replace(/kitchen|office/, (scene) => tested[at - 3] ?? scene));
    await Deno.writeTextFile(path, [heading, ...changed].join("\n"));
    const config = await writeConfiguration(folder, configuration);
    const out = `${folder}/run`;
    await use(
      ["--config", config, "--data", `${folder}/data`, "--out", out, "--backend", "wasm", "--workers", "0"],
      out,
    );
  });

Deno.test("test samples of other scenes are left out of HEG-S's accuracy, said and counted", async () => {
  await withScenes(["frankfurt", "office"], async (args, out) => {
    const said = await succeeding("train", ...args);
    assertStringIncludes(said, "left out are 1 test samples of no scene that training has");
    const { scene } = jsonOf<Metrics>(`${out}/metrics.json`).generators;
    assertEquals([scene.leftOut, scene.heldOut, scene.mostFrequent], [1, undefined, 1]);
    assert(scene.accuracy === 0 || scene.accuracy === 1);
  });
});

for (const tested of [["frankfurt", "frankfurt"], ["", ""]] as const) {
  Deno.test(`if no test sample is left, as of "${tested[0]}", training samples are held out to measure by`, async () => {
    await withScenes(tested, async (args, out) => {
      const said = await succeeding("train", ...args);
      assertStringIncludes(said, "held-out training samples, as none of the 2 test samples has a scene of training");
      const { scene } = jsonOf<Metrics>(`${out}/metrics.json`).generators;
      assertEquals([scene.leftOut, scene.heldOut], [2, 1]);
      assert(namesIn(out).includes("checkpoint.safetensors"));
      const alone = await succeeding(
        "pretrain",
        "--generator",
        "image",
        ...args.map((arg) => arg === out ? `${out}2` : arg),
      );
      assertStringIncludes(alone, "the HEG of grey images recognizes");
      assertStringIncludes(alone, "held-out training samples");
    });
  });
}

Deno.test("without two scenes in training, train and pretrain end before anything is written", async () => {
  await withScenes(["office", "office"], async (args, out) => {
    const one = ["--set", 'data.list="one.csv"'];
    const folder = args[3] ?? "";
    const list = (await Deno.readTextFile(`${folder}/pairs.csv`)).replace(/office(?=,train)/, "kitchen");
    await Deno.remove(`${folder}/pairs.csv`);
    await Deno.writeTextFile(`${folder}/one.csv`, list);
    for (const task of [["train"], ["pretrain", "--generator", "scene"], ["pretrain", "--generator", "image"]]) {
      const [name = "", ...flags] = task;
      assertStringIncludes(await failing(1, name, ...flags, ...args, ...one), "1 scene label among 3 training samples");
      assert(!namesIn(dirname(out)).includes("run"));
    }
  });
});

const cases = new URL("../../../shared/cases/", import.meta.url);

const isThere = (name: string): boolean => {
  try {
    return Deno.statSync(new URL(name, cases)).isDirectory;
  } catch {
    return false;
  }
};

for (const name of ["02-cityscapes-heg-s", "03-densedepth-heg-s"]) {
  const missing = !isThere(name);
  if (missing) console.log(`The case ${name} is not here; its test is skipped.`);
  Deno.test({
    name: `a user's data train: ${name}`,
    ignore: missing,
    fn: () =>
      withFolder(async (folder) => {
        const config = await writeConfiguration(folder, configuration);
        const data = fromFileUrl(new URL(name, cases));
        const args = ["--config", config, "--data", data, "--out", `${folder}/run`, "--backend", "wasm"];
        assertStringIncludes(await succeeding("train", ...args), "none of the 4 test samples has a scene of training");
        assert(namesIn(`${folder}/run`).includes("metrics.json"));
      }),
  });
}
