/** The fusion of a configuration: what it trains, and which checkpoints it fits. */
import { openDevice } from "../../lib/backend/device.ts";
import { type FusionName, fusionNames } from "../../lib/cliffnet/fusions.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import {
  checkNetworkVariant,
  describeNetworkVariant,
  networkOf,
  objectiveOf,
  optimizerOf,
} from "../../lib/experiment/compose.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { asFeatures, validMask } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { depthLearner } from "../../lib/train/depth_network.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { noiseMaps, tensorOf } from "../nn/support.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";
import { onWasm, readLeaves } from "../support.ts";

orThrow(await openDevice("wasm")());

const configured = (fusion: FusionName | undefined): Configuration =>
  orThrow(decodeConfiguration("test", {
    backbone: { layers: 18, width: 2 },
    network: { features: 6, initialDepth: 2, ...(fusion === undefined ? {} : { fusion }) },
    optim: { lr: 1e-2 },
  }));

/** The losses of two steps, and the parameters before and after them. */
const trained = async (configuration: Configuration) => {
  const learner = depthLearner(await networkOf(configuration), await objectiveOf(configuration.loss, {}));
  const optimizer = optimizerOf(configuration.optim);
  const step = trainStep(learner, optimizer);
  const batch = scope(() => {
    const images = tensorOf(3, noiseMaps([2, 33, 40, 3], 1));
    const depth = asFeatures(1, tf.add(tf.abs(tf.slice(images, [0, 0, 0, 0], [-1, -1, -1, 1])), 1));
    return { images, depth, mask: validMask(depth) };
  });
  let state = initialState(learner, optimizer, keyOf(1));
  const first = await readLeaves(state.variables.params);
  const losses: number[] = [];
  for (let count = 0; count < 2; count++) {
    const [next, { loss, terms }] = step(state, batch);
    losses.push((await loss.data())[0] ?? NaN);
    [state.variables.params, state.variables.statistics, state.optimizer, { loss, terms }].forEach(disposeTree);
    state = next;
  }
  const params = await readLeaves(state.variables.params);
  [state.variables.params, state.variables.statistics, state.optimizer, batch].forEach(disposeTree);
  return { losses, first, params };
};

for (const fusion of fusionNames) {
  onWasm(`a configuration trains every parameter of the fusion ${fusion}`, async () => {
    const { losses, first, params } = await trained(configured(fusion));
    assert(losses.every(Number.isFinite) && new Set(losses).size === 2, `losses ${losses}`);
    const fused = [...params].filter(([path]) => path.startsWith("estimator/fusion/"));
    assert(fused.length >= 12);
    for (const [path, { values }] of fused) {
      const moved = values.some((value, at) => value !== first.get(path)?.values[at]);
      assert(moved && values.every(Number.isFinite), path);
    }
  });
}

onWasm("without a fusion it is CLIFF, and others train to other weights", async () => {
  const [none, cliff, other] = [
    await trained(configured(undefined)),
    await trained(configured("cliff")),
    await trained(configured("cliff-no-identity")),
  ];
  assertEquals(none, cliff);
  assertEquals([...other.params.keys()], [...cliff.params.keys()]);
  assertNotEquals(other.params, cliff.params);
});

Deno.test("a configuration that wants another fusion than a checkpoint's is refused by the field", () => {
  const trainedAs = configured("cliff-no-attention");
  assertEquals(checkNetworkVariant("a.safetensors", trainedAs, trainedAs)._tag, "Right");
  for (const fusion of ["cliff", "sum"] as const) {
    const result = checkNetworkVariant("a.safetensors", trainedAs, configured(fusion));
    assert(result._tag === "Left");
    assertEquals([result.left.kind, result.left.where], ["configuration", "field network.fusion"]);
    for (const part of ["a.safetensors", `"${fusion}"`, '"cliff-no-attention"', "network.fusion=cliff-no-attention"]) {
      assertStringIncludes(describe(result.left), part);
    }
  }
});

Deno.test("a backbone that differs is told before the fusion, and the variant in words has both", () => {
  const [own, other] = [configured("sum"), configured("cliff")];
  const backbone = { ...other.backbone, preprocessing: "rgb-unit" } as const;
  const result = checkNetworkVariant("a", own, { ...other, backbone });
  assertEquals(result._tag === "Left" && result.left.where, "field backbone.preprocessing");
  assertEquals(describeNetworkVariant(own), 'backbone.preprocessing "bgr-caffe", network.fusion "sum"');
});

Deno.test("a fusion that does not exist is refused with those that do", () => {
  const result = decodeConfiguration("my.jsonc", { network: { fusion: "fpn" } });
  assert(result._tag === "Left");
  assertEquals([result.left.where, result.left.found], ["my.jsonc, field network.fusion", '"fpn"']);
  fusionNames.forEach((name) => assertStringIncludes(result.left.expected, name));
});
