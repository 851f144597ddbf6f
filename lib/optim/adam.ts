import { hasKernel, runFused } from "../backend/kernels.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import type { Tensor } from "../tensor/features.ts";
import { type Branch, leaves, mapTree, type Tree, withLeaves } from "../tensor/tree.ts";
import {
  addWeightDecay,
  chain,
  isWeight,
  scaleBySchedule,
  type Schedule,
  type Transformation,
} from "./transformation.ts";

/** Constants of Adam; the defaults are PyTorch's: 0.9, 0.999, 1e-8.
 * @category Optimizers */
export interface AdamOptions {
  /** Share of the old mean of gradients that a step keeps, 0…1 without 1; 0.9 by default. */
  readonly beta1?: number;
  /** Share of the old mean of squared gradients that a step keeps, 0…1 without 1; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the mean square, so that nothing is divided by 0; 1e-8 by default. */
  readonly epsilon?: number;
}

const zerosLike = (params: Branch): Branch => mapTree(params, (tensor) => tf.zerosLike(tensor));

/** Adam's constants at one step: `correction` 1 and 2 make up for moments that began at 0. */
interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly correction1: number;
  readonly correction2: number;
}

/** The direction and the new moments of one variable. */
const composed = (g: Tensor, m: Tensor, v: Tensor, step: AdamStep): readonly Tensor[] => {
  const mean = tf.add(tf.mul(m, step.beta1), tf.mul(g, 1 - step.beta1));
  const square = tf.add(tf.mul(v, step.beta2), tf.mul(tf.square(g), 1 - step.beta2));
  const deviation = tf.add(tf.sqrt(tf.mul(square, 1 / step.correction2)), step.epsilon);
  return [tf.div(tf.mul(mean, 1 / step.correction1), deviation), mean, square];
};

const fused = (gradient: Tensor, mean: Tensor, square: Tensor, step: AdamStep): readonly Tensor[] =>
  runFused("AdamDirection", { gradient, mean, square }, { ...step });

/** The gradient of one variable and what is known of its gradients so far. */
interface Slope {
  readonly path: string;
  readonly gradient: Tensor;
  readonly mean: Tensor;
  readonly square: Tensor;
}

/** What `one` gives for every variable, [update, mean, square], as three trees of the gradients' form. */
const advance = <P extends Branch>(
  gradients: P,
  state: Tree,
  one: (slope: Slope) => readonly Tensor[],
): readonly [updates: P, moments: Branch] => {
  const moments = new Map(leaves(state).map(({ path, tensor }) => [path, tensor]));
  const results = leaves(gradients).map(({ path, tensor }) => {
    const [mean, square] = [moments.get(`mean/${path}`), moments.get(`square/${path}`)];
    if (mean === undefined || square === undefined) throw new Error(`no state of Adam for "${path}"`);
    return { path, parts: one({ path, gradient: tensor, mean, square }) };
  });
  const treeOf = (part: number): P =>
    withLeaves(
      gradients,
      new Map(results.flatMap(({ path, parts }) => {
        const tensor = parts[part];
        return tensor === undefined ? [] : [[path, tensor] as const];
      })),
    );
  return [treeOf(0), { mean: treeOf(1), square: treeOf(2) }];
};

/** Adam's constants, completed, at the step that counts from 0. */
const constantsAt = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions, step: number): AdamStep => ({
  beta1,
  beta2,
  epsilon,
  correction1: 1 - beta1 ** (step + 1),
  correction2: 1 - beta2 ** (step + 1),
});

const share = { type: "number", least: 0, most: 1 - Number.EPSILON } as const;

const ranges = { beta1: share, beta2: share, epsilon: { type: "number", least: 0, most: Number.MAX_VALUE } } as const;

/**
 * Adam's direction (Kingma and Ba, ICLR 2015, algorithm 1): m̂ / (√v̂ + ε), with both moments corrected for their
 * start.
 *
 * @throws RangeError for constants out of range.
 * @category Optimizers
 */
export const scaleByAdam = (options: AdamOptions = {}): Transformation => {
  requireNumbers("Adam", ranges, { ...options });
  return {
    name: "adam",
    init: (params) => ({ mean: zerosLike(params), square: zerosLike(params) }),
    form: (params) => ({ mean: params, square: params }),
    update: (gradients, state, _, step) => {
      const constants = constantsAt(options, step);
      const one = hasKernel("AdamDirection") ? fused : composed;
      return advance(gradients, state, ({ gradient, mean, square }) => one(gradient, mean, square, constants));
    },
  };
};

/**
 * Adam with weight decay added to the gradient, on weights alone (PAPER, "Training"): decay, Adam, −learning rate; as
 * one operation a variable where the backend has it. A learning rate that is no number ends training at its step.
 *
 * @throws RangeError for a decay or constants out of range.
 * @category Optimizers
 */
export const adam = (
  learningRate: Schedule,
  weightDecay = 0,
  options: AdamOptions = {},
): Transformation => {
  const parts = chain("optimizer", [
    addWeightDecay(weightDecay),
    scaleByAdam(options),
    scaleBySchedule((step) => -learningRate(step)),
  ]);
  return {
    ...parts,
    update: (gradients, state, params, step) => {
      if (!hasKernel("AdamUpdate")) return parts.update(gradients, state, params, step);
      const constants = constantsAt(options, step);
      const parameters = new Map(leaves(params).map(({ path, tensor }) => [path, tensor]));
      const [updates, moments] = advance(gradients, state.adam ?? {}, ({ path, ...slope }) => {
        const parameter = parameters.get(path);
        if (parameter === undefined) throw new Error(`no parameter "${path}"`);
        const attributes = { ...constants, decay: isWeight(path) ? weightDecay : 0, rate: -learningRate(step) };
        return runFused("AdamUpdate", { ...slope, parameter }, attributes);
      });
      return [updates, { ...state, adam: moments }];
    },
  };
};
