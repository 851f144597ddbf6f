/** Every layer and every network tells the names and shapes of what it learns and tracks without making it. */
import { basicBlock, bottleneck, resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { cliffBlock, cliffBlockWithoutAttention, cliffBlockWithoutIdentity } from "../../lib/cliffnet/cliff.ts";
import { depthEstimator, depthHead, levelHeads } from "../../lib/cliffnet/estimator.ts";
import { fusionNames, fusionOf } from "../../lib/cliffnet/fusions.ts";
import { cliffNet, depthNetworkOn } from "../../lib/cliffnet/network.ts";
import { featurePyramid } from "../../lib/cliffnet/pyramid.ts";
import { pipe } from "../../lib/dependencies/fp.ts";
import { reconstructionLearner, reconstructor } from "../../lib/embedding/reconstruction.ts";
import { sceneClassifier, sceneLearner, sceneStages } from "../../lib/embedding/scene.ts";
import { named } from "../../lib/loss/objective.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import {
  allSideBySide,
  collectLayer,
  collectOutputs,
  fanOut,
  residual,
  sequential,
  withInput,
} from "../../lib/nn/combinators.ts";
import { biasedConv, conv, linear } from "../../lib/nn/conv.ts";
import {
  biasedConvNormRelu,
  convNorm,
  convNormAddRelu,
  convNormLeakyRelu,
  convNormRelu,
} from "../../lib/nn/conv_norm.ts";
import {
  biasedConvNormReluAddUpsampled,
  joinedConvNormRelu,
  joinedConvNormReluAdd,
} from "../../lib/nn/conv_norm_sums.ts";
import {
  identityLayer,
  inputFeatures,
  layer,
  mapOutput,
  namedPart,
  type Parametrized,
  untyped,
} from "../../lib/nn/layer.ts";
import { globalAveragePool, maxPool } from "../../lib/nn/operations.ts";
import type { Branch } from "../../lib/tensor/tree.ts";
import { depthLearner } from "../../lib/train/depth_network.ts";
import { withBackbone } from "../../lib/weights/restore.ts";
import { assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";
import { assertForm } from "./support.ts";

type Made = Parametrized<Branch, Branch>;

const side = (name: string) => namedPart(name, convNormRelu(2, 2, 3));

const layers: Readonly<Record<string, () => Made>> = {
  "the identity": () => identityLayer(),
  "pooling": () =>
    pipe(inputFeatures(2), mapOutput((x) => x), layer("max", maxPool(2)), layer("mean", globalAveragePool(2))),
  "a convolution": () => conv(2, 3, 5, { stride: 2 }),
  "a convolution with a bias": () => biasedConv(2, 3, 1),
  "a batch norm": () => batchNorm(4),
  "a linear layer": () => linear(3, 5),
  "convolutions with batch norms": () =>
    allSideBySide([
      namedPart("a", convNorm(1, 2, 3)),
      namedPart("b", convNormLeakyRelu(1, 2, 3, 0.1)),
      namedPart("c", biasedConvNormRelu(2, 1, 1)),
      namedPart("d", convNormAddRelu(2, 3, 1)),
      namedPart("e", joinedConvNormRelu(2, 3, 3)),
      namedPart("f", joinedConvNormReluAdd(2, 2, 3)),
      namedPart("g", biasedConvNormReluAddUpsampled(2, 3, 1)),
    ]),
  "a fan": () => fanOut(side("z"), side("a")),
  "a residual": () => residual(2, side("main"), identityLayer()),
  "taps": () => pipe(collectOutputs(side("one")), collectLayer("two", side("x")), collectLayer("three", side("x"))),
  "a row": () => sequential([["second", untyped(side("x"))], ["first", untyped(side("y"))]]),
  "a layer joined with its input": () => withInput(side("one"), (x) => x),
};

const parts: Readonly<Record<string, () => Made>> = {
  "a basic block": () => basicBlock(2, 4, 2),
  "a bottleneck": () => bottleneck(4, 8, 1, "3x3"),
  "a CLIFF block": () => cliffBlock(2),
  "a CLIFF block without attention": () => cliffBlockWithoutAttention(2),
  "a CLIFF block without its identity": () => cliffBlockWithoutIdentity(2),
  "a pyramid": () => featurePyramid([2, 4, 6, 8], 3),
  "level heads": () => levelHeads(3),
  "a score": () => depthHead(3),
  "an estimator": () => depthEstimator(3, 2),
  "HEG-S": () => sceneStages([2, 3, 4]),
  "HEG-S with its head": () => sceneClassifier([2, 3], 5),
  "HEG-R": () => reconstructor([2, 4, 3]),
};

for (const [name, make] of Object.entries({ ...layers, ...parts })) {
  onWasm(`the form of ${name} is that of its first variables`, () => assertForm(make));
}

for (const depth of [18, 34, 50, 101] as const) {
  onWasm(`the form of ResNet-${depth} and of every network on it is that of its first variables`, async () => {
    assertForm(() => resNetOfWidth(depth, 4).backbone);
    const { backbone, channels } = resNetOfWidth(depth, 4);
    for (const name of fusionNames) {
      const fusion = await fusionOf(name, 2);
      assertForm(() => depthNetworkOn(backbone, channels, fusion, 2), name);
    }
  });
}

onWasm("the form of a learner is that of what it trains", () => {
  assertForm(() => depthLearner(biasedConv(3, 1, 3), named("l1", l1)));
  assertForm(() => sceneLearner(sceneClassifier([2], 3)));
  assertForm(() => reconstructionLearner(reconstructor([2, 3])));
});

onWasm("a network that begins with a given backbone has the form that it had", () => {
  const network = cliffNet({ depth: 18, features: 2 });
  const { params, statistics } = resNetOfWidth(18, 64).backbone.form;
  assertEquals(network.form.params.backbone, params);
  assertEquals(network.form.statistics.backbone, statistics);
  assertEquals(withBackbone(network, { params: {}, statistics: {} }).form, network.form);
});
