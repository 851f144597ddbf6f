// The losses that are kept as examples: what they say must run.
import { assert, assertEquals, fromFileUrl } from "../std.ts";
import { succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

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
