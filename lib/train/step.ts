import { tf } from "../dependencies/tensorflow.ts";
import { totalOf } from "../loss/objective.ts";
import type { Learner, Variables } from "../nn/layer.ts";
import type { Transformation } from "../optim/transformation.ts";
import type { Scalar } from "../tensor/features.ts";
import { valueAndGradient } from "../tensor/gradient.ts";
import { foldIn, type Key } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, zipTree } from "../tensor/tree.ts";

/** All that training carries from one step to the next.
 * @category Training */
export interface TrainState<P extends Branch, S extends Branch> {
  /** Steps that were made. */
  readonly step: number;
  /** From which all randomness of training comes. */
  readonly key: Key;
  /** Parameters and statistics after these steps. */
  readonly variables: Variables<P, S>;
  /** The optimizer's state, such as Adam's moments, under the names of its transformations. */
  readonly optimizer: Branch;
}

/** What is known of a step: the loss and each of its weighted terms, on the device. The caller owns them.
 * @category Training */
export interface StepReport {
  /** What was minimized: the sum of the weighted terms, before the step's update. */
  readonly loss: Scalar;
  /** The weighted terms by name. */
  readonly terms: Readonly<Record<string, Scalar>>;
  /** The weights of terms that are learned, by name, as the step was made with; absent if none are. */
  readonly weights?: Readonly<Record<string, Scalar>>;
  /** The learning rate that the step was made with; null if the optimizer has none. */
  readonly learningRate: number | null;
}

/** The state before the first step.
 * @category Training */
export const initialState = <B, P extends Branch, S extends Branch>(
  learner: Learner<B, P, S>,
  optimizer: Transformation,
  key: Key,
): TrainState<P, S> =>
  scope(() => {
    const variables = learner.init(foldIn(key, "init"));
    return {
      step: 0,
      key,
      variables,
      optimizer: optimizer.init(variables.params),
    };
  });

/**
 * One step of training, a function from state and batch to the next state and a report, in one scope: no tensor but those
 * that it returns outlives it. It disposes neither the state nor the batch, which stay their owner's.
 * @category Training
 */
export const trainStep = <B, P extends Branch, S extends Branch>(
  learner: Learner<B, P, S>,
  optimizer: Transformation,
): (
  state: TrainState<P, S>,
  batch: B,
) => readonly [TrainState<P, S>, StepReport] =>
(state, batch) =>
  scope(() => {
    const { step, key, variables } = state;
    const stepKey = foldIn(foldIn(key, "losses"), step);
    const { value, auxiliary, gradients } = valueAndGradient(
      variables.params,
      (params) => {
        const [terms, statistics] = learner.losses(
          { params, statistics: variables.statistics },
          batch,
          "training",
          step,
          stepKey,
        );
        return [totalOf(terms), { terms, statistics }];
      },
    );
    const [updates, optimizerState] = scope(() => optimizer.update(gradients, state.optimizer, variables.params, step));
    const next = {
      step: step + 1,
      key,
      variables: {
        params: zipTree(variables.params, updates, (parameter, update) => tf.add(parameter, update)),
        statistics: auxiliary.statistics,
      },
      optimizer: optimizerState,
    };
    const { learningRate = () => null } = optimizer;
    const weights = learner.weights === undefined ? {} : { weights: learner.weights(variables) };
    return [next, { loss: value, terms: auxiliary.terms, ...weights, learningRate: learningRate(step) }];
  });
