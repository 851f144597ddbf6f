import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { type PlannedRun, planOf } from "../../lib/experiment/ablation/plan.ts";
import { curveOf } from "../../lib/experiment/ablation/run_record.ts";
import { checkBackend, stateOf } from "../../lib/experiment/ablation/run_state.ts";
import { finite, generatorWork } from "../../lib/experiment/ablation/shared_generators.ts";
import { openLog } from "../../lib/experiment/files.ts";
import { withLock } from "../../lib/experiment/folder_lock.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { tiny, withFolder } from "./support.ts";

/** The runs of rows with one seed, in a folder below the given one. */
const runsOf = async (folder: string, rows: Readonly<Record<string, unknown>>): Promise<readonly PlannedRun[]> => {
  const config = `${folder}/my.jsonc`;
  const [baseline] = Object.keys(rows);
  await Deno.writeTextFile(config, JSON.stringify({ base: tiny, seeds: [2], baseline, rows }));
  return orThrow(await planOf({ file: config, out: `${folder}/out` })()).runs;
};

const onlyRun = async (folder: string, name: string): Promise<PlannedRun> => {
  const [run] = await runsOf(folder, { [name]: {} });
  assert(run !== undefined);
  return run;
};

const record = {
  ...{ row: "L1 + HEG-S", seed: 2, network: { rel: 0.25 }, parameters: 1, ms_per_step: 1, seconds: 1, notes: [] },
  ...{ generators: {}, backend: { name: "wasm", adapter: "the processor" }, input: { height: 4, width: 6 } },
};

const put = async ({ out, configuration }: PlannedRun, files: Readonly<Record<string, unknown>>): Promise<void> => {
  await Deno.mkdir(out, { recursive: true });
  for (const [name, value] of Object.entries({ "config.json": configuration, ...files })) {
    await Deno.writeTextFile(`${out}/${name}`, JSON.stringify(value));
  }
};

Deno.test("a renamed row keeps the runs that its folder holds, under its new name", async () => {
  await withFolder(async (folder) => {
    const renamed = await onlyRun(folder, "L1, HEG-S");
    await put(renamed, { "metrics.json": record });
    const state = orThrow(await stateOf(renamed)());
    assert(state.kind === "finished");
    assertEquals([state.record.row, state.record.seed, state.record.network], ["L1, HEG-S", 2, { rel: 0.25 }]);
  });
});

Deno.test("a run with a loss of one's own is the same run where its file has moved, and another where its text changed", async () => {
  await withFolder(async (folder) => {
    const planned = await onlyRun(folder, "own");
    const at = (lossFile: string, loss: string): PlannedRun => (
      { ...planned, configuration: { ...planned.configuration, lossFile }, loss }
    );
    const run = at("/first/own.ts", "export const loss = 1;");
    await put(run, { "metrics.json": record });
    await Deno.writeTextFile(`${run.out}/loss.ts`, run.loss ?? "");
    assertEquals(orThrow(await stateOf(at("/second/own.ts", "export const loss = 1;"))()).kind, "finished");
    const changed = await stateOf(at("/first/own.ts", "export const loss = 2;"))();
    assert(E.isLeft(changed));
    assertStringIncludes(describe(changed.left), "/first/own.ts: its text has changed");
  });
});

