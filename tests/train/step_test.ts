import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Learner } from "../../lib/nn/layer.ts";
import { scaleBySchedule } from "../../lib/optim/transformation.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import { disposeTree, leaves, type Tree } from "../../lib/tensor/tree.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend, onWasm, readLeaves, readTree } from "../support.ts";
import { batchOf, disposeState, tinyLearner, tinyOptimizer, treeOf, valueOf } from "./support.ts";

type Bowl = { readonly w: tf.Tensor1D };
type Count = { readonly batches: tf.Scalar };

/** Minimizes Σ (w − b)² + (1 + step) · Σ w on a batch b, and counts batches. */
const bowl: Learner<Bowl, Bowl, Count> = {
  init: () => ({ params: { w: tf.tensor1d([1, -2]) }, statistics: { batches: tf.scalar(5) } }),
  form: { params: { w: [2] }, statistics: { batches: [] } },
  losses: ({ params, statistics }, { w: b }, mode, step) => {
    assertEquals(mode, "training");
    const square = tf.sum<tf.Scalar>(tf.square(tf.sub(params.w, b)));
    const slope = tf.mul<tf.Scalar>(tf.sum(params.w), 1 + step);
    return [{ square, slope }, { batches: tf.add(statistics.batches, 1) }];
  },
};

onBackend("a step follows the gradient of all terms' sum, and tells loss and terms before it", async () => {
  const descent = scaleBySchedule((step) => -0.1 * (step + 1));
  const state = { ...initialState(bowl, descent, keyOf(1)), step: 3 };
  const batch = { w: tf.tensor1d([3, 0.5]) };
  const [next, report] = trainStep(bowl, descent)(state, batch);
  const numbers = await readLeaves({ ...next.variables, loss: report.loss, terms: report.terms });
  const at = (path: string) => numbers.get(path)?.values ?? [];
  assertClose(at("params/w"), [1 - 0.4 * (2 * (1 - 3) + 4), -2 - 0.4 * (2 * (-2 - 0.5) + 4)], 1e-6);
  assertClose(at("statistics/batches"), [6]);
  assertClose(at("terms/square"), [4 + 6.25], 1e-6);
  assertClose(at("terms/slope"), [4 * (1 - 2)], 1e-6);
  assertClose(at("loss"), [10.25 - 4], 1e-6);
  assertEquals([next.step, next.key], [4, state.key]);
  [state.variables.params, state.variables.statistics, batch].forEach(disposeTree);
  const { loss, terms } = report;
  [next.variables.params, next.variables.statistics, { loss }, terms].forEach((tree: Tree) => disposeTree(tree));
});

const step = trainStep(tinyLearner(), tinyOptimizer);
const start = () => initialState(tinyLearner(), tinyOptimizer, keyOf(7));

onBackend(
  "a step is a function: it changes and frees neither its state nor its batch, and repeats itself",
  async () => {
    const [state, batch] = [start(), batchOf(1)];
    const before = await readLeaves({ state: treeOf(state), batch });
    const run = async () => {
      const [next, { loss, terms }] = step(state, batch);
      const numbers = await readLeaves({ next: treeOf(next), loss, terms });
      disposeState(next);
      disposeTree({ loss, terms });
      return numbers;
    };
    const [first, second] = [await run(), await run()];
    assertEquals([...first.keys()], [...second.keys()]);
    first.forEach(({ values }, path) => assertClose(values, second.get(path)?.values ?? [], 1e-6, path));
    assertEquals(await readLeaves({ state: treeOf(state), batch }), before);
    disposeState(state);
    disposeTree(batch);
  },
);

onBackend("a step changes every parameter, statistic and moment", async () => {
  const [state, batch] = [start(), batchOf(1)];
  const before = await readLeaves(treeOf(state));
  const [next, { loss, terms }] = step(state, batch);
  const after = await readLeaves(treeOf(next));
  assertEquals([...after.keys()], [...before.keys()]);
  after.forEach(({ values }, path) => assertNotEquals(values, before.get(path)?.values, path));
  [treeOf(state), treeOf(next), batch, { loss, terms }].forEach(disposeTree);
});

onBackend("the number of tensors is the same after every step", () => {
  let state = start();
  const counts = Array.from({ length: 12 }, (_, seed) => {
    const batch = batchOf(seed);
    const [next, { loss, terms }] = step(state, batch);
    assert([batch, treeOf(state)].every((tree) => leaves(tree).every(({ tensor }) => !tensor.isDisposed)));
    [treeOf(state), batch, { loss, terms }].forEach(disposeTree);
    state = next;
    return countTensors();
  });
  assertEquals(new Set(counts).size, 1);
  assertEquals(leaves(treeOf(state)).length, 5 + 2 + 2 * 5);
  disposeState(state);
});

onBackend("training on one batch lowers its loss to a small part", async () => {
  let state = start();
  const batch = batchOf(3);
  const losses: number[] = [];
  for (let count = 0; count < 30; count++) {
    const [next, { loss, terms }] = step(state, batch);
    losses.push(await valueOf(loss));
    [treeOf(state), { loss, terms }].forEach(disposeTree);
    state = next;
  }
  disposeTree(batch);
  disposeState(state);
  const [first = NaN, last = NaN] = [losses[0], losses.at(-1)];
  assert(last < 0.2 * first, `from ${first} to ${last}`);
});

onWasm("the first state follows from the key alone: step 0, variables from the key, moments 0", async () => {
  const [one, same, other] = [start(), start(), initialState(tinyLearner(), tinyOptimizer, keyOf(8))];
  const numbers = await readLeaves(treeOf(one));
  assertEquals([one.step, one.key], [0, keyOf(7)]);
  assertEquals(numbers, await readLeaves(treeOf(same)));
  assertNotEquals(
    numbers.get("params/hidden/conv/kernel"),
    (await readLeaves(treeOf(other))).get("params/hidden/conv/kernel"),
  );
  const drawn = await readTree(() => tinyLearner().init(foldIn(keyOf(7), "init")).params);
  assertEquals(numbers.get("params/hidden/conv/kernel"), drawn.get("hidden/conv/kernel"));
  numbers.forEach(({ values }, path) => {
    if (path.startsWith("optimizer/")) assert(values.every((value) => value === 0), path);
  });
  [one, same, other].forEach(disposeState);
});
