import type { Monoid } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { TermValues } from "../nn/layer.ts";
import { constant, ramp, type Schedule, times } from "../optim/transformation.ts";
import type { DepthMaps, Scalar, ValidMasks } from "../tensor/features.ts";
import { within } from "../tensor/layer_error.ts";
import { foldIn, type Key } from "../tensor/key.ts";
import { type Branch, type Form, leaves } from "../tensor/tree.ts";
import type { Loss, LossContext } from "./loss.ts";

/** What a term learns, as a tree of tensors.
 * @category Losses */
export interface LearnedPart {
  /** Names and shapes of what is learned. */
  readonly form: Form<Branch>;
  /** How it begins; the caller owns the tensors. */
  readonly init: (key: Key) => Branch;
  /** The weight that it gives to the term, for the log; absent if there is none to show. */
  readonly weight?: (params: Branch) => Scalar;
}

/** One loss of an objective, with the name under which it is logged and its weight at each step.
 * @category Losses */
export interface Term {
  /** The name in logs and progress; values of terms that share it are added. */
  readonly name: string;
  /** What the loss is multiplied by at each step, counted from 0. */
  readonly weight: Schedule;
  /** The loss before it is weighted. */
  readonly loss: Loss;
  /** What the loss has learned with the network; absent for most. */
  readonly learns?: LearnedPart;
}

/** What is minimized: the sum of its terms. Objectives form a monoid under {@link sum}.
 * @category Losses */
export type Objective = readonly Term[];

/** A loss as an objective of one term, of weight 1, logged under `name`.
 * @category Losses */
export const named = (
  name: string,
  loss: Loss,
): Objective => [{ name, weight: constant(1), loss }];

/** The terms of all objectives together.
 * @category Losses */
export const sum = (...objectives: readonly Objective[]): Objective => objectives.flat();

/** The objective without terms, and {@link sum} of two.
 * @category Losses */
export const objectiveMonoid: Monoid<Objective> = {
  empty: [],
  concat: (first, second) => sum(first, second),
};

const weighted = (schedule: Schedule) => (objective: Objective): Objective =>
  objective.map((term) => ({ ...term, weight: times(schedule, term.weight) }));

/** Multiplies the weight of every term, for use in `pipe`.
 * @category Losses */
export const scale = (factor: number): (objective: Objective) => Objective => weighted(constant(factor));

/** Ramps the weight of every term linearly from 0 to 1 over the first `steps` steps (PAPER, "Training": 100).
 * @category Losses */
export const warmup = (steps: number): (objective: Objective) => Objective => weighted(ramp(steps));

/** Leaves every term out for the first `steps` steps; its own schedule begins after them.
 * @category Losses */
export const delay = (steps: number): (objective: Objective) => Objective => (objective) =>
  objective.map((term) => ({ ...term, weight: (step) => step < steps ? 0 : term.weight(step - steps) }));

/** What the term of a name learns, in the tree of an objective. */
export const paramsOf = (params: Branch, name: string): Branch => {
  const own = params[name];
  if (own === undefined || own instanceof tf.Tensor) throw new Error(`no parameters of the term "${name}"`);
  return own;
};

/** 0, which depends on the parameters by a gradient of 0. */
const zeroOf = (params: Branch): Scalar =>
  leaves(params).reduce<Scalar>((zero, { tensor }) => tf.add(zero, tf.mul(tf.sum(tensor), 0)), tf.scalar(0));

/** What a term of an objective sees: draws of its own, and what it learns. */
const contextOf = ({ name, learns }: Term, at: LossContext): LossContext => ({
  ...at,
  key: foldIn(at.key, name),
  params: learns === undefined ? {} : paramsOf(at.params, name),
});

/**
 * Every term of the objective at a step, weighted. A term of weight 0 is not computed but 0, unless all are, so that there
 * is something to differentiate.
 *
 * @param at What the terms see beside depth; `params` holds what they learn, by their names.
 * @category Losses
 */
export const evaluateTerms = (
  objective: Objective,
  step: number,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
  at: LossContext,
): TermValues => {
  const someCount = objective.some(({ weight }) => weight(step) !== 0);
  return objective.reduce<TermValues>((values, term) => {
    const { name, weight, loss } = term;
    const factor = weight(step);
    const left = factor === 0 && someCount;
    const seen = contextOf(term, at);
    const valueOf = (): Scalar =>
      within(`the loss "${name}"`, [target, prediction], () => loss(target, prediction, mask, seen));
    const value: Scalar = left ? zeroOf(seen.params) : tf.mul(valueOf(), factor);
    const before = Object.hasOwn(values, name) ? values[name] : undefined;
    return { ...values, [name]: before === undefined ? value : tf.add(before, value) };
  }, {});
};

/** The sum of weighted terms.
 * @category Losses */
export const totalOf = (terms: TermValues): Scalar =>
  Object.values(terms).reduce<Scalar>(
    (total, value) => tf.add(total, value),
    tf.scalar(0),
  );

/** What the learned weights of an objective are at the moment, by the names of their terms; the caller owns them. */
export const learnedWeightsOf = (objective: Objective, params: Branch): TermValues =>
  Object.fromEntries(
    objective.flatMap(({ name, learns }) =>
      learns?.weight === undefined ? [] : [[name, learns.weight(paramsOf(params, name))]]
    ),
  );
