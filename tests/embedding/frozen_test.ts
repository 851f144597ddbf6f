import { tf } from "../../lib/dependencies/tensorflow.ts";
import { firstLevels, frozen } from "../../lib/embedding/embedding.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { assertClose, centralDifferences } from "../backend/support.ts";
import { disposeVariables, noiseMaps, tensorOf, variablesOf, weightsOf } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend, readTree, valuesOf } from "../support.ts";
import { stages as reference } from "./reference.ts";

const layer = sceneStages([2, 3]);
const depth = noiseMaps([2, 5, 4, 1], 3);

onBackend("a frozen generator uses the tracked statistics, and changes neither them nor its parameters", async () => {
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const levels = await readTree(() => {
    const [g1, g2] = frozen(layer, variables)(tensorOf(1, depth));
    assert(g1 !== undefined && g2 !== undefined);
    return { g1, g2 };
  });
  const expected = reference(weights, depth, 2, 0.01, "inference");
  [...levels.values()].forEach(({ values }, index) => assertClose(values, expected[index]?.values ?? [], 1e-5));
  assertEquals(await weightsOf(variables), weights);
  disposeVariables(variables);
});

onBackend("the embedding of a depth map does not depend on the others of its batch", async () => {
  const variables = variablesOf(layer);
  const finest = (rows: number) => () => {
    const [first] = frozen(layer, variables)(asFeatures(1, tf.slice(tensorOf(1, depth), 0, rows)));
    assert(first !== undefined);
    return first;
  };
  const [alone, together] = [await valuesOf(finest(1)), await valuesOf(finest(2))];
  assertClose(alone, together.subarray(0, alone.length), 1e-6);
  disposeVariables(variables);
});

onBackend("the gradient flows through a frozen generator into the depth map", async () => {
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const gradient = await valuesOf(() =>
    tf.grad((x: tf.Tensor) => {
      const coarse = frozen(layer, variables)(asFeatures(1, x))[1];
      assert(coarse !== undefined);
      return tf.sum(tf.square(coarse));
    })(tensorOf(1, depth))
  );
  const squares = (values: readonly number[]) =>
    (reference(weights, { ...depth, values }, 2, 0.01, "inference")[1]?.values ?? []).reduce(
      (sum, v) => sum + v * v,
      0,
    );
  assertClose(gradient, centralDifferences(squares, depth.values), 1e-4);
  assert(gradient.every((value) => value !== 0));
  disposeVariables(variables);
});

onBackend("the first levels of a generator are its finest", async () => {
  const variables = variablesOf(layer);
  const embedding = frozen(layer, variables);
  const shapesOf = (count: number) =>
    readTree(() => {
      const levels = firstLevels(count)(embedding)(tensorOf(1, depth));
      return Object.fromEntries(levels.map((level, index) => [String(index), level]));
    }).then((levels) => [...levels.values()].map(({ shape }) => shape));
  assertEquals(await shapesOf(1), [[2, 5, 4, 2]]);
  assertEquals(await shapesOf(2), [[2, 5, 4, 2], [2, 3, 2, 3]]);
  assertEquals(await shapesOf(0), []);
  disposeVariables(variables);
});
