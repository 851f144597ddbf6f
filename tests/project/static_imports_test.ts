import { assert, assertEquals } from "../std.ts";
import { sources, staticImports } from "./sources.ts";

/** How many files of the repository each task loads before it does anything, at most. */
const files: Readonly<Record<string, number>> = {
  ablate: 183,
  convert: 119,
  evaluate: 158,
  explain: 159,
  fuzz: 19,
  inspect: 90,
  pack: 87,
  predict: 156,
  pretrain: 176,
  schema: 50,
  train: 177,
};

const own = (modules: ReadonlySet<string>): readonly string[] =>
  [...modules].filter((module) => /^(lib|tasks)\//.test(module));

const tasks = sources("tasks").filter((path) => /^await main\(/m.test(Deno.readTextFileSync(path)));

Deno.test("no task loads more files than the table says, and the table is no looser than it need be", () => {
  const counts = Object.fromEntries(tasks.map((path) => [path.slice(6, -3), own(staticImports(path)).length]));
  assertEquals(counts, files);
});

Deno.test("predict loads neither scenes nor plots nor HDF5 before it needs them", () => {
  const loaded = [...staticImports("tasks/predict.ts")];
  const surplus = loaded.filter((module) => /^lib\/scenes\/|h5wasm|observablehq|resvg|linkedom/.test(module));
  assertEquals(surplus, []);
});

Deno.test("what draws plots is loaded when plots are drawn", () => {
  const loaded = ["mod.ts", "tasks/ablate.ts"].flatMap((path) => [...staticImports(path)]);
  assertEquals(loaded.filter((module) => /observablehq|resvg|linkedom/.test(module)), []);
});

Deno.test("data sets are looked at and packed without TensorFlow.js", () => {
  const loaded = ["tasks/inspect.ts", "tasks/pack.ts"].flatMap((path) => [...staticImports(path)]);
  assertEquals(loaded.filter((module) => module.includes("tensorflow")), []);
});

Deno.test("a configuration is decoded without TensorFlow.js", () => {
  const loaded = [...staticImports("lib/experiment/configuration.ts")];
  assert(loaded.length > 5);
  assertEquals(loaded.filter((module) => module.includes("tensorflow")), []);
});

Deno.test("a worker that reads samples computes on no tensors", () => {
  const loaded = [...staticImports("lib/data/sample_worker.ts")];
  assertEquals(loaded.filter((module) => module.includes("tensorflow")), []);
});
