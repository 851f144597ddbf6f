import { webGpuAdamDirection, webGpuAdamUpdate } from "../../lib/backend/webgpu/adam.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { adam, scaleByAdam } from "../../lib/optim/adam.ts";
import { addWeightDecay, chain, scaleBySchedule, type Transformation } from "../../lib/optim/transformation.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, disposeTree, leaves, zipTree } from "../../lib/tensor/tree.ts";
import { assert, assertEquals } from "../std.ts";
import { noise, testOn } from "./support.ts";
import { countDispatches, ensureRegistered, openWebGpu, runKernel } from "./webgpu_support.ts";

const devices = await openWebGpu();
[webGpuAdamDirection, webGpuAdamUpdate].forEach(ensureRegistered);

const rate = (step: number): number => 0.01 * (step + 1);
const decay = 0.3;

/** Sizes around those of a workgroup, so that some end in the middle of one. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  kernel: [3, 3, 5, 7],
  bias: [7],
  gamma: [64],
  beta: [1],
};

const treeOf = (seed: number, scale = 1): Branch =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], at) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, tf.tensor(noise(size, seed + 10 * at).map((value) => value * scale), [...shape])];
    }),
  );

type Numbers = Readonly<Record<string, readonly number[]>>;

const read = async (tree: Branch): Promise<Numbers> =>
  Object.fromEntries(
    await Promise.all(
      leaves(tree).map(async ({ path, tensor }) => [path, [...await tensor.data()].map(Number)] as const),
    ),
  );

/** PyTorch's Adam on one number, in float64: its values after each step. */
const reference = (start: number, gradients: readonly number[], decayed: boolean): readonly number[] => {
  let [value, mean, square] = [start, 0, 0];
  return gradients.map((gradient, step) => {
    const slope = gradient + (decayed ? decay * value : 0);
    mean = 0.9 * mean + 0.1 * slope;
    square = 0.999 * square + 0.001 * slope * slope;
    const deviation = Math.sqrt(square / (1 - 0.999 ** (step + 1))) + 1e-8;
    value -= rate(step) * mean / (1 - 0.9 ** (step + 1)) / deviation;
    return value;
  });
};

/** The parameters after each step of training with these gradients. */
const trained = async (optimizer: Transformation, start: Branch, gradients: readonly Branch[]): Promise<Numbers[]> => {
  const trees = scope(() => {
    let [params, state] = [start, optimizer.init(start)];
    return gradients.map((gradient, step) => {
      const [updates, next] = optimizer.update(gradient, state, params, step);
      state = next;
      params = zipTree(params, updates, (parameter, update) => tf.add(parameter, update));
      return params;
    });
  });
  const numbers = await Promise.all(trees.map(read));
  trees.forEach(disposeTree);
  return numbers;
};

const inParts: Transformation = chain("optimizer", [
  addWeightDecay(decay),
  scaleByAdam(),
  scaleBySchedule((step) => -rate(step)),
]);

const optimizers: Readonly<Record<string, Transformation>> = {
  "Adam as one operation": adam(rate, decay),
  "Adam's direction as one operation": inParts,
};

for (const [name, optimizer] of Object.entries(optimizers)) {
  testOn(devices, `${name} steps as PyTorch's`, async () => {
    const start = treeOf(1);
    const gradients = [2, 3, 4, 5].map((seed) => treeOf(seed, 3));
    const found = await trained(optimizer, start, gradients);
    const [from, slopes] = [await read(start), await Promise.all(gradients.map(read))];
    for (const [path, starts] of Object.entries(from)) {
      starts.forEach((value, at) => {
        const own = slopes.map((slope) => slope[path]?.[at] ?? NaN);
        reference(value, own, path === "kernel").forEach((expected, step) => {
          const error = Math.abs((found[step]?.[path]?.[at] ?? NaN) - expected);
          assert(error < 2e-6, `${path} ${at} after step ${step + 1}: off by ${error}`);
        });
      });
    }
    [start, ...gradients].forEach(disposeTree);
  });
}

testOn(devices, "Adam as one operation leaves its arguments and a state of the same form", async () => {
  const [params, gradients] = [treeOf(1), treeOf(2)];
  const before = [await read(params), await read(gradients)];
  const optimizer = adam(rate, decay);
  const state = scope(() => optimizer.init(params));
  const old = await read(state);
  const [updates, next] = scope(() => optimizer.update(gradients, state, params, 0));
  assertEquals([await read(params), await read(gradients), await read(state)], [...before, old]);
  assertEquals(leaves(next).map(({ path }) => path), leaves(state).map(({ path }) => path));
  [params, gradients, state, updates, next].forEach(disposeTree);
});

testOn(devices, "Adam as one operation takes one dispatch a variable, and its sum with the parameter another", () => {
  scope(() => {
    const [params, gradients, optimizer] = [treeOf(1), treeOf(2), adam(rate, decay)];
    const state = optimizer.init(params);
    const count = countDispatches(() => {
      const [updates] = optimizer.update(gradients, state, params, 0);
      zipTree(params, updates, (parameter, update) => tf.add(parameter, update));
    });
    assertEquals(count, 2 * Object.keys(shapes).length);
  });
  return Promise.resolve();
});

testOn(devices, "ε is added to the root, which tiny gradients show, and gradients of 0 give no direction", async () => {
  const vector = (values: readonly number[]) => ({ shape: [values.length], values });
  const [direction, mean, square] = await runKernel("AdamDirection", {
    gradient: vector([1e-8, -3e-8, 0]),
    mean: vector([0, 0, 0]),
    square: vector([0, 0, 0]),
  }, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.1, correction2: 0.001 });
  [0.5, -0.75, 0].forEach((value, at) => assert(Math.abs((direction?.[at] ?? NaN) - value) < 1e-5));
  [1e-9, -3e-9, 0].forEach((value, at) => assert(Math.abs((mean?.[at] ?? NaN) - value) < 1e-14));
  [1e-19, 9e-19, 0].forEach((value, at) => assert(Math.abs((square?.[at] ?? NaN) - value) < 1e-24));
});
