// A network and a data set of one's own on the command line: each task runs only the modules that its user has named.
import { assert, assertStringIncludes } from "../std.ts";
import { ownFiles, writeFiles } from "../modules/support.ts";
import { failing, namesIn, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const wasm = ["--backend", "wasm", "--workers", "0"];

Deno.test("what is trained with modules is evaluated with the same ones, named again by flag or setting", async (t) => {
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    const config = await writeConfiguration(folder, { ...tinier, evaluation: { pictures: 0 } });
    const [network, walls] = [`${folder}/network.ts`, `${folder}/walls.ts`];
    const checkpoint = ["--checkpoint", `${folder}/run/checkpoint.safetensors`];

    await t.step("train takes both in place of the configuration's", async () => {
      const modules = ["--network", network, "--dataset", walls, "--set", "data.options.count=4"];
      const said = await succeeding("train", "--config", config, ...modules, "--out", `${folder}/run`, ...wasm);
      for (const part of [`data: ${walls}, walls`, "4 to train on, 2 to test on", `the network of ${network} has`]) {
        assertStringIncludes(said, part);
      }
      assert(namesIn(`${folder}/run`).includes("checkpoint.safetensors"));
    });

    await t.step("data that only the checkpoint names are refused", async () => {
      const problem = await failing(2, "evaluate", ...checkpoint, "--network", network, ...wasm);
      for (const part of ["--dataset", walls, "no code is run"]) assertStringIncludes(problem, part);
    });

    await t.step("a setting names a module as a flag does, and the training's options go along", async () => {
      const named = ["--set", `networkFile=${network}`, "--set", `data.file=${walls}`];
      const said = await succeeding("evaluate", ...checkpoint, ...named, ...wasm);
      for (const part of ["4 to train on, 2 to test on", "2 images"]) assertStringIncludes(said, part);
    });

    await t.step("inspect looks at a data set with workers of its own, in the folder that is named", async () => {
      const said = await succeeding("inspect", folder, "--dataset", walls, "--workers", "1");
      for (const part of [`${walls}, walls in ${folder}, depth in metres`, "3 to train on"]) {
        assertStringIncludes(said, part);
      }
    });

    await t.step("a data set that has changed since is refused", async () => {
      await writeFiles(folder, { "walls.ts": `${ownFiles["walls.ts"]}// changed\n` });
      const problem = await failing(1, "evaluate", ...checkpoint, "--network", network, "--dataset", walls, ...wasm);
      for (const part of [walls, "another module"]) assertStringIncludes(problem, part);
    });
  });
});
