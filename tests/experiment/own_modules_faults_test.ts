// What goes wrong with modules of one's own is told at its file and line: before a training where it can be, else within it.
import { countTensors } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { helperText, networkText, ownFiles, writeFiles } from "../modules/support.ts";
import { namesIn, withFolder } from "../tasks/support.ts";
import { ownConfiguration, trainIn } from "./own_modules_support.ts";

Deno.test("what is wrong with a module is told before a step is made and a file is written", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    await writeFiles(`${folder}/half`, {
      "helper.ts": helperText(1),
      "network.ts": networkText.replace("tf.mul(depth, scale)", "tf.avgPool(depth, 2, 2, 'same')"),
      "walls.ts": ownFiles["walls.ts"].replace("return { image", "metres[99] = NaN;\n  return { image"),
    });
    const { data } = ownConfiguration(`${folder}/half`);
    const cases = [
      [ownConfiguration(folder, { networkFile: `${folder}/half/network.ts` }), "script", "[2, 32, 40, 1]"],
      [ownConfiguration(folder, { data }), "data", `${folder}/half/walls.ts, sample 0: found a depth of NaN m`],
      [ownConfiguration(folder, { networkOptions: { width: 10 } }), "configuration", "field width"],
      [ownConfiguration(folder, { data: { ...data, options: { count: 0 } } }), "configuration", "field count"],
      [ownConfiguration(folder, { networkFile: `${folder}/none.ts` }), "missing", `${folder}/none.ts`],
    ] as const;
    for (const [configuration, kind, says] of cases) {
      const before = countTensors();
      const result = await trainIn(folder, configuration);
      assert(E.isLeft(result), says);
      assertEquals(result.left.kind, kind);
      assertStringIncludes(describe(result.left), says);
      assertEquals([namesIn(folder).includes("run"), countTensors()], [false, before]);
    }
  });
});

Deno.test("a promise of a module that is rejected and that nobody waits for ends training, with its line", async () => {
  await withFolder(async (folder) => {
    const adrift = '  (async () => { await null; throw new Error("adrift"); })();\n';
    // The trial applies the network a few times, and the checks before a training read samples, but not the one in the middle.
    const late = networkText.replace("export default", "let calls = 0;\nexport default")
      .replace("fromFunction((depth) => tf", `fromFunction((depth) => {\n  if (++calls > 12)\n${adrift}  return tf`)
      .replace("scale)));", "scale);\n  }));");
    const last = ownFiles["walls.ts"].replace(
      "const wall = (index) => {\n",
      (text) => `${text}  if (index === 4)\n${adrift}`,
    );
    await writeFiles(folder, { ...ownFiles, "late.ts": late, "last.ts": last });
    const { data } = ownConfiguration(folder);
    const cases = [
      ["late.ts", late, { networkFile: `${folder}/late.ts` }],
      ["last.ts", last, {
        data: { ...data, file: `${folder}/last.ts`, options: { count: 9 } },
        evaluation: { far: 9 },
      }],
    ] as const;
    for (const [at, [name, text, more]] of cases.entries()) {
      const before = countTensors();
      const line = text.split("\n").findIndex((each) => each.includes("adrift")) + 1;
      const result = await trainIn(
        `${folder}/${at}`,
        ownConfiguration(folder, { ...more, training: { steps: 30, batch: 2 } }),
      );
      assert(E.isLeft(result), name);
      assertEquals([result.left.kind, result.left.where], ["script", `${folder}/${name}:${line}`]);
      assertStringIncludes(result.left.found, "adrift");
      assert(!namesIn(`${folder}/${at}/run`).includes("checkpoint.safetensors"), "a checkpoint of a broken training");
      assertEquals(countTensors(), before);
    }
  });
});
