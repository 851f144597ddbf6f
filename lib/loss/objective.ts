import type { Monoid } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { TermValues } from "../nn/layer.ts";
import { constant, ramp, type Schedule, times } from "../optim/transformation.ts";
import type { DepthMaps, Scalar, ValidMasks } from "../tensor/features.ts";
import type { Loss } from "./pixel.ts";

/** One loss of an objective, with the name under which it is logged and its weight at each step. */
export interface Term {
  /** The name in logs and progress; values of terms that share it are added. */
  readonly name: string;
  /** What the loss is multiplied by at each step, counted from 0. */
  readonly weight: Schedule;
  /** The loss before it is weighted. */
  readonly loss: Loss;
}

/** What is minimized: the sum of its terms. Objectives form a monoid under {@link sum}. */
export type Objective = readonly Term[];

/** A loss as an objective of one term, of weight 1, logged under `name`. */
export const named = (
  name: string,
  loss: Loss,
): Objective => [{ name, weight: constant(1), loss }];

/** The terms of all objectives together. */
export const sum = (...objectives: readonly Objective[]): Objective => objectives.flat();

/** The objective without terms, and {@link sum} of two. */
export const objectiveMonoid: Monoid<Objective> = {
  empty: [],
  concat: (first, second) => sum(first, second),
};

const weighted = (schedule: Schedule) => (objective: Objective): Objective =>
  objective.map((term) => ({ ...term, weight: times(schedule, term.weight) }));

/** Multiplies the weight of every term, for use in `pipe`. */
export const scale = (factor: number): (objective: Objective) => Objective => weighted(constant(factor));

/** Ramps the weight of every term linearly from 0 to 1 over the first `steps` steps (PAPER, "Training": 100). */
export const warmup = (steps: number): (objective: Objective) => Objective => weighted(ramp(steps));

/** Leaves every term out for the first `steps` steps; its own schedule begins after them. */
export const delay = (steps: number): (objective: Objective) => Objective => (objective) =>
  objective.map((term) => ({ ...term, weight: (step) => step < steps ? 0 : term.weight(step - steps) }));

/**
 * Every term of the objective at a step, weighted. A term of weight 0 is not computed but 0, unless all are, so that there
 * is something to differentiate.
 */
export const evaluateTerms = (
  objective: Objective,
  step: number,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
): TermValues => {
  const someCount = objective.some(({ weight }) => weight(step) !== 0);
  return objective.reduce<TermValues>((values, { name, weight, loss }) => {
    const factor = weight(step);
    const left = factor === 0 && someCount;
    const value: Scalar = left ? tf.scalar(0) : tf.mul(loss(target, prediction, mask), factor);
    const before = Object.hasOwn(values, name) ? values[name] : undefined;
    return { ...values, [name]: before === undefined ? value : tf.add(before, value) };
  }, {});
};

/** The sum of weighted terms. */
export const totalOf = (terms: TermValues): Scalar =>
  Object.values(terms).reduce<Scalar>(
    (total, value) => tf.add(total, value),
    tf.scalar(0),
  );