Deno.test("a run with a loss of one's own is another where a file that the loss imports has changed, or nobody knows", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/own.ts`, 'import { factor } from "./help.ts";\nexport default () => factor;\n');
    const plan = async (factor: number): Promise<PlannedRun> => {
      await Deno.writeTextFile(`${folder}/help.ts`, `export const factor = ${factor};\n`);
      const [run] = await runsOf(folder, { own: { lossFile: "own.ts" }, plain: {} });
      assert(run !== undefined);
      return run;
    };
    const run = await plan(1);
    assertEquals(Object.keys(run.lossImports), ["help.ts"]);
    await put(run, { "metrics.json": record });
    await Deno.writeTextFile(`${run.out}/loss.ts`, run.loss ?? "");
    const refused = async (run: PlannedRun): Promise<string> => {
      const state = await stateOf(run)();
      assert(E.isLeft(state));
      return describe(state.left);
    };
    assertStringIncludes(await refused(run), "help.ts, which the loss imports: not known of then");
    await put(run, { "loss.imports.json": run.lossImports });
    assertEquals(orThrow(await stateOf(run)()).kind, "finished");
    assertStringIncludes(await refused(await plan(2)), "help.ts, which the loss imports: its text has changed");
    assertStringIncludes(await refused({ ...run, lossImports: {} }), "help.ts: no longer imported by the loss");
    // One that is not finished is begun anew.
    await Deno.remove(`${run.out}/metrics.json`);
    assertEquals(orThrow(await stateOf(await plan(3))()).kind, "new");
  });
});

Deno.test("a run whose numbers failed is not made again, but for another configuration", async () => {
  await withFolder(async (folder) => {
    const run = await onlyRun(folder, "L1");
    const problem = { kind: "numeric", where: "step 3", found: "NaN", expected: "a finite loss" };
    await put(run, { "failed.json": problem });
    const state = orThrow(await stateOf(run)());
    assert(state.kind === "failed");
    for (const part of ["step 3: found NaN", "not tried again", run.out]) {
      assertStringIncludes(describe(state.problem), part);
    }
    const { configuration } = run;
    const other = { ...run, configuration: { ...configuration, optim: { ...configuration.optim, lr: 0.5 } } };
    assertEquals(orThrow(await stateOf(other)()).kind, "new");
    await put(run, { "failed.json": { kind: "usage" } });
    assertEquals(orThrow(await stateOf(run)()).kind, "new");
  });
});

Deno.test("a second ablation in a folder is refused while the first one runs, and not after it", async () => {
  await withFolder(async (folder) => {
    const second = withLock(folder, "an ablation", () => async () => await Promise.resolve(E.right("second")));
    const first = await withLock(folder, "an ablation", () => async () => E.right(await second()))();
    const refused = orThrow(first);
    assert(E.isLeft(refused));
    for (const part of [folder, "still running", "--out"]) assertStringIncludes(describe(refused.left), part);
    assertEquals(await second(), E.right("second"));
  });
});

Deno.test("lines of a log that were not written whole are left out of a curve", () => {
  const whole = (step: number) => JSON.stringify({ phase: "depth", step, loss: 1 / step, ms: 3 });
  const log = [whole(1), "\0\0\0", '{"phase":"depth","st', whole(2), whole(4).slice(0, -1), ""].join("\n");
  assertEquals(curveOf(log).map(({ step, loss }) => [step, loss]), [[1, 1], [2, 0.5]]);
});

Deno.test("a log keeps the lines it is given, adds whole ones, and leaves no file open", async () => {
  await withFolder(async (folder) => {
    const step = { step: 2, lr: 0.5, loss: 0.25, terms: {}, ms: 1.25, waited: 0 };
    const { write } = orThrow(await openLog(folder, ["first"])());
    orThrow(write("depth")(step));
    const lines = (await Deno.readTextFile(`${folder}/log.jsonl`)).split("\n");
    assertEquals(lines.length, 3);
    assertEquals([lines[0], JSON.parse(lines[1] ?? ""), lines[2]], ["first", { phase: "depth", ...step, ms: 1.3 }, ""]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["log.jsonl"]);
  });
});

Deno.test("rows that want a generator pretrained in other ways have generators of their own", async () => {
  await withFolder(async (folder) => {
    const loss = [{ kind: "l1" }, { kind: "hierarchical", generator: "scene", weights: [0, 10] }];
    const runs = await runsOf(folder, {
      "first": { set: { loss } },
      "same": { set: { loss, optim: { lr: 0.5 } } },
      "longer": { set: { loss, generators: { scene: { steps: 3 } } } },
    });
    const folders = runs.map(({ configuration }) => generatorWork(folder, configuration).map((each) => each.folder));
    assertEquals(folders.map((each) => each.length), [1, 1, 1]);
    assertEquals([folders[1], folders[2]?.[0] === folders[0]?.[0]], [folders[0], false]);
  });
});

Deno.test("a measure of a generator that is no number is left out of what is written", () => {
  assertEquals(finite({ error: NaN, codePerPixel: 0.5, ofMean: Infinity }), { codePerPixel: 0.5 });
});

Deno.test("runs that were made or begun with another backend are not compared with new ones", () => {
  const states = [{ kind: "new" }, { kind: "finished", record }] as const;
  assertEquals(checkBackend({ backend: "wasm" }, states), E.right(undefined));
  assertEquals(checkBackend({ backend: "webgpu" }, [{ kind: "new" }]), E.right(undefined));
  const refused = checkBackend({ backend: "webgpu" }, states);
  assert(E.isLeft(refused));
  for (const part of ["webgpu", "--backend wasm", "--out"]) assertStringIncludes(describe(refused.left), part);
});
