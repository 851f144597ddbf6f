import { depthTensor } from "../../lib/data/tensors.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { frozen, sobel } from "../../lib/embedding/embedding.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { orThrow } from "../../lib/errors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { lossContext } from "../../lib/loss/loss.ts";
import { evaluateTerms } from "../../lib/loss/objective.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { constant } from "../../lib/optim/transformation.ts";
import { asFeatures, validMask } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { explain } from "../../lib/train/explain.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { onBackend, valuesOf } from "../support.ts";

const [height, width] = [12, 16];

const depthFrom = (metres: (row: number, column: number) => number): DepthImage => ({
  height,
  width,
  metres: Float32Array.from({ length: height * width }, (_, at) => metres(Math.floor(at / width), at % width)),
});

/** A box at 1.5 m before a wall at 4 m, with holes beside it, and a prediction that is a slope. */
const truth = depthFrom((row, column) => row < 6 && column === 11 ? 0 : column > 4 && column < 11 ? 1.5 : 4);
const prediction = depthFrom((row, column) => 2 + 0.1 * row + 0.05 * column);

onBackend("levels, weights and losses of an image are what the hierarchical loss is made of", async () => {
  const stages = sceneStages([4, 6]);
  const variables = stages.init(keyOf(3));
  const embedding = frozen(stages, variables);
  const loss = hierarchical(embedding, [0, 10, 15]);
  const explanation = orThrow(
    await explain({
      generators: [
        { name: "HEG-S", unit: "", embedding, weights: [0.3, 0.45] },
        { name: "Sobel", unit: "m", embedding: sobel, weights: [] },
      ],
      terms: [
        { name: "L1", trained: true, weight: 1, loss: l1 },
        { name: "HEG-S", trained: true, weight: 0.03, loss },
        { name: "nothing", trained: false, weight: 0, loss },
      ],
    })(truth, prediction)(),
  );
  const [scene, fixed] = explanation.generators;
  const [pixels, hierarchy, nothing] = explanation.terms;
  assert(scene !== undefined && fixed !== undefined);
  assertEquals(
    scene.levels.map(({ level, channels, weight, difference }) =>
      [level, channels, weight, difference.height, difference.width].join()
    ),
    ["1,4,0.3,12,16", "2,6,0.45,6,8"],
  );
  assertEquals(fixed.levels.map(({ channels, weight }) => [channels, weight]), [[2, 0]]);
  for (const { difference, mean } of scene.levels) {
    assertAlmostEquals(mean, difference.values.reduce((sum, value) => sum + value, 0) / difference.values.length, 1e-6);
  }

  const sum = scene.levels.reduce((total, { mean, weight }) => total + mean * weight, 0);
  assertAlmostEquals(hierarchy?.value ?? NaN, sum, 1e-5 * sum);
  const [trained = NaN] = await valuesOf(() => {
    const target = depthTensor([truth]);
    const objective = [{ name: "scene", weight: constant(0.03), loss }];
    const at = lossContext(asFeatures(3, tf.zeros([1, 12, 16, 3])), 0, keyOf(0));
    const { scene } = evaluateTerms(objective, 0, target, depthTensor([prediction]), validMask(target), at);
    assert(scene !== undefined);
    return scene;
  });
  assertAlmostEquals(sum, trained, 1e-5 * sum);

  assertAlmostEquals(pixels?.strength ?? NaN, 1, 1e-4);
  assertAlmostEquals(pixels?.boundaryStrength ?? NaN, 1, 1e-4);
  pixels?.pull.values.forEach((pull, at) => {
    const metres = truth.metres[at] ?? 0;
    const expected = metres === 0 ? 0 : Math.sign(metres - (prediction.metres[at] ?? 0));
    assertAlmostEquals(pull, expected, 1e-4);
  });
  assertEquals([nothing?.value, nothing?.strength], [0, 0]);
  [variables.params, variables.statistics].forEach(disposeTree);
});

onBackend("an image without valid depth has losses of 0, pulls at nothing, and has no boundaries", async () => {
  const explanation = orThrow(
    await explain({
      generators: [{ name: "Sobel", unit: "m", embedding: sobel, weights: [1] }],
      terms: [{ name: "L1", trained: true, weight: 1, loss: l1 }],
    })(depthFrom(() => 0), prediction)(),
  );
  assertEquals(explanation.generators.flatMap(({ levels }) => levels.map(({ mean }) => mean)), [0]);
  assertEquals(explanation.terms.map(({ value, strength, boundaryStrength }) => [value, strength, boundaryStrength]), [
    [0, 0, null],
  ]);
});
