/** A generator of random weights: frozen, it is a loss like any other, and its activations are scaled as a trained one's. */
import { TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { trackStatistics } from "../../lib/embedding/data_passes.ts";
import { frozen } from "../../lib/embedding/embedding.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { orThrow } from "../../lib/errors.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertClose, centralDifferences } from "../backend/support.ts";
import { type Maps, mapValues } from "../nn/reference.ts";
import { disposeVariables, noiseMaps, tensorOf, weightsOf } from "../nn/support.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { onBackend, valuesOf } from "../support.ts";
import { stages as reference } from "./reference.ts";

const layer = sceneStages([3, 4]);

/** Depth maps of so many metres on average. */
const rooms = (seed: number, metres = 3): Maps =>
  mapValues(noiseMaps([2, 6, 7, 1], seed), (value) => metres * (1 + value / 3));

/** Random weights whose statistics have tracked some batches of depth. */
const random = async (seed = 1, steps = 30, metres = 3) =>
  orThrow(
    await trackStatistics(
      layer,
      layer.init(keyOf(seed)),
      steps,
      (step) => TE.fromIO(() => tensorOf(1, rooms(step + 1, metres))),
    )(),
  );

onBackend("the loss of a frozen random generator pulls at the depth by its gradient", async () => {
  const variables = await random();
  const weights = await weightsOf(variables);
  const [truth, prediction] = [rooms(100), rooms(101)];
  const gradient = await valuesOf(() => {
    const [target, mask] = [tensorOf(1, truth), asFeatures(1, tf.ones([2, 6, 7, 1]))];
    const loss = hierarchical(frozen(layer, variables), [0, 10, 15]);
    return tf.grad((x: tf.Tensor) => loss(target, asFeatures(1, x), mask))(tensorOf(1, prediction));
  });
  const levelsOf = (maps: Maps) => reference(weights, maps, 2, 0.01, "inference");
  const expected = (values: readonly number[]): number => {
    const [a, b] = [levelsOf(truth), levelsOf({ ...prediction, values })];
    const means = a.map((level, k) =>
      level.values.reduce((sum, value, at) => sum + Math.abs(value - (b[k]?.values[at] ?? NaN)), 0) /
      level.values.length
    );
    return 10 * (means[0] ?? NaN) + 15 * (means[1] ?? NaN);
  };
  assertClose(gradient, centralDifferences(expected, prediction.values), 1e-3);
  assert(gradient.every((value) => Math.abs(value) > 1e-6));
  disposeVariables(variables);
});

/** The spread of the coarse level for depth maps of so many metres. */
const spreadOf = async (steps: number, metres: number): Promise<number> => {
  const variables = await random(2, steps, metres);
  const values = await valuesOf(() => {
    const [, coarse] = frozen(layer, variables)(tensorOf(1, rooms(50, metres)));
    assert(coarse !== undefined);
    return coarse;
  });
  disposeVariables(variables);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

onBackend(
  "tracked statistics give random levels the spread of a trained one's, however deep the rooms are",
  async () => {
    // A unit normal after ReLU has the deviation √(½ − 1/(2π)) = 0.58.
    for (const metres of [3, 30]) assertAlmostEquals(await spreadOf(60, metres), 0.58, 0.15);
    const [near, far] = [await spreadOf(0, 3), await spreadOf(0, 30)];
    assertAlmostEquals(far / near, 10, 0.5);
  },
);

onBackend("the same seed draws the same generator, another one another", async () => {
  const [first, same, other] = [await random(1, 2), await random(1, 2), await random(2, 2)];
  const texts = await Promise.all(
    [first, same, other].map(async (variables) => JSON.stringify([...await weightsOf(variables)])),
  );
  assert(texts[0] === texts[1] && texts[0] !== texts[2]);
  [first, same, other].forEach(disposeVariables);
});
