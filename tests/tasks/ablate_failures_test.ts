import { assertEquals, assertStringIncludes } from "../std.ts";
import { ablation, jsonOf, type Table } from "./ablation_support.ts";
import { failing, moduleUrl, namesIn, succeeding, tiny, withFolder } from "./support.ts";

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

Deno.test("a row whose loss throws, at the start or in training, is told with its line, and the others are made", async () => {
  await withFolder(async (folder) => {
    const loss = (calls: number) =>
      `import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";\nlet calls = 0;\nexport default (...given) => {\n` +
      `  if (++calls > ${calls}) throw new Error("broken off");\n  return l1(...given);\n};\n`;
    // At the start it is tried out, by six calls, and once more before its row trains.
    await Deno.writeTextFile(`${folder}/start.ts`, loss(0));
    await Deno.writeTextFile(`${folder}/later.ts`, loss(13));
    const base = { ...tiny, loss: [{ kind: "l1" }], training: { steps: 4, batch: 2 }, evaluation: { pictures: 0 } };
    const rows = { "later": { lossFile: "later.ts" }, "start": { lossFile: "start.ts" }, "L1": {} };
    const config = `${folder}/one.jsonc`;
    await Deno.writeTextFile(config, JSON.stringify({ base, seeds: [0], baseline: "L1", rows }));
    const out = `${folder}/run`;
    const problem = await failing(1, "ablate", "--config", config, "--out", out, "--backend", "wasm", "--workers", "0");
    for (const row of ["later", "start"]) {
      assertStringIncludes(problem, `row "${row}", seed 0: ${folder}/${row}.ts:4, loss "custom": found broken off`);
    }
    const table = Deno.readTextFileSync(`${out}/table.md`);
    for (const part of ["| L1 | 1 | 0.", "| later | 0 | – |", "| start | 0 | – |"]) assertStringIncludes(table, part);
    // A script can be mended: the row is tried again.
    await Deno.writeTextFile(`${folder}/start.ts`, loss(1000));
    await Deno.writeTextFile(`${folder}/later.ts`, loss(1000));
    await succeeding("ablate", "--config", config, "--out", out, "--backend", "wasm", "--workers", "0");
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
