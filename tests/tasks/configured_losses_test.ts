// The losses that are kept as examples, and the script of the README: what they say must run.
import { pixelLosses } from "../../lib/loss/pixel_losses.ts";
import { assert, assertEquals, fromFileUrl } from "../std.ts";
import { moduleUrl, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const losses = new URL("../../configs/losses/", import.meta.url);

for (const { name } of [...Deno.readDirSync(losses)].sort((a, b) => a.name.localeCompare(b.name))) {
  Deno.test(`configs/losses/${name} trains, in at most 20 lines`, async () => {
    const path = fromFileUrl(new URL(name, losses));
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assert(lines.length <= 20, `${lines.length} lines`);
    assert(lines.some((line) => line.trimStart().startsWith("//")));
    await withFolder(async (folder) => {
      const config = await writeConfiguration(folder, { ...tinier, training: { steps: 3, batch: 2 } });
      await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm", "--loss", path);
      const steps = (await Deno.readTextFile(`${folder}/run/log.jsonl`)).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      assertEquals(steps.length, 3);
      assert(steps.every(({ loss }) => Number.isFinite(loss) && loss > 0));
    });
  });
}

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

Deno.test("the README lists every loss that a term may name, with its unit and source", () => {
  const cells = readme.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const listed = cells.filter(([name]) => pixelLosses.some((loss) => name === `\`${loss.name}\``));
  const told = listed.map(([name, , unit, source]) => [name, unit, source]);
  assertEquals(told, pixelLosses.map(({ name, unit, source }) => [`\`${name}\``, unit, source]));
});

/** The block of the README that begins with this comment. */
const scriptNamed = (name: string): string =>
  readme.split("```ts\n").map((block) => block.split("```")[0] ?? "").find((block) => block.startsWith(`// ${name}`)) ??
    "";

Deno.test("the README's generator of one's own pretrains, trains and tells metrics, on one screen", async () => {
  const script = scriptNamed("own_generator.ts");
  const lines = script.trimEnd().split("\n");
  assert(lines.length > 20 && lines.length <= 40, `${lines.length} lines`);
  const shortened = script.replaceAll("jsr:@cliffnet/cliffnet", moduleUrl("mod.ts")).replace("steps: 100", "steps: 2")
    .replace("train: 300, test: 30", "train: 8, test: 2");
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/own_generator.ts`, shortened);
    const command = new Deno.Command("deno", {
      args: ["run", "--check", "--no-prompt", "--quiet", "--allow-read", `${folder}/own_generator.ts`],
      env: { DENO_WEBGPU_BACKEND: "none", NO_COLOR: "1" },
    });
    const { code, stdout, stderr } = await command.output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, err], [0, ""]);
    for (const metric of ["rel", "rms", "delta1"]) assert(out?.includes(metric), out);
  });
});
