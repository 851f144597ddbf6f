import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { reconstructionLearner, reconstructor } from "../../lib/embedding/reconstruction.ts";
import { sceneClassifier, sceneLearner } from "../../lib/embedding/scene.ts";
import { named, scale, sum } from "../../lib/loss/objective.ts";
import { l1, l2 } from "../../lib/loss/pixel.ts";
import { fromFunction, type Mode } from "../../lib/nn/layer.ts";
import { adam } from "../../lib/optim/adam.ts";
import { asFeatures, type DepthMaps, type Images } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { depthLearner } from "../../lib/train/depth_network.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { assertClose } from "../backend/support.ts";
import { disposeVariables, noiseMaps, tensorOf, variablesOf } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { featuresOf, onBackend, readTree } from "../support.ts";
import { batchOf } from "./support.ts";

/** Twice the blue of a picture as its depth. */
const blue = fromFunction((images: Images): DepthMaps => asFeatures(1, tf.mul(tf.slice(images, [0, 0, 0, 2]), 2)));

onBackend("a depth network is judged by its objective's weighted terms over valid pixels", async () => {
  const objective = sum(named("near", l1), pipe(named("square", l2), scale(3)), [{
    name: "late",
    weight: (step) => step,
    loss: l1,
  }]);
  const terms = await readTree(() => {
    const batch = {
      images: featuresOf([1, 1, 3, 3], [0, 0, 0.5, 9, 9, 1, 9, 9, 4]),
      depth: featuresOf([1, 1, 3, 1], [3, 1.5, 0]),
      mask: featuresOf([1, 1, 3, 1], [1, 1, 0]),
    };
    return { ...depthLearner(blue, objective).losses({ params: {}, statistics: {} }, batch, "training", 7)[0] };
  });
  const distances = [3 - 1, 2 - 1.5] as const;
  const near = (distances[0] + distances[1]) / 2;
  assertClose(terms.get("near")?.values ?? [], [near], 1e-6);
  assertClose(terms.get("square")?.values ?? [], [3 * (distances[0] ** 2 + distances[1] ** 2) / 2], 1e-6);
  assertClose(terms.get("late")?.values ?? [], [7 * near], 1e-6);
});

const filled = noiseMaps([2, 6, 8, 1], 3);

onBackend("HEG-R is judged by its absolute error where depth was measured, in the mode that is asked for", async () => {
  const layer = reconstructor([2, 3]);
  const variables = variablesOf(layer);
  const valid = Array.from({ length: 96 }, (_, at) => Number(at % 3 > 0));
  const lossIn = async (mode: Mode) => {
    const numbers = await readTree(() => {
      const batch = { filled: tensorOf(1, filled), mask: featuresOf([2, 6, 8, 1], valid) };
      const [{ reconstruction }] = reconstructionLearner(layer).losses(variables, batch, mode, 0);
      assert(reconstruction !== undefined);
      return { reconstruction, own: layer.apply(variables, batch.filled, mode)[0] };
    });
    const own = numbers.get("own")?.values ?? [];
    const errors = filled.values.map((metres, at) => (valid[at] ?? NaN) * Math.abs(metres - (own[at] ?? NaN)));
    assertClose(
      numbers.get("reconstruction")?.values ?? [],
      [errors.reduce((total, error) => total + error, 0) / 64],
      1e-5,
    );
    return numbers.get("reconstruction")?.values[0];
  };
  assert(await lossIn("training") !== await lossIn("inference"));
  disposeVariables(variables);
});

onBackend("HEG-S learns to tell two scenes from their depth maps", async () => {
  const learner = sceneLearner(sceneClassifier([2, 3], 2));
  const optimizer = adam(() => 0.05);
  const step = trainStep(learner, optimizer);
  const batch = {
    filled: featuresOf([2, 6, 8, 1], filled.values.map((value, at) => at < 48 ? 2 : 2 + value)),
    scenes: tf.tensor2d([1, 0, 0, 1], [2, 2]),
  };
  let state = initialState(learner, optimizer, keyOf(1));
  const losses: number[] = [];
  for (let count = 0; count < 30; count++) {
    const [next, { loss, terms }] = step(state, batch);
    assertEquals(Object.keys(terms), ["cross_entropy"]);
    losses.push((await loss.data())[0] ?? NaN);
    [state.variables.params, state.variables.statistics, state.optimizer, { loss, terms }].forEach(disposeTree);
    state = next;
  }
  const [first = NaN, last = NaN] = [losses[0], losses.at(-1)];
  assert(last < 0.3 * first, `from ${first} to ${last}`);
  [state.variables.params, state.variables.statistics, state.optimizer, batch].forEach(disposeTree);
});

onBackend("a depth learner's first variables are its network's", async () => {
  const learner = depthLearner(blue, named("near", l1));
  assertEquals(learner.init(keyOf(1)), { params: {}, statistics: {} });
  const terms = await readTree(() => ({
    ...learner.losses({ params: {}, statistics: {} }, batchOf(1), "inference", 0)[0],
  }));
  assertEquals([...terms.keys()], ["near"]);
});
