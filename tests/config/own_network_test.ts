// What holds between the fields of a network and of data of one's own, before any module is looked for.
import { type Failure, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration, parseConfiguration, withDataset } from "../../lib/experiment/configuration_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const failureOf = (value: unknown): Failure => {
  const result = decodeConfiguration("my.jsonc", value);
  if (result._tag === "Right") throw new Error(`decoded as ${JSON.stringify(result.right)}`);
  assertEquals(result.left.kind, "configuration");
  return result.left;
};

Deno.test("a module takes the place of the built-in network, and its options are its own", () => {
  const { networkFile, networkOptions } = orThrow(decodeConfiguration("my.jsonc", {}));
  assertEquals([networkFile, networkOptions], ["", {}]);
  const options = { width: 8, deep: { any: [1, "two"] } };
  const own = orThrow(decodeConfiguration("my.jsonc", { networkFile: "own.ts", networkOptions: options }));
  assertEquals([own.networkFile, own.networkOptions], ["own.ts", options]);
  const set = orThrow(parseConfiguration("my.jsonc", '{ "networkFile": "own.ts" }', ["networkOptions.deep.width=3"]));
  assertEquals(set.networkOptions, { deep: { width: 3 } });
  assertEquals(failureOf({ networkFile: "own.ts", networkOptions: [] }).where, "my.jsonc, field networkOptions");
});

Deno.test("weights of the built-in backbone go with no module, and options go with no built-in network", () => {
  const weights = failureOf({ networkFile: "own.ts", backbone: { weights: "r50.pth" } });
  assertEquals(weights.where, "my.jsonc, field backbone.weights");
  assertStringIncludes(weights.found, "r50.pth beside networkFile");
  assertStringIncludes(weights.expected, "init.file");
  const options = failureOf({ networkOptions: { width: 8 } });
  assertEquals(options.where, "my.jsonc, field networkOptions");
  assertStringIncludes(options.expected, "networkFile (--network FILE.ts)");
});

Deno.test("data of a module have the fields of samples in files that are not of their layout", () => {
  const given = { kind: "module", file: "walls.ts", options: { count: 4 }, crop: [30, 40], maxDepth: 9 };
  const { data } = orThrow(decodeConfiguration("my.jsonc", { data: given }));
  assert(data.kind === "module");
  const { file, options, folder, crop, minDepth, maxDepth, onUnreadable } = data;
  assertEquals([file, options, folder, onUnreadable], ["walls.ts", { count: 4 }, "", "fail"]);
  assertEquals([crop, minDepth, maxDepth], [[30, 40], 0, 9]);
  assertEquals(failureOf({ data: { ...given, layout: "csv" } }).where, "my.jsonc, field data.layout");
});

Deno.test("a data set that is named takes the place of other data, at the size of the input", () => {
  const dataOf = (data: object) => withDataset({ seed: 3, data }, "/walls.ts");
  const size = { height: 64, width: 80 };
  assertEquals(dataOf({ kind: "files", folder: "/f", crop: [9, 9], ...size }), {
    seed: 3,
    data: { kind: "module", file: "/walls.ts", ...size },
  });
  const own = { kind: "module", file: "/old.ts", options: { count: 2 }, ...size };
  assertEquals(dataOf(own), { seed: 3, data: { ...own, file: "/walls.ts" } });
  assertEquals(withDataset({ seed: 3 }, "/walls.ts"), { seed: 3, data: { kind: "module", file: "/walls.ts" } });
  assertEquals(withDataset({ data: own }, ""), { data: own });
});
