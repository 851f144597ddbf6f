import { orThrow } from "../../lib/errors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { readAll } from "../weights/support.ts";
import { ablation, checkPlots, checkTables, folders, jsonOf } from "../tasks/ablation_support.ts";
import { failing, moduleUrl, namesIn, succeeding, withFolder } from "../tasks/support.ts";

/** A loss that breaks off in its fourth step while a file beside it says so; it is tried out by twelve calls before. */
const own = `
import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";
let calls = 0;
export default (target, prediction, mask) => {
  calls += 1;
  const { isFile } = calls > 15 ? Deno.statSync(new URL("break.txt", import.meta.url)) : { isFile: false };
  if (isFile && Deno.readTextFileSync(new URL("break.txt", import.meta.url)) === "now") throw new Error("broken off");
  return l1(target, prediction, mask);
};
`;

/** When each file of the runs was written. */
const times = (out: string): ReadonlyMap<string, number> =>
  new Map(
    Object.values(folders).flatMap((row) =>
      [0, 4].flatMap((seed) =>
        namesIn(`${out}/${row}/seed-${seed}`).map((name) => {
          const path = `${out}/${row}/seed-${seed}/${name}`;
          return [path, Deno.statSync(path).mtime?.getTime() ?? NaN] as const;
        })
      )
    ),
  );

const stepsIn = (path: string): readonly string[] =>
  Deno.readTextFileSync(path).trim().split("\n").map((line) => JSON.parse(line)).map(({ phase, step }) =>
    `${phase} ${step}`
  );

const tensorsOf = async (path: string) => await readAll(orThrow(await openTensorFile(path)()));

