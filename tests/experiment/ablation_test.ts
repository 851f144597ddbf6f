import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { runAblation } from "../../lib/experiment/ablation/ablate.ts";
import { planOf } from "../../lib/experiment/ablation/plan.ts";
import { decodeImage } from "../../lib/formats/image.ts";
import { silent } from "../../lib/train/listener.ts";
import { assert, assertEquals } from "../std.ts";
import { namesIn, tinier, withFolder } from "../tasks/support.ts";

const device = orThrow(await openDevice("wasm")());

const sheets = ["curves", "differences", "metrics"];

Deno.test("two ablations in one program each give their report, tables and plots, and free all tensors", async () => {
  const before = countTensors();
  await withFolder(async (folder) => {
    const file = `${folder}/losses.jsonc`;
    const base = { ...tinier, evaluation: { pictures: 0 } };
    const rows = { L1: {}, L2: { set: { loss: [{ kind: "l2" }] } } };
    await Deno.writeTextFile(file, JSON.stringify({ base, seeds: [0], baseline: "L1", rows }));
    for (const out of ["first", "second"].map((name) => `${folder}/${name}`)) {
      const plan = orThrow(await planOf({ file, out })());
      const options = { listener: silent, openDevice: TE.right(device), workers: 0 };
      const { report, problem } = orThrow(await runAblation(plan, options)());
      assertEquals(problem, null);
      assertEquals(report?.rows.map(({ row, seeds }) => [row, seeds]), [["L1", [0]], ["L2", [0]]]);
      assertEquals(namesIn(out).filter((name) => /\.(csv|json|md|png|svg)$/.test(name)), [
        ...sheets.flatMap((name) => [`${name}.png`, `${name}.svg`]),
        ...["table.csv", "table.json", "table.md"],
      ]);
      for (const name of sheets) {
        const { pixels } = orThrow(await decodeImage(name, Deno.readFileSync(`${out}/${name}.png`))());
        assert(pixels.filter((value) => value < 80).length > 1000, name);
      }
    }
  });
  assertEquals(countTensors(), before);
});
