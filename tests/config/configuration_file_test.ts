import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { parseConfiguration, readConfiguration } from "../../lib/experiment/configuration_file.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";

const text = `// A comment
{
  "optim": { "lr": 1e-3, "milestones": [10, 20], }, // and a comma too many
  "loss": [{ "kind": "l1" }, { "kind": "l2", "weight": 0.5 }]
}`;

const withSettings = (...settings: readonly string[]): Configuration =>
  orThrow(parseConfiguration("my.jsonc", text, settings));

const failureOf = (source: string, ...settings: readonly string[]): Failure => {
  const result = parseConfiguration("my.jsonc", source, settings);
  if (result._tag === "Right") throw new Error(`decoded as ${JSON.stringify(result.right)}`);
  return result.left;
};

Deno.test("a file may hold comments and trailing commas", () => {
  const { optim, loss } = withSettings();
  assertEquals([optim.lr, optim.milestones, loss.length], [1e-3, [10, 20], 2]);
});

Deno.test("--set takes numbers, flags, texts and lists", () => {
  const { optim, augment, backbone, seed } = withSettings(
    "optim.lr=3e-4",
    "augment.mirror=false",
    "backbone.strideOn=3x3",
    'backbone.preprocessing="rgb-imagenet"',
    "optim.milestones=[5]",
    "seed=12",
  );
  assertEquals([optim.lr, augment.mirror, optim.milestones, seed], [3e-4, false, [5], 12]);
  assertEquals([backbone.strideOn, backbone.preprocessing], ["3x3", "rgb-imagenet"]);
});

Deno.test("--set reaches into groups that the file does not have, and leaves their other fields", () => {
  const { generators, optim } = withSettings("generators.scene.optim.lr=0.5", "optim.decay=0");
  assertEquals(generators.scene.optim.lr, 0.5);
  assertEquals([optim.decay, optim.lr, optim.milestones], [0, 1e-3, [10, 20]]);
});

Deno.test("--set reaches into lists by their indices", () => {
  const { loss, optim } = withSettings("loss.1.weight=3", "optim.milestones.0=7");
  assertEquals(loss.map(({ weight }) => weight), [1, 3]);
  assertEquals(optim.milestones, [7, 20]);
});

Deno.test("the last of several settings of a field is taken, and a value may hold equals signs and spaces", () => {
  assertEquals(withSettings("optim.lr=1", "optim.lr=2").optim.lr, 2);
  assertEquals(withSettings("lossFile=a=b c.ts").lossFile, "a=b c.ts");
  assertEquals(withSettings("lossFile=").lossFile, "");
});

Deno.test("--set with an unknown field or a wrong value is an error of that field", () => {
  const unknown = failureOf(text, "optim.rate=1");
  assertEquals([unknown.kind, unknown.where], ["configuration", "my.jsonc, field optim.rate"]);
  assertStringIncludes(unknown.expected, "lr");
  assertEquals(failureOf(text, "optim.lr=fast").found, '"fast"');
  assertEquals(failureOf(text, "seed.x=1").where, "my.jsonc, field seed");
  assertEquals(failureOf(text, "__proto__.seed=1").where, "my.jsonc, field __proto__");
});

Deno.test("--set of an entry that a list does not have is an error, not nothing", () => {
  for (const setting of ["loss.2.weight=3", "loss.first.weight=3", "optim.milestones.9=1"]) {
    const found = failureOf(text, setting);
    assertEquals(found.kind, "usage");
    assertStringIncludes(describe(found), setting);
  }
});

Deno.test("--set without a field or an equals sign is an error that shows how it is written", () => {
  for (const setting of ["optim.lr", "=3", ""]) {
    const found = failureOf(text, setting);
    assertEquals([found.kind, found.where], ["usage", "--set"]);
    assertStringIncludes(found.expected, "FIELD=VALUE");
  }
});

Deno.test("a text that is no JSON is an error of the file", () => {
  for (const source of ["{", '{ "seed": }', "seed = 1", ""]) {
    const found = failureOf(source);
    assertEquals([found.kind, found.where], ["configuration", "my.jsonc"]);
    assertStringIncludes(found.expected, "JSON");
  }
});

Deno.test("a file that is not there is named", async () => {
  const result = await readConfiguration("no/such.jsonc", [])();
  assertEquals(result._tag === "Left" && [result.left.kind, result.left.where], ["missing", "no/such.jsonc"]);
});