Deno.test("ablate trains every row with every seed, goes on where it stopped, and compares the rows", async (t) => {
  await withFolder(async (folder) => {
    const config = `${folder}/small.jsonc`;
    await Deno.writeTextFile(config, `// Written by a test.\n${JSON.stringify(ablation)}`);
    await Deno.writeTextFile(`${folder}/own.ts`, own);
    const out = `${folder}/run`;
    const args = ["--config", config, "--out", out, "--backend", "wasm", "--workers", "0"];

    await t.step(
      "a run that breaks off keeps its state, the others are made, and its failure is told at the end",
      async () => {
        await Deno.writeTextFile(`${folder}/break.txt`, "now");
        const problem = await failing(1, "ablate", ...args);
        for (
          const part of [`row "own", seed 0: ${folder}/own.ts:7`, "broken off", 'row "own", seed 4']
        ) assertStringIncludes(problem, part);
        const names = namesIn(`${out}/own/seed-0`);
        assertEquals(names, ["backend.txt", "config.json", "log.jsonl", "loss.ts", "unfinished.safetensors"]);
        const table = Deno.readTextFileSync(`${out}/table.md`);
        for (const part of ["| L1 | 2 | 0.", "| own | 0 | – |", "Runs that failed"]) assertStringIncludes(table, part);
      },
    );

    await t.step("a run that was begun with another backend is not gone on with", async () => {
      const file = `${out}/own/seed-0/backend.txt`;
      assertEquals(await Deno.readTextFile(file), "wasm");
      await Deno.writeTextFile(file, "webgpu");
      const problem = await failing(2, "ablate", ...args);
      for (const part of ["runs that were made with webgpu", "--out"]) assertStringIncludes(problem, part);
      await Deno.writeTextFile(file, "wasm");
    });

    const before = new Map<string, number>();
    await t.step("the next start goes on from there and repeats nothing", async () => {
      const finished = ["L1", "L1-HEG-S", "HEG-S-10-more"].map((row) => `${out}/${row}/seed-0/metrics.json`);
      const written = finished.map((path) => Deno.statSync(path).mtime?.getTime());
      await Deno.writeTextFile(`${folder}/break.txt`, "no more");
      const said = await succeeding("ablate", ...args);
      assertStringIncludes(said, "4 rows with 2 seeds: 8 runs, 6 of them finished, 1 to go on with");
      assertEquals(finished.map((path) => Deno.statSync(path).mtime?.getTime()), written);
      times(out).forEach((time, path) => before.set(path, time));
      assert(before.size >= 8 * 4);
    });

    await t.step("a run that went on is the run that did not stop", async () => {
      const once = { ...ablation, seeds: [0], rows: { L1: {}, own: { lossFile: "own.ts" } } };
      await Deno.writeTextFile(`${folder}/once.jsonc`, JSON.stringify(once));
      const other = ["--config", `${folder}/once.jsonc`, "--out", `${folder}/once`, "--backend", "wasm"];
      await succeeding("ablate", ...other, "--workers", "0");
      const [first, second] = await Promise.all(
        [out, `${folder}/once`].map((each) => tensorsOf(`${each}/own/seed-0/checkpoint.safetensors`)),
      );
      assertEquals(first, second);
      assertEquals(stepsIn(`${out}/own/seed-0/log.jsonl`), ["depth 1", "depth 2", "depth 3", "depth 4", "depth 5"]);
    });

    await t.step("each run has its checkpoint, configuration, log, metrics and pictures, and no state any more", () => {
      for (const [row, seed] of Object.values(folders).flatMap((name) => [[name, 0], [name, 4]] as const)) {
        const expected = ["checkpoint.safetensors", "config.json", "log.jsonl", "metrics.json", "pictures"];
        const names = namesIn(`${out}/${row}/seed-${seed}`).filter((name) => name !== "loss.ts");
        assertEquals(names, expected);
        const { seed: own, data } = jsonOf<{ seed: number; data: unknown }>(`${out}/${row}/seed-${seed}/config.json`);
        assertEquals(own, seed);
        assertEquals(data, jsonOf<{ data: unknown }>(`${out}/L1/seed-0/config.json`).data);
      }
      assertEquals(Deno.readTextFileSync(`${out}/own/seed-4/loss.ts`), own);
    });

    await t.step("rows that want the same generator share it, seed by seed", () => {
      const [kind = "", ...others] = namesIn(`${out}/generators`);
      assertEquals(others, []);
      assertEquals(namesIn(`${out}/generators/${kind}`), ["seed-0", "seed-4"]);
      for (const seed of ["seed-0", "seed-4"]) {
        assertEquals(stepsIn(`${out}/generators/${kind}/${seed}/log.jsonl`), ["scene 1", "scene 2"]);
      }
      assertEquals(stepsIn(`${out}/L1-HEG-S/seed-4/log.jsonl`).length, 5);
    });

    await t.step("the tables are what the runs' own metrics say", () => checkTables(out));
    await t.step("the plots are drawn", async () => await checkPlots(out));

    await t.step(
      "a finished ablation only writes its tables again, and a run that is deleted is made again",
      async () => {
        const table = Deno.readTextFileSync(`${out}/table.csv`);
        await Deno.remove(`${out}/L1/seed-4`, { recursive: true });
        const said = await succeeding("ablate", ...args);
        assertStringIncludes(said, "8 runs, 7 of them finished");
        const after = times(out);
        const changed = [...after].filter(([path, time]) => before.get(path) !== time).map(([path]) => path);
        assert(changed.length >= 4 && changed.every((path) => path.startsWith(`${out}/L1/seed-4/`)), changed.join());
        const withoutTimes = (text: string) => text.split("\n").map((line) => line.split(",").slice(0, -2).join());
        assertEquals(withoutTimes(Deno.readTextFileSync(`${out}/table.csv`)), withoutTimes(table));
      },
    );

    await t.step("finished runs of another configuration are not taken for this one's", async () => {
      const problem = await failing(1, "ablate", ...args, "--set", "optim.lr=0.5", "--set", "training.steps=6");
      for (
        const part of [`${out}/L1/seed-0`, "optim.lr: 0.001 instead of 0.5", "training.steps: 5 instead of 6", "--out"]
      ) {
        assertStringIncludes(problem, part);
      }
      await Deno.writeTextFile(`${folder}/own.ts`, `${own}// changed\n`);
      assertStringIncludes(await failing(1, "ablate", ...args), "its text has changed");
    });
  });
});
