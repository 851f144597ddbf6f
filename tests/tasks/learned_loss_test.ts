import { orThrow } from "../../lib/errors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, moduleUrl, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const source = `import { l1, learnedWeights, edgeAwareSmoothness } from "${moduleUrl("lib/loss/mod.ts")}";
export default learnedWeights({ l1, smooth: edgeAwareSmoothness });
`;

Deno.test("a loss that learns is logged, saved and explained, and other tasks take its network as any other", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, { ...tinier, training: { steps: 3, batch: 2 } });
    const [loss, out] = [`${folder}/loss.ts`, `${folder}/run`];
    await Deno.writeTextFile(loss, source);
    await succeeding("train", "--config", config, "--out", out, "--backend", "wasm", "--loss", loss);

    const steps = Deno.readTextFileSync(`${out}/log.jsonl`).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(steps[0].weights, { l1: 1, smooth: 1 });
    assert(steps[2].weights.l1 !== 1 && steps[2].weights.smooth !== 1);

    const checkpoint = `${out}/checkpoint.safetensors`;
    const names = orThrow(await openTensorFile(checkpoint)()).entries.map(({ name }) => name);
    assertEquals(names.filter((name) => name.startsWith("objective/")), ["objective/l1/s", "objective/smooth/s"]);
    assertEquals(names.filter((name) => name.startsWith("params/objective")), []);

    const given = ["--checkpoint", checkpoint, "--backend", "wasm"];
    await Deno.writeTextFile(loss, `${source}console.log("the loss file ran");\n`);
    const refused = await failing(1, "explain", ...given, "--count", "1");
    for (const part of [loss, "only the checkpoint names", "--loss"]) assertStringIncludes(refused, part);
    assert(!refused.includes("the loss file ran"));
    const explained = await succeeding("explain", ...given, "--count", "1", "--loss", loss);
    assertStringIncludes(explained, "the loss file ran");
    assert(/^smooth .*yes$/m.test(explained), explained);
    assertStringIncludes(await succeeding("evaluate", ...given), "CLIFFNet");
  });
});
