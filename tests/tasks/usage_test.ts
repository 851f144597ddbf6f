import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, namesIn, problemOf, runTask, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const flags: Readonly<Record<string, readonly string[]>> = {
  train: ["config", "backend", "set", "data", "out", "seed", "loss", "help"],
  ablate: ["config", "backend", "set", "base", "data", "out", "help"],
  pretrain: ["config", "backend", "set", "generator", "data", "out", "seed", "help"],
  evaluate: ["config", "backend", "set", "checkpoint", "data", "protocol", "csv", "json", "help"],
  inspect: ["config", "set", "workers", "layout", "json", "picture", "pictures", "help"],
  pack: ["config", "set", "workers", "layout", "out", "per-shard", "network-size", "help"],
  predict: [
    "config",
    "backend",
    "set",
    "checkpoint",
    "out",
    "format",
    "legend",
    "png-scale",
    "overwrite",
    "on-unreadable",
    "help",
  ],
  explain: ["config", "backend", "set", "checkpoint", "generator", "data", "truth", "count", "out", "json", "help"],
  schema: ["help"],
};

for (const [task, names] of Object.entries(flags)) {
  Deno.test(`${task} --help lists its flags, and an unknown one is refused with all that are allowed`, async () => {
    const [help, problem] = await Promise.all([succeeding(task, "--help"), failing(2, task, "--frobnicate", "3")]);
    assertStringIncludes(help, `deno task ${task}`);
    assertStringIncludes(problem, "--frobnicate");
    for (const name of names) {
      assertStringIncludes(help, `  --${name}`);
      assertStringIncludes(problem, `--${name}`);
    }
  });
}

const wrong: readonly (readonly [what: string, code: 1 | 2, task: string, args: readonly string[], says: string[]])[] =
  [
    ["a backend that does not exist", 2, "train", ["--backend", "nonsense"], ["--backend", "nonsense", "webgpu, wasm"]],
    ["a value without a flag", 2, "train", ["quickstart"], ["quickstart"]],
    ["a flag without its value", 2, "evaluate", ["--checkpoint"], ["--checkpoint"]],
    ["a setting that is none", 2, "train", ["--set", "optim.lr"], ["--set", "optim.lr", "FIELD=VALUE"]],
    ["a missing generator", 2, "pretrain", [], ["--generator", "scene, reconstruction, image, random"]],
    ["a missing checkpoint", 2, "evaluate", ["--backend", "wasm"], ["--checkpoint"]],
    ["no image", 2, "predict", ["--checkpoint", "a"], ["image", "PNG"]],
    ["a format that does not exist", 2, "predict", ["--format", "npy,gif", "a.png"], ["gif", "color, png16, npy"]],
    ["a scale that is none", 2, "predict", ["--format", "png16", "--png-scale", "0", "a.png"], [
      "--png-scale",
      "above 0",
    ]],
    ["a scale of nothing", 2, "predict", ["--png-scale", "500", "a.png"], ["--png-scale", "color", "png16"]],
    ["a legend of nothing", 2, "predict", ["--legend", "--format", "npy", "a.png"], ["--legend", "npy", "color"]],
    ["another way with the unreadable", 2, "predict", ["--on-unreadable", "cry", "a.png"], ["cry", "skip, fail"]],
    ["a field that does not exist", 1, "train", ["--set", "optim.rate=1"], ["optim.rate", "lr, decay"]],
    ["a seed that is no number", 2, "train", ["--seed", "first"], ["--seed", "first", "integer"]],
    ["a configuration that is not there", 1, "train", ["--config", "no/such.jsonc"], ["no/such.jsonc", "no such file"]],
    ["no data", 2, "inspect", [], ["DATA", "--config"]],
    ["data that are not there", 1, "inspect", ["no/such"], ["no/such", "no such file"]],
    ["shards without a folder", 2, "pack", ["data"], ["--out"]],
    ["workers that are no number", 2, "train", ["--workers", "many", "--backend", "wasm"], ["--workers", "many"]],
    ["an image that is not there", 1, "predict", ["no/such.png"], ["no/such.png"]],
    ["data for built-in scenes", 2, "train", ["--data", "x", "--backend", "wasm"], ["--data", "built-in scenes"]],
  ];

Deno.test("what is wrong with a command line is said in one line that names it and what is allowed", async (t) => {
  for (const [what, code, task, args, says] of wrong) {
    await t.step(`${what} ends ${task} with status ${code}`, async () => {
      const problem = await failing(code, task, ...args);
      for (const part of says) assertStringIncludes(problem, part);
    });
  }
});

Deno.test("a folder that cannot be written ends train before anything is computed", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tinier);
    const out = `${config}/run`;
    const problem = await failing(1, "train", "--config", config, "--out", out, "--backend", "wasm");
    assertStringIncludes(problem, out);
    assertEquals(namesIn(folder), ["tiny.jsonc"]);
  });
});

Deno.test("without the permission to write, one line names the folder", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tinier);
    const args = ["--config", config, "--out", `${folder}/run`, "--backend", "wasm"];
    const outcome = await runTask("train", args, ["--allow-read"]);
    assertEquals(outcome.code, 1);
    assertStringIncludes(problemOf(outcome), `${folder}/run`);
  });
});

Deno.test("webgpu without an adapter ends with the reason, and auto goes on with wasm and says why", async () => {
  await withFolder(async (folder) => {
    // The list is missing, so that nothing is computed on any backend.
    const config = await writeConfiguration(folder, { data: { kind: "files", layout: "csv", list: "none.csv" } });
    const args = ["--config", config, "--data", folder];
    const [webgpu, auto] = await Promise.all([
      runTask("train", [...args, "--backend", "webgpu"]),
      runTask("train", args),
    ]);
    assertEquals([webgpu.code, auto.code], [1, 1]);
    assertStringIncludes(problemOf(webgpu), "no WebGPU adapter");
    assertStringIncludes(problemOf(webgpu), "--backend wasm");
    assert(!webgpu.out.includes("backend: webgpu"), webgpu.out);
    assertStringIncludes(auto.out, "backend: wasm");
    assertStringIncludes(auto.out, "no WebGPU adapter");
    assertStringIncludes(problemOf(auto), "none.csv");
  });
});
