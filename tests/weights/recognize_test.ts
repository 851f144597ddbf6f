/** Names of other programs against this library's paths. */
import fc from "fast-check";
import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { publishedName, type RecognizedNames, recognizeNames, rooted } from "../../lib/weights/recognize.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { onWasm } from "../support.ts";
import { narrowNetwork, pathsOf } from "./support.ts";

const recognized = (names: readonly string[]): RecognizedNames => orThrow(recognizeNames("a.pth", names));

/** The names of torchvision's ResNets, from how its modules are nested. */
const torchvisionNames = (blocks: readonly number[], convolutions: number): readonly string[] => {
  const norm = (name: string) =>
    ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map((leaf) => `${name}.${leaf}`);
  const bottleneck = convolutions === 3;
  const block = (layer: number, index: number): readonly string[] => {
    const at = `layer${layer}.${index}`;
    const parts = Array.from(
      { length: convolutions },
      (_, k) => [`${at}.conv${k + 1}.weight`, ...norm(`${at}.bn${k + 1}`)],
    );
    const shortcut = index === 0 && (bottleneck || layer > 1);
    return [...parts.flat(), ...(shortcut ? [`${at}.downsample.0.weight`, ...norm(`${at}.downsample.1`)] : [])];
  };
  const layers = blocks.flatMap((count, layer) => Array.from({ length: count }, (_, index) => block(layer + 1, index)));
  return ["conv1.weight", ...norm("bn1"), ...layers.flat(), "fc.weight", "fc.bias"];
};

const resNets = [
  { depth: 18, blocks: [2, 2, 2, 2], convolutions: 2, parameters: 62 },
  { depth: 34, blocks: [3, 4, 6, 3], convolutions: 2, parameters: 110 },
  { depth: 50, blocks: [3, 4, 6, 3], convolutions: 3, parameters: 161 },
  { depth: 101, blocks: [3, 4, 23, 3], convolutions: 3, parameters: 314 },
] as const;

resNets.forEach(({ depth, blocks, convolutions, parameters }) =>
  onWasm(`torchvision's ResNet-${depth} has a place for all but its head`, () => {
    const names = torchvisionNames(blocks, convolutions);
    assertEquals(names.filter((name) => /(weight|bias)$/.test(name)).length, parameters);
    const { title, kind, leftOut, ...found } = recognized(names);
    assertEquals([title, kind, leftOut], ["torchvision", "backbone", ["fc.weight", "fc.bias"]]);
    const { params, statistics } = resNetOfWidth(depth, 4).backbone.init(keyOf(1));
    const variables = { params: { backbone: params }, statistics: { backbone: statistics } };
    assertEquals([...found.names.keys()].toSorted(), pathsOf(variables).toSorted());
    assertEquals(
      found.names.get("params/backbone/stage3/block2/first/conv/kernel") ??
        found.names.get("params/backbone/stage3/block2/reduce/conv/kernel"),
      "layer2.1.conv1.weight",
    );
    assertEquals(
      found.names.get("statistics/backbone/stage5/block1/shortcut/norm/variance"),
      "layer4.0.downsample.1.running_var",
    );
    disposeTree(variables);
  })
);

resNets.forEach(({ depth }) =>
  onWasm(`every leaf of CLIFFNet on ResNet-${depth} has a published name of its own, which leads back to it`, () => {
    const variables = narrowNetwork(depth).init(keyOf(1));
    const paths = pathsOf(variables);
    const names = paths.map((path) => publishedName(path.replace(/^\w+\//, "")) ?? "");
    assertEquals(new Set(names).size, paths.length);
    assert(!names.includes(""));
    const found = recognized(names);
    assertEquals([found.title, found.kind, found.prefix, found.leftOut], ["published", "depth", "", []]);
    assertEquals(paths.map((path) => found.names.get(path)), names);
    disposeTree({ ...variables });
  })
);

onWasm("the stages of HEG-S have the names of its features", () => {
  const { params, statistics } = sceneStages([4, 5, 6]).init(keyOf(1));
  const variables = { params: { stages: params }, statistics: { stages: statistics } };
  const paths = pathsOf(variables);
  const names = paths.map((path) => publishedName(path.replace(/^\w+\//, "")) ?? "");
  assertEquals(publishedName("stages/stage1/first/conv/kernel"), "features.0.weight");
  assertEquals(publishedName("stages/stage2/second/norm/variance"), "features.10.running_var");
  const { kind, names: found, leftOut } = recognized([...names, "features.1.num_batches_tracked", "classifier.weight"]);
  assertEquals([kind, leftOut], ["scene", ["classifier.weight"]]);
  assertEquals(paths.map((path) => found.get(path)), names);
  disposeTree(variables);
});

Deno.test("names are found below any prefix, beside whatever else a training checkpoint holds", () => {
  const names = torchvisionNames([2, 2, 2, 2], 2);
  const others = fc.array(fc.stringMatching(/^optimizer\.state\.[0-9]{1,3}\.exp_avg$/));
  const prefix = fc.constantFrom("", "module.", "state_dict.", "model_state_dict.module.", "model.encoder.");
  fc.assert(
    fc.property(prefix, others, (before, rest) => {
      const found = recognized([...rest, ...names.map((name) => before + name)]);
      assertEquals(found.prefix, before);
      assertEquals(found.names.get("params/backbone/stem/conv/kernel"), `${before}conv1.weight`);
      const beside = before === "" ? rest : [];
      assertEquals(found.leftOut, [...beside, `${before}fc.weight`, `${before}fc.bias`]);
    }),
    { numRuns: 30 },
  );
});

const refusal = (names: readonly string[]): string => {
  const result = recognizeNames("a.pth", names);
  assert(E.isLeft(result));
  assertEquals(result.left.kind, "checkpoint");
  return describe(result.left);
};

Deno.test("two sets of the same weights are not chosen between in silence", () => {
  const names = torchvisionNames([2, 2, 2, 2], 2);
  const problem = refusal([...names.map((name) => `model.${name}`), ...names.map((name) => `ema.${name}`)]);
  for (const part of ["a.pth", '"model."', '"ema."', "--prefix"]) assertStringIncludes(problem, part);
});

Deno.test("names that mean nothing are refused with one of them", () => {
  assertStringIncludes(refusal(["encoder.block.0"]), '"encoder.block.0"');
  assertStringIncludes(refusal([]), "no tensors");
});

Deno.test("names of blocks that cannot be are no names", () => {
  const strange = [
    "layer1.00.conv1.weight",
    "layer5.0.conv1.weight",
    "layer1.@.conv1.weight",
    "layer1.-1.conv1.weight",
  ];
  const { leftOut } = recognized([...torchvisionNames([2, 2, 2, 2], 2), ...strange]);
  assertEquals(leftOut, ["fc.weight", "fc.bias", ...strange]);
  assertEquals(publishedName("backbone/stage2/block0/reduce/conv/kernel"), undefined);
  assertEquals(publishedName("backbone/stage2/block@/reduce/conv/kernel"), undefined);
  assertEquals(rooted("a/norm/mean"), "statistics/a/norm/mean");
});
