import { adam, type AdamOptions, scaleByAdam } from "../../lib/optim/adam.ts";
import { stepwise } from "../../lib/optim/transformation.ts";
import type { Branch } from "../../lib/tensor/tree.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { firstUpdates, type Numbers, numbersOf, openWasm, testOnBoth, trained, treeOf } from "./support.ts";

await openWasm();

interface Setting extends Required<AdamOptions> {
  readonly learningRate: (step: number) => number;
  readonly decay: number;
}

const usual: Setting = { learningRate: () => 1e-2, decay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * One number under PyTorch's Adam in double precision, after each step. With the decay `d`: g ← g + d·p; m and v are
 * sums over all gradients so far, not recurrences, so that only the definition is shared with what is tested.
 */
const reference = (start: number, gradients: readonly number[], setting: Setting): readonly number[] => {
  const { learningRate, decay, beta1, beta2, epsilon } = setting;
  const seen: number[] = [];
  const after: number[] = [];
  gradients.forEach((gradient, step) => {
    const before = after.at(-1) ?? start;
    seen.push(gradient + decay * before);
    const moment = (beta: number, of: (g: number) => number) =>
      (1 - beta) * seen.reduce((sum, g, at) => sum + beta ** (step - at) * of(g), 0) / (1 - beta ** (step + 1));
    const deviation = Math.sqrt(moment(beta2, (g) => g * g));
    after.push(before - learningRate(step) * moment(beta1, (g) => g) / (deviation + epsilon));
  });
  return after;
};

const wave = (scale: number, phase: number) => (index: number): number => scale * Math.sin(index * 1.7 + phase) + 0;

const decays = (path: string): boolean => path.endsWith("kernel") || path.endsWith("weight");

/** Compares every number of the tree after every step with the reference, to `tolerance` of how far it has moved. */
const assertFollows = (
  found: readonly Numbers[],
  initial: Numbers,
  gradients: readonly Numbers[],
  setting: Setting,
  tolerance: number,
): void => {
  for (const [path, starts] of Object.entries(initial)) {
    starts.forEach((start, at) => {
      const own = gradients.map((gradient) => gradient[path]?.[at] ?? NaN);
      const expected = reference(start, own, decays(path) ? setting : { ...setting, decay: 0 });
      expected.forEach((value, step) => {
        const place = `${path}[${at}] after step ${step + 1}`;
        assert(Number.isFinite(value), place);
        assertAlmostEquals(found[step]?.[path]?.[at] ?? NaN, value, tolerance, place);
      });
    });
  }
};

const follow = (setting: Setting, gradientScale: number, tolerance: number, steps = 6): void => {
  const initial = treeOf(wave(1, 0.3));
  const gradients = Array.from({ length: steps }, (_, step) => treeOf(wave(gradientScale, step * 2.1)));
  const { learningRate, decay, ...options } = setting;
  const found = trained(adam(learningRate, decay, options), initial, gradients);
  assertFollows(found, numbersOf(initial), gradients.map(numbersOf), setting, tolerance);
};

testOnBoth("steps of Adam without further ado are PyTorch's", () => {
  const initial = treeOf(wave(1, 0.3));
  const gradients = Array.from({ length: 6 }, (_, step) => treeOf(wave(3, step * 2.1)));
  assertFollows(
    trained(adam(usual.learningRate), initial, gradients),
    numbersOf(initial),
    gradients.map(numbersOf),
    usual,
    1e-6,
  );
});

testOnBoth("Adam's other constants are taken as they are given", () => {
  follow({ ...usual, beta1: 0.5, beta2: 0.8, epsilon: 0.3 }, 1, 1e-6);
});

testOnBoth("weight decay is added to the gradient of kernels and weights, and of nothing else", () => {
  follow({ ...usual, decay: 0.5 }, 0.4, 1e-6);
});

testOnBoth("ε is added to the root of the corrected second moment, which tiny gradients show", () => {
  const initial = treeOf(() => 0);
  const gradients = Array.from({ length: 4 }, () => treeOf((index) => index % 2 === 0 ? 1e-8 : -3e-8));
  const found = trained(adam(() => 1), initial, gradients);
  assertFollows(found, numbersOf(initial), gradients.map(numbersOf), { ...usual, learningRate: () => 1 }, 1e-5);
  const first = found[0]?.["conv/kernel"] ?? [];
  assertAlmostEquals(first[0] ?? NaN, -1 / 2, 1e-5);
  assertAlmostEquals(first[1] ?? NaN, 3 / 4, 1e-5);
});

testOnBoth("the learning rate is that of the step, counted from 0", () => {
  const learningRate = stepwise(0.1, [2, 4], 0.1);
  follow({ ...usual, learningRate }, 2, 1e-6);
});

testOnBoth(
  "the first step is as long as the learning rate, against the gradient, whatever the gradient's scale",
  () => {
    for (const scale of [1e-3, 1, 1e4]) {
      const [after] = trained(adam(() => 0.25), treeOf(() => 0), [treeOf((index) => index % 3 === 0 ? -scale : scale)]);
      const [first, second] = after?.["conv/kernel"] ?? [];
      assertAlmostEquals(first ?? NaN, 0.25, 1e-4);
      assertAlmostEquals(second ?? NaN, -0.25, 1e-4);
    }
  },
);

testOnBoth("parameters whose gradients are always 0 stay where they are", () => {
  const initial = treeOf(wave(1, 0.3));
  const found = trained(adam(() => 0.1), initial, [treeOf(() => 0), treeOf(() => 0)]);
  assertEquals(found[1], numbersOf(initial));
});

testOnBoth("Adam's state begins at 0, in two trees of the parameters' form", () => {
  const params: Branch = treeOf(wave(1, 0));
  const zeros = numbersOf(treeOf(() => 0));
  const found = numbersOf(scaleByAdam().init(params));
  const expected = ["mean", "square"].flatMap((moment) =>
    Object.entries(zeros).map(([path, values]) => [`${moment}/${path}`, values])
  );
  assertEquals(found, Object.fromEntries(expected));
});

testOnBoth("scaleByAdam alone points along the gradient", () => {
  const updates = firstUpdates(scaleByAdam(), treeOf(() => 1), treeOf((index) => index + 1));
  for (const values of Object.values(updates)) values.forEach((value) => assertAlmostEquals(value, 1, 1e-5));
});
