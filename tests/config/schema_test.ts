import fc from "fast-check";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration, parseConfiguration } from "../../lib/experiment/configuration_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const decoded = (value: unknown): Configuration => orThrow(decodeConfiguration("my.jsonc", value));

const failureOf = (value: unknown): Failure => {
  const result = decodeConfiguration("my.jsonc", value);
  if (result._tag === "Right") throw new Error(`decoded as ${JSON.stringify(result.right)}`);
  assertEquals(result.left.kind, "configuration");
  return result.left;
};

Deno.test("an empty configuration is the published network and training, on built-in scenes", () => {
  const { data, backbone, network, optim, loss, evaluation, training } = decoded({});
  assertEquals(data.kind, "scenes");
  assertEquals(backbone, { layers: 50, width: 64, strideOn: "1x1", preprocessing: "bgr-caffe", weights: "" });
  assertEquals(network, { features: 256, initialDepth: 0, fusion: "cliff" });
  assertEquals([optim.lr, optim.decay, optim.factor, optim.clip], [1e-4, 1e-4, 0.1, 0]);
  assertEquals(loss, [{ kind: "l1", weight: 1, warmup: 0 }]);
  assertEquals([evaluation.near, evaluation.far], [0, 0]);
  assertEquals(training.batch, 8);
});

Deno.test("fields that are given are taken, those beside them keep their defaults", () => {
  const given = {
    data: { kind: "files", list: "rooms.csv", depthScale: 5000 },
    optim: { milestones: [10, 20] },
    loss: [{ kind: "hierarchical", generator: "scene", weights: [1, 10, 15] }],
  };
  const { data, optim, loss } = decoded(given);
  assert(data.kind === "files");
  assertEquals([data.list, data.folder, data.depthScale], ["rooms.csv", "", 5000]);
  assertEquals([optim.milestones, optim.lr], [[10, 20], 1e-4]);
  assertEquals(loss, [{
    kind: "hierarchical",
    generator: "scene",
    weights: [1, 10, 15],
    weight: 1,
    warmup: 100,
    delay: 0,
  }]);
});

Deno.test("a decoded configuration decodes to itself", () => {
  for (const value of [{}, { data: { kind: "files", list: "a.csv" }, loss: [{ kind: "l2" }], seed: 7 }]) {
    const configuration = decoded(value);
    assertEquals(decoded(JSON.parse(JSON.stringify(configuration))), configuration);
  }
});

Deno.test("an unknown field is named with those that are allowed, at every depth", () => {
  const outer = failureOf({ sed: 1 });
  assertEquals(outer.where, "my.jsonc, field sed");
  for (const name of ["seed", "data", "backbone", "network", "loss", "optim", "training"]) {
    assertStringIncludes(outer.expected, name);
  }
  const inner = failureOf({ generators: { scene: { optim: { rate: 0.1 } } } });
  assertEquals(inner.where, "my.jsonc, field generators.scene.optim.rate");
  assertStringIncludes(describe(inner), "lr, decay, milestones");
  assertEquals(failureOf({ loss: [{ kind: "l1" }, { kind: "l2", wieght: 1 }] }).where, "my.jsonc, field loss.1.wieght");
});

const wrong: readonly (readonly [field: string, value: unknown, found: string, expected: string])[] = [
  ["seed", { seed: "1" }, '"1"', "integer"],
  ["seed", { seed: -1 }, "-1", "integer from 0"],
  ["seed", { seed: 0.5 }, "0.5", "integer"],
  ["optim", { optim: 3 }, "3", "group of fields in braces"],
  ["optim.lr", { optim: { lr: null } }, "null", "number from 0 to"],
  ["optim.milestones", { optim: { milestones: 5 } }, "5", "list"],
  ["optim.milestones.1", { optim: { milestones: [1, "2"] } }, '"2"', "integer"],
  ["backbone.layers", { backbone: { layers: 49 } }, "49", "one of 18, 34, 50, 101"],
  ["backbone.strideOn", { backbone: { strideOn: "2x2" } }, '"2x2"', 'one of "1x1", "3x3"'],
  ["augment.mirror", { augment: { mirror: "yes" } }, '"yes"', "true or false"],
  ["augment.jitter", { augment: { jitter: 1.5 } }, "1.5", "from 0 to 1"],
  ["data.kind", { data: { kind: "cvs" } }, '"cvs"', 'one of "scenes", "files"'],
  ["data.kind", { data: {} }, "nothing", 'one of "scenes", "files"'],
  ["data.layout", { data: { kind: "files", layout: "kitti" } }, '"kitti"', '"auto"'],
  ["data.height", { data: { kind: "scenes", height: 31 } }, "31", "from 32"],
  ["loss", { loss: [] }, "[]", "at least 1"],
  ["loss.0", { loss: ["l1"] }, '"l1"', "group of fields in braces"],
  ["loss.0.generator", { loss: [{ kind: "hierarchical", generator: "x", weights: [1] }] }, '"x"', '"sobel"'],
  ["loss.0.weights", { loss: [{ kind: "hierarchical", generator: "sobel" }] }, "nothing", "list"],
  ["lossFile", { lossFile: 1 }, "1", "text"],
];

