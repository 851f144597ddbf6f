import { assertEquals, assertStringIncludes } from "../std.ts";
import { ablation, jsonOf, type Table } from "./ablation_support.ts";
import { failing, moduleUrl, namesIn, tiny, withFolder } from "./support.ts";

const notANumber = `
import { tf } from "${moduleUrl("lib/dependencies/tensorflow.ts")}";
import { maskedMean } from "${moduleUrl("lib/nn/operations.ts")}";
export default (target, prediction, mask) => maskedMean(tf.log(tf.sub(prediction, 1.5)), mask);
`;

Deno.test("a row whose loss is no number is told of, and the others are compared without it", async () => {
  await withFolder(async (folder) => {
    const base = { ...tiny, loss: [{ kind: "l1" }], training: { steps: 1, batch: 2 }, evaluation: { pictures: 0 } };
    const rows = { "mine": { lossFile: "nan.ts" }, "L1": {} };
    await Deno.writeTextFile(`${folder}/base.jsonc`, JSON.stringify(base));
    await Deno.writeTextFile(`${folder}/nan.ts`, notANumber);
    const config = `${folder}/one.jsonc`;
    await Deno.writeTextFile(config, JSON.stringify({ base: "none.jsonc", seeds: [3], baseline: "L1", rows }));
    const out = `${folder}/run`;
    const args = ["--config", config, "--base", `${folder}/base.jsonc`, "--out", out, "--backend", "wasm"];
    const problem = await failing(1, "ablate", ...args);
    for (const part of ['row "mine", seed 3', "NaN"]) assertStringIncludes(problem, part);
    const table = Deno.readTextFileSync(`${out}/table.md`);
    for (const part of ["One seed (3)", "mine, seed 3:", "| mine | 0 | – |"]) assertStringIncludes(table, part);
    const [mine, plain] = jsonOf<Table>(`${out}/table.json`).rows;
    assertEquals([mine?.seeds, plain?.seeds, mine?.metrics.rel], [[], [3], null]);
    assertEquals([plain?.metrics.rel?.deviation, plain?.metrics.rel?.interval], [null, null]);
    assertEquals(namesIn(`${out}/mine/seed-3`), ["config.json", "failed.json", "log.jsonl", "loss.ts"]);
    const again = await failing(1, "ablate", ...args);
    for (const part of ['row "mine", seed 3', "NaN", "was not tried again"]) assertStringIncludes(again, part);
    assertEquals(Deno.readTextFileSync(`${out}/table.md`).includes("| mine | 0 | – |"), true);
  });
});

Deno.test("an ablation that cannot be read is refused before anything is computed", async () => {
  await withFolder(async (folder) => {
    const config = `${folder}/wrong.jsonc`;
    const refused = async (value: unknown): Promise<string> => {
      await Deno.writeTextFile(config, JSON.stringify(value));
      return await failing(1, "ablate", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
    };
    const wrongRow = { ...ablation, rows: { L1: {}, L7: { set: { loss: [{ kind: "l7" }] } } } };
    for (const part of ['row "L7"', "loss.0.kind", "berhu"]) assertStringIncludes(await refused(wrongRow), part);
    assertStringIncludes(await refused({ ...ablation, base: "none.jsonc" }), `${folder}/none.jsonc`);
    assertStringIncludes(
      await refused({ ...ablation, rows: { L1: {}, own: { lossFile: "no.ts" } } }),
      `${folder}/no.ts`,
    );
    assertEquals(namesIn(folder), ["wrong.jsonc"]);
    assertStringIncludes(await failing(2, "ablate"), "--config");
    const onFiles = ["--config", config, "--base", `${folder}/base.jsonc`, "--data", folder];
    await Deno.writeTextFile(config, JSON.stringify({ ...ablation, base: "none.jsonc" }));
    await Deno.writeTextFile(`${folder}/base.jsonc`, JSON.stringify(tiny));
    assertStringIncludes(await failing(2, "ablate", ...onFiles), "built-in scenes");
  });
});
