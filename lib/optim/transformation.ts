import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import { type Branch, type Form, leaves, mapTree, zipTree } from "../tensor/tree.ts";

/** A number for each step, counted from 0: a learning rate or the weight of a loss.
 * @category Optimizers */
export type Schedule = (step: number) => number;

/** The same number at every step.
 * @category Optimizers */
export const constant = (value: number): Schedule => () => value;

/** `value`, multiplied by `factor` at each of the boundaries (PAPER, "Training": 0.1 at 80k, 120k and 160k).
 * @category Optimizers */
export const stepwise = (value: number, boundaries: readonly number[], factor: number): Schedule => (step) =>
  value * factor ** boundaries.filter((boundary) => step >= boundary).length;

/** The linear ramp 0 → 1 over the first `steps` steps, 1 after them; without steps, 1 throughout.
 * @category Optimizers */
export const ramp = (steps: number): Schedule => (step) => steps <= 0 ? 1 : Math.min(step / steps, 1);

/** The product of two schedules, such as a warm-up and a decay.
 * @category Optimizers */
export const times = (first: Schedule, second: Schedule): Schedule => (step) => first(step) * second(step);

/** Turns gradients into updates, which are added to the parameters. All trees have the parameters' form.
 * @category Optimizers */
export interface Transformation {
  /** The name under which its state lies in checkpoints. */
  readonly name: string;
  /** The state before the first step, for parameters of this form; a transformation without state gives `{}`. */
  readonly init: (params: Branch) => Branch;
  /** Names and shapes of the state that `init` gives for parameters of a form: they are known without a tensor. */
  readonly form: (params: Form<Branch>) => Form<Branch>;
  /** What updates are multiplied by at each step, counted from 0, for logs; absent where there is no such number. */
  readonly learningRate?: Schedule;
  /** `step` counts from 0. */
  readonly update: <P extends Branch>(
    gradients: P,
    state: Branch,
    params: P,
    step: number,
  ) => readonly [updates: P, state: Branch];
}

/** The learning rate of transformations in a row: the product of those that they have; absent if none has one. */
const rateOf = (transformations: readonly Transformation[]): Pick<Transformation, "learningRate"> => {
  const rates = transformations.flatMap(({ learningRate }) => learningRate === undefined ? [] : [learningRate]);
  return rates.length === 0 ? {} : { learningRate: rates.reduce(times) };
};

const checkNames = (name: string, transformations: readonly Transformation[]): void => {
  const names = new Set(transformations.map((part) => part.name));
  if (names.size < transformations.length) throw new Error(`two transformations of "${name}" have the same name`);
};

/** Transformations one after the other, as one. @throws Error (in `init` and `form`) if two have the same name.
 * @category Optimizers */
export const chain = (
  name: string,
  transformations: readonly Transformation[],
): Transformation => ({
  name,
  ...rateOf(transformations),
  init: (params) => {
    checkNames(name, transformations);
    return Object.fromEntries(transformations.map((part) => [part.name, part.init(params)]));
  },
  form: (params) => {
    checkNames(name, transformations);
    return Object.fromEntries(transformations.map((part) => [part.name, part.form(params)]));
  },
  update: (gradients, state, params, step) => {
    let updates = gradients;
    const states = transformations.map((part) => {
      const [next, nextState] = part.update(
        updates,
        stateOf(state, part.name),
        params,
        step,
      );
      updates = next;
      return [part.name, nextState] as const;
    });
    return [updates, Object.fromEntries(states)];
  },
});

const stateOf = (state: Branch, name: string): Branch => {
  const own = state[name];
  if (own === undefined || own instanceof tf.Tensor) {
    throw new Error(`no optimizer state "${name}"`);
  }
  return own;
};

/** What a transformation without a state has of one. */
const stateless: Pick<Transformation, "init" | "form"> = { init: () => ({}), form: () => ({}) };

/** Multiplies the updates by a number for each step, such as −(learning rate).
 * @category Optimizers */
export const scaleBySchedule = (schedule: Schedule): Transformation => ({
  name: "schedule",
  ...stateless,
  learningRate: (step) => Math.abs(schedule(step)),
  update: (gradients, _, __, step) => [mapTree(gradients, (gradient) => tf.mul(gradient, schedule(step))), {}],
});

/** The parameters that convolutions and linear layers multiply by: neither batch norm's nor biases (PAPER, "Training").
 * @category Optimizers */
export const isWeight = (path: string): boolean => /(^|\/)(kernel|weight)$/.test(path);

const fromZero = { type: "number", least: 0, most: Number.MAX_VALUE } as const;

/**
 * Adds `rate` · parameter to the gradient of the parameters that `select` takes: L2 regularization, as PyTorch's Adam.
 *
 * @throws RangeError for a rate below 0 or that is no number.
 * @category Optimizers
 */
export const addWeightDecay = (
  rate: number,
  select: (path: string) => boolean = isWeight,
): Transformation => {
  requireNumbers("weight decay", { rate: fromZero }, { rate });
  return {
    name: "decay",
    ...stateless,
    update: (gradients, _, params) => [
      zipTree(
        gradients,
        params,
        (gradient, parameter, path) =>
          rate !== 0 && select(path) ? tf.add(gradient, tf.mul(parameter, rate)) : gradient.clone(),
      ),
      {},
    ],
  };
};

/**
 * Scales all gradients together so that their Euclidean norm is at most `limit`.
 *
 * @throws RangeError for a limit below 0 or that is no number.
 * @category Optimizers
 */
export const clipByGlobalNorm = (limit: number): Transformation => {
  requireNumbers("clipping", { limit: fromZero }, { limit });
  return {
    name: "clip",
    ...stateless,
    update: (gradients) => {
      const squares = leaves(gradients).map(({ tensor }) => tf.sum(tf.square(tensor)));
      // Not addN: on WebGPU it binds a buffer for each tensor, more than an adapter has for a network.
      const norm = tf.sqrt(tf.sum(tf.stack(squares)));
      const factor = tf.minimum(tf.div(limit, tf.maximum(norm, 1e-12)), 1);
      return [mapTree(gradients, (gradient) => tf.mul(gradient, factor)), {}];
    },
  };
};

/**
 * Leaves the parameters that `select` takes as they are, by updates of 0, as `requires_grad = False` does. Put it last in a
 * chain: decay and Adam's memory move parameters whose gradient is 0, too. Batch norm's statistics go on following the data.
 * @category Optimizers
 */
export const freeze = (select: (path: string) => boolean): Transformation => ({
  name: "freeze",
  ...stateless,
  update: (updates) => [mapTree(updates, (update, path) => select(path) ? tf.zerosLike(update) : update.clone()), {}],
});
