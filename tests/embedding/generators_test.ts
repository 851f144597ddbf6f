// The lists of generators: what is derived from each record, and that it is what computes.
import {
  describeGenerator,
  fixedGenerators,
  generatorNamed,
  generatorNames,
  generators,
  generatorTable,
  levelCountOf,
} from "../../lib/embedding/generators.ts";
import { orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeVariables } from "../nn/support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { featuresOf, onWasm, readTree } from "../support.ts";

const { generators: defaults } = orThrow(decodeConfiguration("test", {}));

Deno.test("a configuration has the settings of each generator under its name, in the order of the list", () => {
  assertEquals(Object.keys(defaults), [...generatorNames]);
  const learned = { lr: 1e-3, decay: 1e-4, milestones: [], factor: 0.1, warmup: 0, clip: 0 };
  assertEquals(
    JSON.stringify(defaults.scene),
    JSON.stringify({ widths: [16, 32, 64], steps: 200, batch: 16, optim: learned, checkpoint: "" }),
  );
  assertEquals(JSON.stringify(defaults.random), '{"widths":[16,32,64],"steps":50,"batch":16,"checkpoint":""}');
});

for (const { name, load } of generators) {
  onWasm(`"${name}" has as many levels as widths, each half the size of the one before`, async () => {
    const layer = (await load()).stages([3, 5, 4]);
    const variables = layer.init(keyOf(1));
    const levels = await readTree(() => {
      const [maps] = layer.apply(variables, featuresOf([1, 8, 12, 1], new Float32Array(96).fill(2)), "inference");
      return Object.fromEntries(maps.map((map, at) => [`level${at}`, map]));
    });
    assertEquals([...levels.values()].map(({ shape }) => shape), [[1, 8, 12, 3], [1, 4, 6, 5], [1, 2, 3, 4]]);
    disposeVariables(variables);
    assertEquals(levelCountOf(name, defaults, 64, 80), 3);
  });
}

for (const { name, levels, load } of fixedGenerators) {
  onWasm(`"${name}" has the levels that its record tells, with pixels in the last one`, async () => {
    const count = levels(9, 14);
    assertEquals(levelCountOf(name, defaults, 9, 14), count);
    const generator = (await load())(count);
    const maps = await readTree(() => {
      const found = generator(featuresOf([1, 9, 14, 1], new Float32Array(126).fill(2)));
      return Object.fromEntries(found.map((map, at) => [`level${at}`, map]));
    });
    assertEquals(maps.size, count);
    assert([...maps.values()].every(({ shape }) => shape.every((size) => size > 0)));
  });
}

Deno.test("a report is a sentence that begins with the generator's name; without one, the file is named", () => {
  const file = "runs/a/heg.safetensors";
  assertEquals(
    describeGenerator("scene", { accuracy: 0.84, mostFrequent: 0.6 }, file),
    "HEG-S recognizes 84 % of the test scenes (the most frequent scene: 60 %)",
  );
  assertEquals(
    describeGenerator("image", { accuracy: 0.5, mostFrequent: 0.25 }, file),
    "the HEG of grey images recognizes 50 % of the test scenes (the most frequent scene: 25 %)",
  );
  assertEquals(
    describeGenerator("reconstruction", { error: 0.1234, ofMean: 1, codePerPixel: 4 }, file),
    "HEG-R reconstructs test depth to 0.123 m (the mean depth: 1.000 m)",
  );
  assertEquals(
    describeGenerator("random", { batches: 50 }, file),
    "the random HEG has learned nothing; its batch norms have tracked 50 batches",
  );
  for (const name of generatorNames) {
    assertEquals(describeGenerator(name, {}, file), `${generatorNamed(name).title} from ${file}`);
  }
});

Deno.test("HEG-R warns where its bottleneck could copy the depth map, the others never", () => {
  const warningsOf = (widths: readonly number[]) =>
    generators.flatMap(({ name, warnings }) => {
      const settings = { ...defaults.scene, widths };
      return warnings(settings, 64, 80).map((line) => `${name}: ${line}`);
    });
  const [warning = "", ...others] = warningsOf([16, 32, 64]);
  assertEquals(others, []);
  assertStringIncludes(warning, "reconstruction: HEG-R's bottleneck holds 4.0 numbers for each pixel");
  assertEquals(warningsOf([16, 32, 8]), []);
});

Deno.test("the table tells each generator", () => {
  const lines = generatorTable().split("\n").slice(2);
  const names = lines.map((line) => line.split("`")[1]);
  assertEquals(names, [...generators, ...fixedGenerators].map(({ name }) => name));
});
