/** A fusion goes from the configuration to the checkpoint and back. */
import { assertStringIncludes } from "../std.ts";
import { failing, pngOf, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const wasm = ["--backend", "wasm"];

Deno.test("a network with another fusion is trained, evaluated and predicts, as its checkpoint says", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, { ...tinier, evaluation: { pictures: 0 } });
    const out = `${folder}/run`;
    const checkpoint = `${out}/checkpoint.safetensors`;
    const fusion = ["--set", "network.fusion=concatenation"];

    await t.step("train says how many parameters are the fusion's", async () => {
      const said = await succeeding("train", "--config", config, "--out", out, ...wasm, ...fusion);
      assertStringIncludes(said, `1,768 of them in its fusion "concatenation"`);
    });

    await t.step("evaluate and predict take the fusion from the checkpoint", async () => {
      await succeeding("evaluate", "--checkpoint", checkpoint, ...wasm);
      await Deno.writeFile(`${folder}/image.png`, pngOf(32, 40));
      const args = ["--checkpoint", checkpoint, "--out", `${folder}/depth`, ...wasm];
      await succeeding("predict", ...args, `${folder}/image.png`);
    });

    await t.step("a configuration with another fusion is refused by its field", async () => {
      for (const wanted of ["cliff", "sum"]) {
        const args = ["--checkpoint", checkpoint, "--set", `network.fusion=${wanted}`, ...wasm];
        const problem = await failing(1, "evaluate", ...args);
        for (const part of ["network.fusion", `"${wanted}"`, '"concatenation"', checkpoint]) {
          assertStringIncludes(problem, part);
        }
      }
    });

    await t.step("published names are for CLIFF alone", async () => {
      const problem = await failing(1, "convert", checkpoint, `${folder}/p.safetensors`, "--names", "published");
      for (const part of [checkpoint, '"concatenation"', '"cliff"']) assertStringIncludes(problem, part);
      await succeeding("convert", checkpoint, `${folder}/own.safetensors`, "--names", "own");
    });
  });
});
