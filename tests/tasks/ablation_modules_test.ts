// Rows of an ablation with networks of one's own, on data of one's own: they are the same runs while the modules say the same.
import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { runAblation } from "../../lib/experiment/ablation/ablate.ts";
import { type Plan, type PlannedRun, planOf } from "../../lib/experiment/ablation/plan.ts";
import { stateOf } from "../../lib/experiment/ablation/run_state.ts";
import { openDevice } from "../../lib/backend/device.ts";
import { moduleHash } from "../../lib/modules/module_files.ts";
import { silent } from "../../lib/train/listener.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { helperText, ownFiles, writeFiles } from "../modules/support.ts";
import { namesIn, tinier, withFolder } from "./support.ts";

/** An ablation of the built-in network and two of one's own, whose modules lie in a folder of the given one. */
const planAt = async (folder: string, modules = `${folder}/modules`): Promise<Plan> => {
  const own = (width: number) => ({ set: { networkFile: `${modules}/network.ts`, networkOptions: { width } } });
  const rows = { "built in": {}, "own": own(2), "wider": own(3) };
  const data = { kind: "module", file: `${modules}/walls.ts`, height: 32, width: 40 };
  const base = { ...tinier, data, evaluation: { pictures: 0 } };
  await writeFiles(folder, { "my.jsonc": JSON.stringify({ base, seeds: [1], baseline: "built in", rows }) });
  return orThrow(await planOf({ file: `${folder}/my.jsonc`, out: `${folder}/out` })());
};

const runOf = ({ runs }: Plan, name: string): PlannedRun => {
  const run = runs.find(({ row }) => row === name);
  if (run === undefined) throw new Error(`no row ${name}`);
  return run;
};

const ablate = async (plan: Plan) => {
  const openWasm = openDevice("wasm");
  return orThrow(await runAblation(plan, { listener: silent, workers: 0, openDevice: openWasm })());
};

const kindsOf = async ({ runs }: Plan): Promise<readonly string[]> => {
  const kinds: string[] = [];
  for (const run of runs) kinds.push(orThrow(await stateOf(run)()).kind);
  return kinds;
};

Deno.test("rows with a network of one's own are compared, and found again while its modules say the same", async (t) => {
  await withFolder(async (folder) => {
    const modules = `${folder}/modules`;
    await writeFiles(modules, ownFiles);
    const plan = await planAt(folder);

    await t.step("a plan knows the modules of each run by their hashes", async () => {
      const data = orThrow(await moduleHash(`${modules}/walls.ts`)());
      const network = orThrow(await moduleHash(`${modules}/network.ts`)());
      assertEquals(plan.runs.map((run) => run.modules), [{ data }, { network, data }, { network, data }]);
    });

    await t.step("all rows are trained and compared", async () => {
      const { report, problem } = await ablate(plan);
      assertEquals(problem, null);
      assertEquals(report?.records.map(({ row }) => row), ["built in", "own", "wider"]);
      const written = JSON.parse(await Deno.readTextFile(`${runOf(plan, "own").out}/modules.json`));
      assertEquals(written, runOf(plan, "own").modules);
      assertEquals(await kindsOf(plan), ["finished", "finished", "finished"]);
    });

    await t.step("modules that have moved are the same runs", async () => {
      await writeFiles(`${folder}/moved`, ownFiles);
      assertEquals(await kindsOf(await planAt(folder, `${folder}/moved`)), ["finished", "finished", "finished"]);
    });

    await t.step("a module, or a file that it imports, that says something else makes another run", async () => {
      const refused = async (name: string): Promise<string> => {
        const state = await stateOf(runOf(await planAt(folder), name))();
        assert(E.isLeft(state));
        assertEquals(state.left.kind, "configuration");
        return describe(state.left) + (state.left.details ?? []).join("\n");
      };
      await writeFiles(modules, { "helper.ts": helperText(2) });
      const said = await refused("own");
      for (const part of ["that was another one", `${modules}/network.ts: its text, or that of a file`]) {
        assertStringIncludes(said, part);
      }
      assert(!said.includes("walls.ts"), said);
      assertEquals(orThrow(await stateOf(runOf(await planAt(folder), "built in"))()).kind, "finished");
      await writeFiles(modules, { "helper.ts": helperText(1), "walls.ts": `${ownFiles["walls.ts"]}// changed\n` });
      for (const name of ["built in", "own"]) {
        assertStringIncludes(await refused(name), `${modules}/walls.ts: its text`);
      }
    });

    await t.step("one that is not finished is begun anew then", async () => {
      const { out } = runOf(plan, "own");
      await Deno.remove(`${out}/metrics.json`);
      assertEquals(orThrow(await stateOf(runOf(await planAt(folder), "own"))()).kind, "new");
    });
  });
});

Deno.test("a row whose network is not sound fails alone, and the others are made", async () => {
  await withFolder(async (folder) => {
    const text = ownFiles["network.ts"].replace("tf.mul(depth, scale)", "tf.concat([depth, depth], 3)");
    await writeFiles(`${folder}/modules`, { ...ownFiles, "network.ts": text });
    const plan = await planAt(folder);
    const { report, problem } = await ablate(plan);
    assert(problem !== null && report !== null);
    assertStringIncludes(`${describe(problem)}${(problem.details ?? []).join()}`, "[2, 32, 40, 2]");
    assertEquals(report.records.map(({ row }) => row), ["built in"]);
    assert(!namesIn(`${folder}/out`).includes("own"), "a run that cannot begin has no folder");
  });
});

Deno.test("a module that is not there is told with the plan", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, { "my.jsonc": "{}" });
    const rows = { own: { set: { networkFile: `${folder}/none.ts` } } };
    await writeFiles(folder, { "my.jsonc": JSON.stringify({ base: tinier, baseline: "own", rows }) });
    const plan = await planOf({ file: `${folder}/my.jsonc` })();
    assert(E.isLeft(plan));
    assertEquals(plan.left.kind, "missing");
    assertStringIncludes(plan.left.where, `${folder}/none.ts`);
  });
});

Deno.test("a data set that is named takes the place of the base's in all rows", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, {
      ...ownFiles,
      "my.jsonc": JSON.stringify({ base: tinier, baseline: "a", rows: { a: {} } }),
    });
    const dataset = `${folder}/walls.ts`;
    const settings = ["data.options.count=5"];
    const { data, runs } = orThrow(await planOf({ file: `${folder}/my.jsonc`, dataset, settings, data: "/photos" })());
    assert(data.kind === "module");
    const { height, width, file, options } = data;
    assertEquals([height, width, file, options, data.folder], [32, 40, dataset, { count: 5 }, "/photos"]);
    const hash = orThrow(await moduleHash(dataset)());
    assert(runs.length > 0);
    for (const { configuration, modules } of runs) assertEquals([configuration.data, modules], [data, { data: hash }]);
  });
});
