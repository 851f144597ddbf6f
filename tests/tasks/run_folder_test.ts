/** What becomes of the folder of a run when another one wants it, when its files are missing, and when somebody stops it. */
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { failing, moduleUrl, namesIn, succeeding, tinier, tiny, withFolder, writeConfiguration } from "./support.ts";

/** The bytes and times of all files of a folder. */
const stateOf = (folder: string): readonly unknown[] =>
  namesIn(folder).map((name) => {
    const info = Deno.statSync(`${folder}/${name}`);
    return [name, info.mtime, info.isFile ? Deno.readFileSync(`${folder}/${name}`) : namesIn(`${folder}/${name}`)];
  });

const wasm = ["--backend", "wasm", "--workers", "0"];

Deno.test("a training keeps another one out of its folder, until that is told to begin anew", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const args = ["--config", await writeConfiguration(folder, tinier), "--out", out, ...wasm];
    await failing(1, "train", ...args, "--loss", `${folder}/missing.ts`);
    assertEquals(namesIn(folder), ["tiny.jsonc"], "a run that cannot begin writes nothing");
    await succeeding("train", ...args);
    const before = stateOf(out);
    for (const [task = "", ...more] of [["train"], ["pretrain", "--generator", "random"]]) {
      const problem = await failing(1, task, ...args, ...more);
      for (const part of [out, "a finished training of 20", "--fresh"]) assertStringIncludes(problem, part);
    }
    const lost = [
      ["--loss", `${folder}/missing.ts`],
      ["--set", `backbone.weights=${folder}/missing.safetensors`],
      [
        ...["--set", 'loss=[{"kind":"hierarchical","generator":"scene","weights":[1,1]}]'],
        ...["--set", `generators.scene.checkpoint=${folder}/missing.safetensors`],
      ],
    ];
    for (const flags of lost) {
      assertStringIncludes(await failing(1, "train", ...args, "--fresh", ...flags), `${folder}/missing`);
    }
    assertEquals(stateOf(out), before);
    const said = await succeeding("train", ...args, "--fresh");
    assertStringIncludes(said, `was moved to ${out}.1`);
    assertEquals(stateOf(`${out}.1`), before);
    assertEquals(namesIn(out), namesIn(`${out}.1`));
  });
});

Deno.test("explain takes no other generator for the one that its checkpoint was trained with", async () => {
  await withFolder(async (folder) => {
    const loss = [{ kind: "l1" }, { kind: "hierarchical", generator: "scene", weights: [0, 10] }];
    const config = await writeConfiguration(folder, { ...tiny, loss, training: { steps: 1, batch: 2 } });
    const [out, other] = [`${folder}/run`, `${folder}/other/heg-scene.safetensors`];
    await succeeding("train", "--config", config, "--out", out, ...wasm);
    const pretraining = ["--config", config, "--generator", "scene", "--seed", "9", "--out", `${folder}/other`];
    await succeeding("pretrain", ...pretraining, ...wasm);
    const args = ["--checkpoint", `${out}/checkpoint.safetensors`, "--count", "1", ...wasm];
    assertStringIncludes(await succeeding("explain", ...args), "1 pictures");
    const told = await succeeding("explain", ...args, "--generator", `scene=${other}`);
    assertStringIncludes(told, `${other} is another generator than the checkpoint was trained with`);
    await Deno.copyFile(other, `${out}/heg-scene.safetensors`);
    const problem = await failing(1, "explain", ...args);
    for (const part of [`${out}/heg-scene.safetensors`, "another generator", "--generator scene=FILE"]) {
      assertStringIncludes(problem, part);
    }
  });
});

/** Starts a training, stops it by signals after its first steps, and gives how it ended. */
const stopped = async (out: string, config: string, signals: readonly Deno.Signal[]) => {
  const args = ["run", "--no-prompt", "--quiet", "--no-check", "--allow-read", "--allow-write", "tasks/train.ts"];
  const child = new Deno.Command("deno", {
    args: [...args, "--config", config, "--out", out, ...wasm],
    cwd: fromFileUrl(moduleUrl("")),
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "none" },
    ...{ stdout: "piped", stderr: "piped" },
  }).spawn();
  const output = child.output();
  const begun = async (): Promise<boolean> => (await Deno.readTextFile(`${out}/log.jsonl`).catch(() => "")) !== "";
  while (!await begun()) await new Promise((resolve) => setTimeout(resolve, 50));
  const told = performance.now();
  signals.forEach((signal) => child.kill(signal));
  const { code, stderr } = await output;
  return { code, seconds: (performance.now() - told) / 1000, err: new TextDecoder().decode(stderr) };
};

Deno.test("a stopped training ends soon with the signal's status, whole lines and what is kept", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, { ...tinier, training: { steps: 20_000, batch: 2 } });
    const cases = [[130, "SIGINT"], [143, "SIGTERM"]] as const;
    for (const [status, signal] of cases) {
      const out = `${folder}/${signal}`;
      // As `deno task` does, which sends a terminal's Ctrl-C on that the task has had itself.
      const { code, err, seconds } = await stopped(out, config, [signal, signal]);
      assertEquals([code, err], [
        status,
        `stopped by ${signal}. Kept in ${out}: log.jsonl; --fresh moves it aside and begins anew.\n`,
      ]);
      assert(seconds < 5, `${seconds} s`);
      assertEquals(namesIn(out), ["config.json", "log.jsonl"]);
      const lines = (await Deno.readTextFile(`${out}/log.jsonl`)).split("\n");
      assertEquals(lines.pop(), "");
      assertEquals(lines.map((line) => JSON.parse(line).step), lines.map((_, at) => at + 1));
    }
    assertStringIncludes(
      await failing(1, "train", "--config", config, "--out", `${folder}/SIGINT`, ...wasm),
      "--fresh",
    );
  });
});
