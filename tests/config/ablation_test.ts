import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { decodeAblation, planOf, rowConfiguration } from "../../lib/experiment/ablation/plan.ts";
import { type Ablation, folderOf } from "../../lib/experiment/ablation_fields.ts";
import { mergeFields } from "../../lib/experiment/configuration_file.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";

const small = { base: {}, baseline: "L1", rows: { "L1": {}, "L2": { set: { loss: [{ kind: "l2" }] } } } };

const decoded = (value: unknown): Ablation => orThrow(decodeAblation("my.jsonc", value));

const failureOf = (value: unknown): Failure => {
  const result = decodeAblation("my.jsonc", value);
  if (result._tag === "Right") throw new Error("decoded");
  assertEquals(result.left.kind, "configuration");
  return result.left;
};

Deno.test("groups are joined field by field, lists and all else are replaced", () => {
  const base = { a: 1, group: { b: 2, list: [1, 2, 3], deep: { c: 3 } } };
  const change = { group: { list: [4], deep: { d: 5 } }, e: null };
  assertEquals(mergeFields(base, change), {
    ...{ a: 1, group: { b: 2, list: [4], deep: { c: 3, d: 5 } }, e: null },
  });
  assertEquals(base.group.list, [1, 2, 3]);
  assertEquals(mergeFields({ a: { b: 1 } }, { a: 2 }), { a: 2 });
  assertEquals(mergeFields({ a: 2 }, { a: { b: 1 } }), { a: { b: 1 } });
});

Deno.test("rows keep their order, and what is not said takes its default", () => {
  const { rows, seeds, baseline, keepEvery } = decoded(small);
  assertEquals([[...rows.keys()], seeds, baseline, keepEvery], [["L1", "L2"], [0, 1, 2], "L1", 100]);
  assertEquals(rows.get("L1"), { set: {}, lossFile: "" });
});

Deno.test("a row's configuration is the base with its own fields and the seed", () => {
  const base = { optim: { lr: 0.5, decay: 0 }, loss: [{ kind: "l1" }, { kind: "l2" }], lossFile: "base.ts", seed: 9 };
  const set = { optim: { lr: 0.25 }, loss: [{ kind: "berhu" }] };
  const { optim, loss, seed, lossFile } = orThrow(rowConfiguration("f", base, "r", { set, lossFile: "" }, 3));
  assertEquals([optim.lr, optim.decay, loss.map(({ kind }) => kind), seed], [0.25, 0, ["berhu"], 3]);
  assertEquals(lossFile, "");
  const own = orThrow(rowConfiguration("f", base, "r", { set: {}, lossFile: "own.ts" }, 3));
  assertEquals([own.lossFile, own.optim.lr], ["own.ts", 0.5]);
});

Deno.test("a wrong field of a row is told with the row and the field", () => {
  const result = rowConfiguration("my.jsonc", {}, "L2 fast", { set: { optim: { rate: 1 } }, lossFile: "" }, 0);
  assert(result._tag === "Left");
  assertEquals(result.left.where, 'my.jsonc, row "L2 fast", field optim.rate');
});

const withRows = (rows: unknown) => ({ ...small, rows });

const wrong: readonly (readonly [what: string, value: unknown, says: readonly string[]])[] = [
  ["no base", { baseline: "L1", rows: small.rows }, ["field base", "configuration file"]],
  ["no rows", withRows({}), ["field rows", "at least one"]],
  ["rows as a list", withRows([{}]), ["field rows"]],
  ["an unknown field", { ...small, seed: 1 }, ["field seed", "seeds"]],
  ["an unknown field of a row", withRows({ L1: { sets: {} } }), ["field rows.L1.sets", "set, lossFile"]],
  ["a baseline that is no row", { ...small, baseline: "L3" }, ["field baseline", '"L3"', "L1, L2"]],
  ["a seed twice", { ...small, seeds: [0, 1, 0] }, ["field seeds", "0 twice"]],
  ["no seed", { ...small, seeds: [] }, ["field seeds", "at least 1"]],
  ["a row with data of its own", withRows({ L1: { set: { data: {} } } }), ['row "L1", field data', "same data"]],
  ["a row with a seed", withRows({ L1: { set: { seed: 1 } } }), ['row "L1", field seed']],
  ["a row with a protocol", withRows({ L1: { set: { evaluation: {} } } }), ['row "L1", field evaluation']],
  ["two losses", withRows({ L1: { set: { loss: [] }, lossFile: "a.ts" } }), [
    'row "L1", field lossFile',
    "one of both",
  ]],
  ["two rows with one folder", withRows({ "L1 ": {}, "l1": {} }), ['"L1 " and "l1"']],
  ["a row without a name", withRows({ "**": {} }), ['"**"', "letter or digit"]],
  ["a row in the generators' place", withRows({ Generators: {} }), ["Generators"]],
  ["a row in a table's place", withRows({ "Table.md": {} }), ["Table.md"]],
  ["a row on two lines", withRows({ "a\nb": {} }), ['"a\\nb"', "one line"]],
];

for (const [what, value, says] of wrong) {
  Deno.test(`an ablation with ${what} is refused with what is wrong`, () => {
    says.forEach((part) => assertStringIncludes(describe(failureOf(value)), part));
  });
}

Deno.test("folders of rows have no characters that a system refuses, and none above them", () => {
  assertEquals(folderOf("L1 + 0.3·HEG-S (K=2)"), "L1-0.3-HEG-S-K-2");
  assertEquals(folderOf("../../etc"), "etc");
  assertEquals(folderOf("größe"), "größe");
});

const folder = new URL("../../configs/ablation/", import.meta.url);
for (const { name } of [...Deno.readDirSync(folder)].filter((entry) => entry.name.endsWith(".jsonc"))) {
  Deno.test(`configs/ablation/${name} decodes with all its rows, each other than the others`, async () => {
    const file = fromFileUrl(new URL(name, folder));
    const { runs, ablation: { rows, seeds } } = orThrow(await planOf({ file })());
    assert(rows.size >= 3 && seeds.length >= 3);
    const configurations = runs.map(({ configuration }) => JSON.stringify(configuration));
    assertEquals(new Set(configurations).size, rows.size * seeds.length);
  });
}