for (const [field, value, found, expected] of wrong) {
  Deno.test(`${JSON.stringify(value)} is an error of the field ${field}`, () => {
    const failure = failureOf(value);
    assertEquals(failure.where, `my.jsonc, field ${field}`);
    assertEquals(failure.found, found);
    assertStringIncludes(failure.expected, expected);
  });
}

Deno.test("what is no group of fields at all is an error of the file", () => {
  for (const value of [null, 3, "text", [], undefined]) assertEquals(failureOf(value).where, "my.jsonc");
});

Deno.test("the first of several errors is told, and how many more there are", () => {
  const one = failureOf({ seed: "a" });
  assertEquals(one.advice, undefined);
  const three = failureOf({ seed: "a", optim: { lr: "b" }, training: { batch: 0 } });
  assertEquals(three.where, "my.jsonc, field seed");
  assertStringIncludes(three.advice ?? "", "2 more");
});

Deno.test("numbers that are not finite are refused wherever a number is wanted", () => {
  for (const number of [NaN, Infinity, -Infinity]) {
    for (const value of [{ seed: number }, { optim: { lr: number } }, { data: { kind: "scenes", seed: number } }]) {
      failureOf(value);
    }
  }
});

Deno.test("no value makes the decoder throw, or gives a failure without a file", () => {
  const names = ["seed", "data", "backbone", "network", "loss", "optim", "kind", "__proto__", "constructor", "weights"];
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    tree: fc.oneof(
      { maxDepth: 4 },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(fc.property(tree, (value) => {
    const result = decodeConfiguration("my.jsonc", value);
    if (result._tag === "Left") assert(result.left.where.startsWith("my.jsonc"));
    else assertEquals(decoded(result.right), result.right);
  }));
});

const folder = new URL("../../configs/", import.meta.url);
for (
  const { name } of [...Deno.readDirSync(folder)].filter(({ name, isFile }) => isFile && !name.endsWith("schema.json"))
) {
  Deno.test(`configs/${name} decodes`, () => {
    assert(name.endsWith(".jsonc"), `${name} is no configuration`);
    orThrow(parseConfiguration(name, Deno.readTextFileSync(new URL(name, folder)), []));
  });
}

Deno.test("more weights than the generator has levels are refused before anything is computed", () => {
  const loss = [{ kind: "l1" }, { kind: "hierarchical", generator: "scene", weights: [0, 1, 2, 3] }];
  const generators = { scene: { widths: [4, 8] } };
  const problem = describe(failureOf({ loss, generators }));
  for (const part of ["loss.1.weights", "4 weights", "at most 3"]) assertStringIncludes(problem, part);
  decoded({ loss, generators: { scene: { widths: [4, 8, 16] } } });
  const sobel = [{ kind: "hierarchical", generator: "sobel", weights: [0, 1, 2] }];
  assertStringIncludes(describe(failureOf({ loss: sobel })), "loss.0.weights");
  for (const generator of ["image", "random"]) {
    const own = [{ kind: "hierarchical", generator, weights: [0, 1, 2] }];
    decoded({ loss: own, generators: { [generator]: { widths: [4, 8] } } });
    assertStringIncludes(describe(failureOf({ loss: own, generators: { [generator]: { widths: [4] } } })), "at most 2");
  }
});

Deno.test("Sobel has scales as long as the input has pixels", () => {
  const data = { kind: "scenes", height: 32, width: 80 };
  const scales = (count: number) => [{
    kind: "hierarchical",
    generator: "multi-scale-sobel",
    weights: new Array<number>(count + 1).fill(1),
  }];
  decoded({ data, loss: scales(6) });
  assertStringIncludes(describe(failureOf({ data, loss: scales(7) })), "the 6 levels");
});

Deno.test("generators have their defaults, the random one without what training needs", () => {
  const { generators } = decoded({ generators: { random: { widths: [4] } } });
  assertEquals(generators.random, { widths: [4], steps: 50, batch: 16, checkpoint: "" });
  assertEquals(generators.image, generators.scene);
  assertEquals(failureOf({ generators: { random: { optim: {} } } }).where, "my.jsonc, field generators.random.optim");
});
