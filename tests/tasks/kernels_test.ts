/** TensorFlow.js's own kernels stay available, and are measured beside this library's. */
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

Deno.test("training runs on TensorFlow.js's own kernels, too, and says so", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tinier);
    const trained = (kernels: string) =>
      succeeding(
        "train",
        "--config",
        config,
        "--out",
        `${folder}/${kernels}`,
        "--backend",
        "wasm",
        "--kernels",
        kernels,
      );
    assertStringIncludes(await trained("stock"), "with TensorFlow.js's own kernels");
    assert(!(await trained("own")).includes("TensorFlow.js"));
    const [stock, own] = ["stock", "own"].map((kernels) => {
      const { network } = JSON.parse(Deno.readTextFileSync(`${folder}/${kernels}/metrics.json`));
      return Number(network.rel);
    });
    assert(stock !== undefined && own !== undefined && Math.abs(stock - own) < 1e-3 * stock, `${stock} and ${own}`);
  });
});

Deno.test("bench prints both kinds of kernels as a table, and writes them as JSON", async () => {
  await withFolder(async (folder) => {
    const json = `${folder}/bench.json`;
    const said = await succeeding("bench", "--quick", "--backend", "wasm", "--only", "max pool", "--json", json);
    for (const part of ["max pool 3×3/2", "stock", "own", "× stock", "ceiling"]) assertStringIncludes(said, part);
    const rows: readonly { readonly kernels: string; readonly operations: number; readonly milliseconds: number }[] =
      JSON
        .parse(Deno.readTextFileSync(json));
    assertEquals(rows.map(({ kernels }) => kernels), ["stock", "own"]);
    rows.forEach(({ operations, milliseconds }) => assert(operations > 0 && milliseconds > 0));
  });
});

interface StepMemory {
  readonly kind: "step memory";
  readonly kept: Readonly<Record<"parameters" | "gradients" | "moments" | "activations" | "sum", number>>;
  readonly peak: { readonly inUse: number; readonly allocated: number };
}

interface Steadiness {
  readonly kind: "steadiness";
  readonly early: Readonly<Record<"steps" | "tensors" | "buffers" | "inUse" | "allocated" | "resident", number>>;
  readonly late: Steadiness["early"];
}

Deno.test("bench tells the memory of a step beside what must be kept, and that of many steps", async () => {
  await withFolder(async (folder) => {
    const json = `${folder}/bench.json`;
    const said = await succeeding("bench", "--quick", "--backend", "wasm", "--only", "memory", "--json", json);
    for (const part of ["parameters", "activations", "× sum", "resident", "growth"]) assertStringIncludes(said, part);
    const rows: readonly (StepMemory | Steadiness)[] = JSON.parse(Deno.readTextFileSync(json));
    assertEquals(rows.map(({ kind }) => kind), ["steadiness", "step memory"]);
    for (const row of rows) {
      if (row.kind === "steadiness") {
        const { steps, resident, ...rest } = row.late;
        assertEquals({ ...row.early, ...rest }, row.early);
        assert(steps > row.early.steps && resident > 0);
      } else {
        const { parameters, gradients, moments, activations, sum } = row.kept;
        assertEquals([parameters, gradients, moments], [4, 4, 8].map((bytes) => bytes * 36_892_481));
        assert(activations > 0 && sum === parameters + gradients + moments + activations);
        assert(row.peak.inUse >= sum && row.peak.allocated >= row.peak.inUse);
      }
    }
  });
});
