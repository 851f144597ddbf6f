import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { planOf, type PlanOptions } from "../../lib/experiment/ablation/plan.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";

const ablation = {
  base: "base.json",
  seeds: [3],
  baseline: "a",
  rows: {
    a: { set: { loss: [{ kind: "l1" }], optim: { lr: 0.5 } } },
    b: { set: { optim: { lr: 0.25, decay: 0.5 } }, lossFile: "own.ts" },
  },
};

type Flags = Pick<PlanOptions, "base" | "data" | "out">;

/** Plans in a folder with an ablation and two bases. */
const planned = async (flags: Flags, settings: readonly string[] = []) => {
  const folder = await Deno.makeTempDir();
  const put = (name: string, value: unknown) => Deno.writeTextFile(join(folder, name), JSON.stringify(value));
  await put("my.jsonc", ablation);
  await put("base.json", { training: { steps: 5 } });
  await put("other.json", { training: { steps: 6 } });
  await Deno.writeTextFile(join(folder, "own.ts"), "export default 1;");
  const base = flags.base === undefined ? {} : { base: join(folder, flags.base) };
  const plan = await planOf({ file: join(folder, "my.jsonc"), ...flags, ...base, settings })();
  await Deno.remove(folder, { recursive: true });
  return plan;
};

Deno.test("a setting that one row takes from the base is set in that row", async () => {
  const { runs } = orThrow(await planned({}, ["optim.decay=0.125", "training.steps=7"]));
  assertEquals(runs.map(({ configuration: { optim, training } }) => [optim.lr, optim.decay, training.steps]), [
    [0.5, 0.125, 7],
    [0.25, 0.5, 7],
  ]);
});

for (const idle of ["optim.lr=1", "seed=7", 'loss=[{"kind":"l2"}]', "loss.0.weight=5", 'lossFile="x.ts"']) {
  Deno.test(`--set ${idle} is refused where every row sets it itself`, async () => {
    const plan = await planned({}, [idle]);
    assert(E.isLeft(plan));
    assertStringIncludes(describe(plan.left), `--set: found "${idle}", which every row sets itself`);
  });
}

Deno.test("another base has another folder, so that its runs are not taken for those of the first", async () => {
  const [own, other] = [orThrow(await planned({})), orThrow(await planned({ base: "other.json" }))];
  assertEquals([own.out, other.out], ["runs/my", "runs/my-other"]);
  assertEquals(other.runs.map(({ configuration }) => configuration.training.steps), [6, 6]);
});

Deno.test("a folder of data with a base of built-in scenes is refused with what to name", async () => {
  const plan = await planned({ data: "/tmp" });
  assert(E.isLeft(plan));
  assertStringIncludes(describe(plan.left), "--base configs/small_rooms.jsonc");
});
