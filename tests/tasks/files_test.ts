import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { serving } from "../data/shards/support.ts";
import { writePairs } from "./pairs.ts";
import { failing, namesIn, runTask, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const files = { kind: "files", height: 32, width: 40, crop: [36, 44] };

Deno.test("unreadable samples end training, or are skipped, counted and named", async () => {
  await withFolder(async (folder) => {
    const [data, out] = [`${folder}/data`, `${folder}/run`];
    await writePairs(data);
    await Deno.truncate(`${data}/1.png`, 90);
    await Deno.truncate(`${data}/4_depth.png`, 90);
    const config = await writeConfiguration(folder, { ...tinier, data: files, training: { steps: 3, batch: 2 } });
    const args = ["--config", config, "--out", out, "--backend", "wasm", "--data", data];
    assertStringIncludes(await failing(1, "train", ...args), "1.png");
    assert(!namesIn(folder).includes("run"), "what is seen at the start leaves no folder");
    const skipped = await succeeding("train", ...args, "--set", "data.onUnreadable=skip");
    for (const part of ["could not be read and were skipped", "1.png", "4_depth.png"]) {
      assertStringIncludes(skipped, part);
    }
    assertEquals(JSON.parse(await Deno.readTextFile(`${out}/metrics.json`)).network.images, 1);
  });
});

Deno.test("the number of workers changes no bit of what is trained", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const augment = { mirror: true, jitter: 0.3, rotation: 8, scale: 1.3 };
    const config = await writeConfiguration(folder, {
      ...tinier,
      data: files,
      augment,
      training: { steps: 4, batch: 3 },
    });
    const weightsBy = async (workers: string): Promise<Uint8Array> => {
      const out = `${folder}/by${workers}`;
      const args = ["--config", config, "--backend", "wasm", "--data", `${folder}/data`, "--workers", workers];
      await succeeding("train", ...args, "--out", out);
      return await Deno.readFile(`${out}/checkpoint.safetensors`);
    };
    const expected = await weightsBy("0");
    assertEquals(await weightsBy("3"), expected);
  });
});

Deno.test("training from shards at an address is the same as from their folder, and wants the network's permission", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    await succeeding("pack", `${folder}/data`, "--out", `${folder}/shards`, "--per-shard", "2");
    const config = await writeConfiguration(folder, { ...tinier, data: files });
    const train = async (data: string, name: string) => {
      const host = "127.0.0.1";
      const args = ["--config", config, "--out", `${folder}/${name}`, "--backend", "wasm", "--data", data];
      const { code, err } = await runTask("train", args, ["--allow-read", "--allow-write", `--allow-net=${host}`]);
      assertEquals([code, err], [0, ""]);
      return JSON.parse(await Deno.readTextFile(`${folder}/${name}/metrics.json`)).network.rel;
    };
    const near = await train(`${folder}/shards`, "near");
    await serving(`${folder}/shards`, async (url) => {
      assertEquals(await train(url, "far"), near);
      const refused = await failing(1, "train", "--config", config, "--backend", "wasm", "--data", url);
      assertStringIncludes(refused, "--allow-net");
    });
  });
});

Deno.test("a crop that is larger than an image is refused by the image's name", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const config = await writeConfiguration(folder, { ...tinier, data: { ...files, crop: [38, 44] } });
    const problem = await failing(1, "train", "--config", config, "--backend", "wasm", "--data", `${folder}/data`);
    for (const part of [".png", "38"]) assertStringIncludes(problem, part);
  });
});

Deno.test("a split without samples is said with the field that holds them out, by every task that needs one", async () => {
  await withFolder(async (folder) => {
    const data = `${folder}/data`;
    await writePairs(data);
    await Deno.remove(`${data}/pairs.csv`);
    const lines = [0, 1, 2, 3, 4].map((at) => `${at}.png ${at}_depth.png 500`);
    await Deno.writeTextFile(`${data}/list.txt`, lines.join("\n"));
    const config = await writeConfiguration(folder, { ...tinier, data: { kind: "files", height: 32, width: 40 } });
    const args = (
      share: number,
    ) => ["--config", config, "--backend", "wasm", "--data", data, "--set", `data.testShare=${share}`];
    const [out, none] = [`${folder}/run`, ["no sample", "data.testShare"]];
    const trainings = [["train"], ["pretrain", "--generator", "scene"], ["pretrain", "--generator", "random"]];
    await Promise.all(trainings.map(async ([task = "", ...flags]) => {
      const problem = await failing(1, task, ...flags, ...args(1), "--out", `${out}-${flags.join("")}`);
      for (const part of ["the training split", ...none]) assertStringIncludes(problem, part);
    }));
    await succeeding("train", ...args(0), "--out", out, "--set", "training.steps=1");
    const evaluated = await failing(
      1,
      "evaluate",
      "--checkpoint",
      `${out}/checkpoint.safetensors`,
      "--backend",
      "wasm",
    );
    for (const part of ["the test split", ...none]) assertStringIncludes(evaluated, part);
    const pretrained = await succeeding("pretrain", "--generator", "reconstruction", ...args(0), "--out", `${out}-R`);
    assertStringIncludes(pretrained, "HEG-R was not tested: the test split has no sample");
    const ablation = { base: config, seeds: [0], baseline: "A", rows: { A: { set: {} } } };
    await Deno.writeTextFile(`${folder}/ablation.json`, JSON.stringify(ablation));
    const compared = await failing(
      1,
      "ablate",
      "--config",
      `${folder}/ablation.json`,
      ...args(0).slice(2),
      "--out",
      `${out}2`,
    );
    for (const part of ["the test split", ...none]) assertStringIncludes(compared, part);
  });
});
